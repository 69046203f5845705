"""Training on a real database, driven without the wire: commands, projection, queries."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pymongo import MongoClient

from services.training import application
from services.training.bootstrap import Composition, compose, follower
from shared.contracts.access import Role
from shared.contracts.operations import Caller, Operation, Receipt
from shared.contracts.training.operations import OPERATIONS
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from shared.runtime.follow import Follower
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from shared.runtime.views import Projector
from tests.training.domain.courses import NOW

BY_NAME: dict[str, Operation[Any, Any]] = {each.name: each for each in OPERATIONS}
SUBJECTS = [
    importlib.import_module(f"{application.__name__}.{module.name}")
    for module in pkgutil.iter_modules(application.__path__)
]


def caller(role: Role, partner: str | None = "mops-gdansk", name: str = "") -> Caller:
    return Caller(subject=f"oidc|{name or role}", roles=frozenset({role}), partner=partner)


COORDINATOR = caller(Role.COORDINATOR, partner=None)
CASEWORKER = caller(Role.CASEWORKER)


@dataclass
class Driven:
    """Training, with the projection run by hand after each command; `clock` is its time."""

    composition: Composition
    followed: Follower
    projector: Projector
    clock: list[datetime]
    position: int = 0

    def do(
        self,
        command: Any,
        by: Caller = COORDINATOR,
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
        by: Caller = COORDINATOR,
        *,
        seen: int | None = None,
        key: UUID | None = None,
    ) -> Receipt:
        """Give a command only, from any thread."""
        name = next(n for n, each in BY_NAME.items() if each.request is type(command))
        training = self.composition.application
        digest = training.digest_of(name, command.model_dump(mode="json"))
        act = act_by(by, name, seen, key, digest)
        return training.once(act, lambda: _decision(name)(training, command, act))

    def ask(self, name: str, request: Any, by: Caller = COORDINATOR) -> Any:
        subjects = vars(self.composition.queries).values()
        answer = next(getattr(each, name) for each in subjects if hasattr(each, name))
        return answer(request, act_by(by, name))

    def project(self) -> None:
        while True:
            reached = self.projector.advance(self.followed.history, self.position)
            if reached == self.position:
                return
            self.position = reached


def _decision(name: str) -> Callable[..., Receipt]:
    found: Callable[..., Receipt] = next(
        getattr(each, name) for each in SUBJECTS if hasattr(each, name)
    )
    return found


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
            command=f"training.{name}",
            command_id=key or uuid4(),
            digest=digest,
            correlation_id=uuid4(),
        ),
        expected_version=seen,
    )


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    provision(folder, ["training"], administrator, report=lambda _: None)
    return folder


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """Training with empty databases."""
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        for name in ("training_ledger", "training_views", "vault"):
            for collection in client[name].list_collection_names():
                client[name][collection].delete_many({})
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    monkeypatch.setenv("TRAINING_VERIFICATION_URL", "https://example.org/verify")
    return ServiceSettings.load("training")


@pytest.fixture
def training(settings: ServiceSettings) -> Iterator[Driven]:
    clock = [NOW]
    composition = compose(settings, now=lambda: clock[0])
    followed = follower(settings, now=lambda: clock[0])
    projector = Projector(followed.projections[0], followed.views)
    projector.prepare()
    yield Driven(composition, followed, projector, clock)
    composition.close()
    followed.close()
