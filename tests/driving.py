"""A service driven without the wire: commands, then the projection by hand, then queries."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from pymongo import MongoClient

from shared.contracts.access import Role
from shared.contracts.operations import Caller, Operation, Receipt
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from shared.runtime.answering import Answering
from shared.runtime.follow import Follower
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Projector

C = TypeVar("C", bound=Answering[Any, Any])


def caller(role: Role, partner: str | None = None, name: str = "") -> Caller:
    return Caller(subject=f"oidc|{name or role}", roles=frozenset({role}), partner=partner)


COORDINATOR = caller(Role.COORDINATOR)
CASEWORKER = caller(Role.CASEWORKER, "mops-gdansk")


def act_by(
    by: Caller,
    command: str,
    *,
    seen: int | None = None,
    key: UUID | None = None,
    digest: str | None = None,
) -> Act:
    """A call of an operation, as the service would make it out."""
    return Act(
        caller=by,
        provenance=Provenance(
            actor=by.subject,
            role=min(by.roles),
            partner=by.partner,
            command=command,
            command_id=key or uuid4(),
            digest=digest,
            correlation_id=uuid4(),
        ),
        expected_version=seen,
    )


@dataclass
class Driven(Generic[C]):
    """`subjects` hold the commands; `clock` is the service's time; `usual` gives the commands where
    a test names nobody.
    """

    composition: C
    followed: Follower
    projector: Projector
    operations: Iterable[Operation[Any, Any]]
    subjects: Iterable[ModuleType | type]
    clock: list[datetime]
    usual: Caller
    position: int = field(default=0)

    def do(
        self,
        command: Any,
        by: Caller | None = None,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command by the function of its name, and let the projection see it."""
        receipt = self.command(command, by, seen=seen, key=key)
        self.project()
        return receipt

    def command(
        self,
        command: Any,
        by: Caller | None = None,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command only, from any thread."""
        operation = next(each for each in self.operations if each.request is type(command))
        application = self.composition.application
        digest = application.digest_of(operation.name, command.model_dump(mode="json"))
        act = act_by(by or self.usual, str(operation), seen=seen, key=key, digest=digest)
        decide: Callable[..., Receipt] = _found(operation.name, self.subjects)
        receipt: Receipt = application.once(act, lambda: decide(application, command, act))
        return receipt

    def ask(self, name: str, request: Any, by: Caller = COORDINATOR) -> Any:
        operation = next(each for each in self.operations if each.name == name)
        queries = self.composition.queries
        parts = (each for each in vars(queries).values() if hasattr(type(each), name))
        answer = _found(name, (queries, *parts))
        return answer(request, act_by(by, str(operation)))

    def project(self) -> None:
        while True:
            reached = self.projector.advance(self.followed.history, self.position)
            if reached == self.position:
                return
            self.position = reached


def _found(name: str, places: Iterable[Any]) -> Any:
    return next(getattr(each, name) for each in places if hasattr(each, name))


def modules_of(package: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]


def provisioned(service: str, folder: Path, administrator: Administrator) -> Path:
    """The folder with the settings of a service that has databases and users."""
    provision(folder, [service], administrator, report=lambda _: None)
    return folder


def emptied(service: str, administrator: Administrator) -> ServiceSettings:
    """Nothing is recorded any more."""
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        for name in (f"{service}_ledger", f"{service}_views", "vault"):
            for collection in client[name].list_collection_names():
                client[name][collection].delete_many({})
    return ServiceSettings.load(service)


@contextmanager
def driven(
    composition: C,
    followed: Follower,
    operations: Iterable[Operation[Any, Any]],
    subjects: Iterable[ModuleType | type],
    *,
    clock: list[datetime] | None = None,
    usual: Caller = COORDINATOR,
) -> Iterator[Driven[C]]:
    projector = Projector(followed.projections[0], followed.views)
    projector.prepare()
    yield Driven(composition, followed, projector, operations, subjects, clock or [], usual)
    composition.close()
    followed.close()
