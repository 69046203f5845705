"""The audit on real databases, beside a ledger that others write, driven round by round."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from pymongo import MongoClient
from pymongo.database import Database

from services.audit.application import Audit
from services.audit.application.published import PublishedFiles
from services.audit.application.rounds import Rounds, nothing
from services.audit.bootstrap import books, compose, follower, signing_key
from services.audit.domain.log import Log
from services.audit.queries import Queries
from shared.contracts.access import Role
from shared.eventstore.canonical import canonical_json
from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger
from shared.runtime.clock import legal_now
from shared.runtime.entrypoints import discover
from shared.runtime.ground import Ground
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from shared.runtime.views import Projector
from tests.driving import act_by, caller, emptied

WATCHED = "registry"
AUDITOR = caller(Role.AUDITOR)


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    provision(folder, discover(), administrator, report=lambda _: None)
    return folder


@pytest.fixture
def settings(
    administrator: Administrator,
    settings_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ServiceSettings:
    """The audit with nothing in any ledger."""
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    monkeypatch.setenv("AUDIT_CHECKPOINTS_FOLDER", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("AUDIT_LOG_ORIGIN", "example.org/test")
    for service in discover():
        empty(administrator, f"{service}_ledger")
    return emptied("audit", administrator)


def empty(administrator: Administrator, name: str) -> None:
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        for collection in client[name].list_collection_names():
            client[name][collection].delete_many({})


@dataclass
class Auditing:
    """`ledger` is written by somebody else; `stored` are all databases, for who may do anything."""

    settings: ServiceSettings
    ledger: Ledger
    stored: MongoClient[dict[str, Any]]
    opened: ExitStack
    ledgers: tuple[str, ...] = (WATCHED, "audit")
    versions: dict[UUID, int] = field(default_factory=dict)

    @property
    def commits(self) -> Any:
        return self.stored[f"{WATCHED}_ledger"]["commits"]

    @property
    def views(self) -> Database[dict[str, Any]]:
        return self.stored["audit_views"]

    def append(self, count: int, meta: dict[str, Any] | None = None, events: int = 1) -> None:
        """Commits, each of `events` events, of streams that come back."""
        streams = [UUID(int=number) for number in range(7)]
        for number in range(count):
            batch = []
            for one in range(events):
                stream = streams[(number + one) % len(streams)]
                self.versions[stream] = self.versions.get(stream, 0) + 1
                payload = canonical_json({"occurred_on": "2026-02-01", "number": number})
                batch.append(
                    StoredEvent(stream, self.versions[stream], "trial.Thing.Done", payload)
                )
            self.ledger.append(batch, str(uuid4()), meta or {"actor": "somebody", "role": "x"})

    def ground(self) -> Ground:
        ground = Ground(self.settings)
        self.opened.callback(ground.close)
        return ground

    def audit(self) -> Audit:
        ground = self.ground()
        audit = Audit(ground.ledger, index=ground.index, now=legal_now)
        self.opened.callback(audit.close)
        return audit

    def rounds(self, at: Callable[[str], None] = nothing) -> Rounds:
        """A process that has just started."""
        return Rounds(
            self.audit(),
            books(self.ground(), self.ledgers),
            signing_key(self.settings),
            self.settings.log_origin,
            PublishedFiles(self.settings.checkpoints_folder),
            at,
        )

    def log(self, ledger: str = WATCHED) -> Log:
        return self.audit().log_of(ledger)

    def queries(self) -> Queries:
        """With the read models at the end of the audit's ledger."""
        followed = follower(self.settings)
        projector = Projector(followed.projections[0], followed.views)
        projector.drop()
        projector.prepare()
        reached = -1
        position = 0
        while reached != position:
            reached, position = position, projector.advance(followed.history, position)
        followed.close()
        composed = compose(self.settings)
        self.opened.callback(composed.close)
        return composed.queries


@pytest.fixture
def auditing(settings: ServiceSettings, administrator: Administrator) -> Iterator[Auditing]:
    with (
        MongoClient[dict[str, Any]](administrator.mongodb_uri, tz_aware=True) as stored,
        connect(administrator.mongodb_uri) as client,
        ExitStack() as opened,
    ):
        yield Auditing(settings, Ledger(durable(client, f"{WATCHED}_ledger")), stored, opened)


ACT = act_by(AUDITOR, "audit.any")
