"""Nothing of what a person told us lies around in clear: a canary in every personal field, searched
for in every document, in the files of database and broker, and in the logs.

A canary that was planted on purpose in each of these places is found, or the search proves nothing.
"""

import json
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from eventsourcing.persistence import StoredEvent
from pymongo import MongoClient

from services.registry.domain.participant import Participant
from shared.contracts.registry.vocabulary import IdentityData
from shared.eventstore.application import LedgerApplication
from shared.eventstore.schema import create_ledger, create_vault
from shared.eventstore.vault import BlindIndex, KeyStore, MasterKey, MasterKeys, Vault
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.kernel.provenance import Provenance
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from tests.stories.canaries import CANARIES, DAY, HISTORY, PERSONAL, all_events, history
from tests.stories.traces import flush, found_in_collections, found_in_files

PLANTED = {"planted": "Planted-Canary-Vb5tR"}


class Registry(LedgerApplication):
    name = "registry"


@pytest.fixture
def app(own_mongodb: MongoServer) -> Iterator[Registry]:
    with MongoClient[dict[str, Any]](own_mongodb.uri) as client:
        create_ledger(client["registry_ledger"])
        create_vault(client["vault"])
        vault = Vault(KeyStore(client["vault"]), MasterKeys(MasterKey(b"m" * 32)))
        env = {"MONGODB_URI": own_mongodb.uri, "MONGODB_DATABASE": "registry_ledger"}
        with Registry(env, vault=vault, index=BlindIndex(b"i" * 32)) as app:
            yield app


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that anybody logs, down to the driver's own debugging output."""
    folder = tmp_path / "logs"
    folder.mkdir()
    handler = logging.FileHandler(folder / "platform.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield folder
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def provenance(digest: str | None = None) -> Provenance:
    return Provenance(
        actor="a1",
        role="caseworker",
        command="register",
        command_id=uuid4(),
        digest=digest,
        correlation_id=uuid4(),
    )


def live(app: Registry) -> UUID:
    """A person's whole history is recorded, and read again."""
    participant_id = uuid4()
    digest = app.digest_of("register", {"pesel": CANARIES["pesel"]})
    app.record(history(participant_id), provenance=provenance(digest))
    loaded = app.load(Participant, participant_id)
    assert loaded.reference == CANARIES["reference"]
    return participant_id


def fail_in_every_way(app: Registry, participant_id: UUID) -> None:
    """What goes wrong is logged with its whole chain of causes."""
    first, second = (app.load(Participant, participant_id) for _ in range(2))
    for participant in (first, second):
        participant.record(Participant.Updated, occurred_on=DAY, identity=PERSONAL["identity"])
    app.record(first, provenance=provenance())
    recorded = app.recorder.select_events(participant_id)
    misfit = json.dumps({"kind": CANARIES["pesel"], "occurred_on": CANARIES["family_name"]})
    suspended = app.mapper.to_domain_events(recorded)[5]
    odd = suspended.model_copy(update={"reason": [CANARIES["text"]]})
    failures: list[Callable[[], object]] = [
        lambda: app.record(second, provenance=provenance()),
        lambda: app.mapper.to_domain_event(
            StoredEvent(participant_id, 1, Participant.Registered.TOPIC, misfit.encode())
        ),
        lambda: app.mapper.to_domain_event(
            StoredEvent(participant_id, 99, recorded[0].topic, recorded[0].state)
        ),
        lambda: app.mapper.to_stored_event(odd),
        lambda: first.record(Participant.Suspended, occurred_on=DAY, reason=[CANARIES["text"]]),
        lambda: IdentityData(pesel=CANARIES["pesel"], phone=CANARIES["family_name"]),
    ]
    for fail in failures:
        with pytest.raises((Rejected, Exception)) as caught:
            fail()
        logging.getLogger("trial").error(
            "failed: %r\n%s", caught.value, "".join(_causes(caught.value))
        )


def _causes(error: BaseException) -> Iterator[str]:
    """What a log writes of an error: its text and those of its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield from traceback.format_exception_only(seen)
        yield from getattr(seen, "__notes__", ())
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def publish(broker: BrokerServer, messages: list[Mapping[str, Any]]) -> None:
    """Leave messages in a durable queue, where the broker keeps them in its files."""
    durable = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
    with httpx.Client(base_url=broker.management_url, timeout=10) as management:
        management.put("/api/queues/%2F/canaries", json=durable).raise_for_status()
        for message in messages:
            publication = {
                "routing_key": "canaries",
                "payload": json.dumps(message),
                "payload_encoding": "string",
                "properties": {"delivery_mode": 2},
            }
            answer = management.post("/api/exchanges/%2F/amq.default/publish", json=publication)
            assert answer.json() == {"routed": True}


def test_every_kind_of_event_is_in_the_history() -> None:
    assert set(HISTORY) == all_events()


@pytest.mark.slow
def test_no_canary_sings(
    app: Registry, own_mongodb: MongoServer, own_broker: BrokerServer, log: Path
) -> None:
    participant_id = live(app)
    fail_in_every_way(app, participant_id)
    events = app.mapper.to_domain_events(app.recorder.select_events(participant_id))
    publish(own_broker, [box.model_dump(mode="json") for event in events for box in event.boxes])
    app._vault.erase(participant_id, list(DataClass), basis="x", approved_by="y")  # type: ignore[union-attr]
    with MongoClient[dict[str, Any]](own_mongodb.uri) as client:
        client["planted"]["here"].insert_one({"text": PLANTED["planted"]})
    publish(own_broker, [PLANTED])
    logging.getLogger("trial").info("%s", PLANTED["planted"])
    flush(own_mongodb.uri)

    sought = CANARIES | PLANTED
    documents = found_in_collections(own_mongodb.uri, sought)
    database = found_in_files(own_mongodb.folder, sought)
    broker = found_in_files(own_broker.folder, sought)
    logs = found_in_files(log, sought)

    assert {name for place in (documents, database, broker, logs) for _, name in place} == {
        "planted"
    }
    assert ("planted.here", "planted") in documents
    assert ("local.oplog.rs", "planted") in documents
    assert {path.partition("/")[0] for path, _ in database} == {"data"}
    assert any("/journal/" in path for path, _ in database)
    assert any(path.endswith(".wt") for path, _ in database)
    assert broker
    assert logs
