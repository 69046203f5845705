"""The registry on a real database, driven without the wire: commands, projection, queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pymongo import MongoClient

from services.registry.application import Registry
from services.registry.bootstrap import Composition, compose, follower
from shared.contracts.access import Role
from shared.contracts.operations import Caller, Operation, Receipt
from shared.contracts.registry.operations import OPERATIONS
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from shared.runtime.follow import Follower
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from shared.runtime.views import Projector
from tests.registry.domain.people import TODAY

BY_NAME: dict[str, Operation[Any, Any]] = {each.name: each for each in OPERATIONS}


def caller(role: Role, partner: str | None = "mops-gdansk", name: str = "") -> Caller:
    return Caller(subject=f"oidc|{name or role}", roles=frozenset({role}), partner=partner)


COORDINATOR = caller(Role.COORDINATOR, partner=None)
CASEWORKER = caller(Role.CASEWORKER)


@dataclass
class Driven:
    """The registry, with the projection run by hand after each command."""

    composition: Composition
    followed: Follower
    projector: Projector
    position: int = 0

    def do(
        self,
        command: Any,
        by: Caller = CASEWORKER,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command by the method of its name, and let the projection see it."""
        name = _operation_of(type(command).__name__)
        registry = self.composition.application
        act = act_by(by, name, seen, key, registry.digest_of(name, command.model_dump(mode="json")))
        receipt = registry.once(act, lambda: getattr(Registry, name)(registry, command, act))
        self.project()
        return receipt

    def ask(self, name: str, request: Any, by: Caller = COORDINATOR) -> Any:
        return getattr(self.composition.queries, name)(request, act_by(by, name))

    def project(self) -> None:
        while True:
            reached = self.projector.advance(self.followed.history, self.position)
            if reached == self.position:
                return
            self.position = reached


def _operation_of(command: str) -> str:
    return next(name for name, each in BY_NAME.items() if each.request.__name__ == command)


def act_by(
    by: Caller,
    name: str,
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
            command=f"registry.{name}",
            command_id=key or uuid4(),
            digest=digest,
            correlation_id=uuid4(),
        ),
        expected_version=seen,
    )


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    provision(folder, ["registry"], administrator, report=lambda _: None)
    return folder


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """A registry with empty databases."""
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        for name in ("registry_ledger", "registry_views", "vault"):
            for collection in client[name].list_collection_names():
                client[name][collection].delete_many({})
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    return ServiceSettings.load("registry")


@pytest.fixture
def registry(settings: ServiceSettings) -> Iterator[Driven]:
    composition = compose(settings, today=lambda: TODAY)
    followed = follower(settings, today=lambda: TODAY)
    projector = Projector(followed.projections[0], followed.views)
    projector.prepare()
    yield Driven(composition, followed, projector)
    composition.close()
    followed.close()
