"""Load, decide, record: with a real ledger and a real vault."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from pymongo import MongoClient

from shared.eventstore.application import LedgerApplication
from shared.eventstore.schema import create_ledger
from shared.eventstore.vault import BlindIndex, Vault
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, DataClass
from shared.kernel.provenance import Provenance
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.people import Person

DAY = date(2006, 5, 4)
LEDGER = "trial_ledger_tests"


class Trial(LedgerApplication):
    name = "trial"


class Other(Aggregate):
    class Began(Event):
        TOPIC: ClassVar[str] = "trial.Other.Began"

    def apply(self, event: Event) -> None:
        pass


@pytest.fixture
def app(mongodb: MongoServer, client: MongoClient[dict[str, Any]], vault: Vault) -> Iterator[Trial]:
    client.drop_database(LEDGER)
    create_ledger(client[LEDGER])
    env = {"MONGODB_URI": mongodb.uri, "MONGODB_DATABASE": LEDGER}
    with Trial(env, vault=vault, index=BlindIndex(b"i" * 32)) as app:
        yield app
    client.drop_database(LEDGER)


def provenance(command_id: UUID | None = None, digest: str | None = None) -> Provenance:
    return Provenance(
        actor="a1",
        role="caseworker",
        command="register",
        command_id=command_id or uuid4(),
        digest=digest,
        correlation_id=uuid4(),
    )


def registered(app: Trial) -> Person:
    person = Person.register(uuid4(), DAY, kind="x", family_name="Łoś")
    app.record(person, provenance=provenance())
    return app.load(Person, person.id)


def test_what_was_recorded_is_loaded(app: Trial) -> None:
    first = Person.register(uuid4(), DAY, kind="x", family_name="Łoś")
    first.rename("Sarna", DAY)
    second = Person.register(uuid4(), DAY, kind="x")
    second.rename("Jeleń", DAY)
    said = provenance()

    receipt = app.record(first, second, provenance=said)

    assert receipt is not None
    assert receipt.model_dump() == {
        "command_id": said.command_id,
        "position": 4,
        "id": first.id,
        "version": 2,
        "repeated": False,
    }
    assert app.load(Person, first.id, expected_version=2).family_name == "Sarna"
    assert app.load(Person, second.id).family_name == "Jeleń"
    (commit,) = app.recorder.ledger.commits(1, 10)
    assert commit.commit_id == str(said.command_id)
    assert Provenance.model_validate(commit.meta) == said


def test_what_is_not_there_or_not_so_any_more_is_refused(app: Trial) -> None:
    person = registered(app)

    for wrong, missing in ((Person, uuid4()), (Other, person.id)):
        with pytest.raises(Rejected) as caught:
            app.load(wrong, missing)
        assert (caught.value.code, caught.value.details) == ("not_found", {"id": str(missing)})
    with pytest.raises(Rejected) as caught:
        app.load(Person, person.id, expected_version=2)
    assert caught.value.code == "stale_version"
    assert caught.value.details == {"id": str(person.id), "current": 1}


def test_several_are_loaded_at_once_in_the_order_asked_for(app: Trial) -> None:
    first, second, third = registered(app), registered(app), registered(app)
    first.rename("Sarna", DAY)
    second.rename("Jeleń", DAY)
    app.record(first, second, provenance=provenance())

    loaded = app.load_many(Person, [second.id, third.id, first.id, second.id])

    assert [(each, person.version) for each, person in loaded.items()] == [
        (second.id, 2),
        (third.id, 1),
        (first.id, 2),
    ]
    assert [person.family_name for person in loaded.values()] == ["Jeleń", "Łoś", "Sarna"]
    assert app.load_many(Person, []) == {}
    for wrong, missing in ((Person, uuid4()), (Other, first.id)):
        with pytest.raises(Rejected) as caught:
            app.load_many(wrong, [missing, second.id])
        assert (caught.value.code, caught.value.details) == ("not_found", {"id": str(missing)})


def test_a_command_that_was_overtaken_is_refused(app: Trial) -> None:
    person, same = registered(app), uuid4()
    mine, theirs = app.load(Person, person.id), app.load(Person, person.id)
    mine.rename("A", DAY)
    theirs.rename("B", DAY)
    app.record(theirs, provenance=provenance(same))

    with pytest.raises(Rejected) as caught:
        app.record(mine, provenance=provenance())

    assert caught.value.code == "version_conflict"
    assert caught.value.details == {"id": str(person.id), "expected": 1}
    assert app.load(Person, person.id).family_name == "B"


def test_a_repeated_command_gets_its_first_receipt(app: Trial) -> None:
    command_id = uuid4()
    digest = app.digest_of("register", {"kind": "x", "pesel": "44051401359"})
    person = Person.register(uuid4(), DAY, kind="x")
    assert app.receipt_of(command_id, digest) is None
    first = app.record(person, provenance=provenance(command_id, digest))
    assert first is not None

    again = Person.register(uuid4(), DAY, kind="x")
    second = app.record(again, provenance=provenance(command_id, digest))

    assert second == app.receipt_of(command_id, digest)
    assert second == first.model_copy(update={"repeated": True})
    assert app.recorder.max_notification_id() == 1


def test_the_id_of_another_command_is_refused(app: Trial) -> None:
    command_id = uuid4()
    digest = app.digest_of("register", {"kind": "x"})
    app.record(Person.register(uuid4(), DAY, kind="x"), provenance=provenance(command_id, digest))

    for other in (
        app.digest_of("register", {"kind": "y"}),
        app.digest_of("enrol", {"kind": "x"}),
        None,
    ):
        with pytest.raises(Rejected) as caught:
            app.receipt_of(command_id, other)
        assert caught.value.code == "command_reused"
        with pytest.raises(Rejected) as caught:
            app.record(
                Person.register(uuid4(), DAY, kind="y"), provenance=provenance(command_id, other)
            )
        assert caught.value.code == "command_reused"


def test_of_many_equal_commands_at_once_one_is_recorded(app: Trial) -> None:
    command_id, digest = uuid4(), app.digest_of("register", {})
    receipts = []

    def run() -> None:
        person = Person.register(uuid4(), DAY, kind="x", family_name="Łoś")
        receipts.append(app.record(person, provenance=provenance(command_id, digest)))

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({(r.id, r.position, r.version) for r in receipts if r}) == 1
    assert sorted(r.repeated for r in receipts if r) == [False] + [True] * 11
    assert app.recorder.max_notification_id() == 1


def test_tracking_is_recorded_with_its_effect_once(app: Trial) -> None:
    person = registered(app)
    person.rename("A", DAY)
    app.record(person, provenance=provenance(), tracking=Tracking("training", 5))
    assert app.recorder.max_tracking_id("training") == 5

    again = app.load(Person, person.id)
    again.rename("B", DAY)
    with pytest.raises(IntegrityError):
        app.record(again, provenance=provenance(), tracking=Tracking("training", 5))
    assert app.load(Person, person.id).family_name == "A"


def test_without_events_there_is_no_commit_but_tracking_is_kept(app: Trial) -> None:
    person = registered(app)

    assert app.record(person, provenance=provenance()) is None
    assert app.record(provenance=provenance(), tracking=Tracking("training", 7)) is None

    assert app.recorder.max_notification_id() == 1
    assert app.recorder.max_tracking_id("training") == 7


def test_nobody_records_personal_data_of_the_erased(app: Trial, vault: Vault) -> None:
    person = registered(app)
    vault.erase(person.id, [DataClass.IDENTITY], basis="x", approved_by="y")

    forgotten = app.load(Person, person.id)
    assert forgotten.family_name is ERASED
    forgotten.rename("Łoś", DAY)
    with pytest.raises(Rejected) as caught:
        app.record(forgotten, provenance=provenance())
    assert caught.value.code == "subject_erased"
    assert caught.value.details == {"id": str(person.id), "data_class": "identity"}


def test_nothing_is_saved_without_saying_who_and_why(app: Trial) -> None:
    with pytest.raises(TypeError, match="provenance"):
        app.save(Person.register(uuid4(), DAY, kind="x"))
    assert app.recorder.max_notification_id() is None


def test_an_application_states_the_name_of_its_ledger() -> None:
    with pytest.raises(TypeError, match="name of its ledger"):
        type("Nameless", (LedgerApplication,), {})


def test_a_large_commit_is_one_commit(app: Trial) -> None:
    people = [Person.register(uuid4(), DAY, kind="x", family_name=str(n)) for n in range(200)]

    receipt = app.record(*people, provenance=provenance())

    assert receipt is not None
    assert receipt.position == 200
    assert [app.load(Person, p.id).family_name for p in people[:3]] == ["0", "1", "2"]
