"""A vault restored from an older copy is held against the ledger before anything is read from it."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatchmethod
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from pymongo import MongoClient
from pymongo.database import Database

from shared.eventstore.application import LedgerApplication
from shared.eventstore.schema import create_ledger, create_vault
from shared.eventstore.vault import BlindIndex, KeyStore, MasterKey, MasterKeys, Vault
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, DataClass, Identity
from shared.kernel.provenance import Provenance
from shared.runtime.development.mongodb import MongoServer

DAY = date(2026, 5, 4)
IDENTITY = (DataClass.IDENTITY,)
Documents = Database[dict[str, Any]]


class Remembered(LedgerApplication):
    name = "remembered"


class Patient(Aggregate):
    class Named(Event):
        TOPIC: ClassVar[str] = "remembered.Patient.Named"
        family_name: Identity[str]

    class Erased(Erasure):
        TOPIC: ClassVar[str] = "remembered.Patient.Erased"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.family_name: Any = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Named) -> None:
        self.family_name = event.family_name

    @apply.register
    def _(self, _event: Erased) -> None:
        pass


class World:
    """One ledger and one vault, of which copies can be kept and put back."""

    def __init__(self, uri: str, client: MongoClient[dict[str, Any]]) -> None:
        self.client = client
        self.env = {"MONGODB_URI": uri, "MONGODB_DATABASE": "remembered_ledger_tests"}
        for name in ("remembered_ledger_tests", "remembered_vault_tests"):
            client.drop_database(name)
        create_ledger(client["remembered_ledger_tests"])
        self.database: Documents = client["remembered_vault_tests"]
        create_vault(self.database)
        self.app = self.started()

    def started(self) -> Remembered:
        vault = Vault(KeyStore(self.database), MasterKeys(MasterKey(b"m" * 32)))
        return Remembered(self.env, vault=vault, index=BlindIndex(b"i" * 32))

    def restart(self) -> None:
        self.app.close()
        self.app = self.started()

    def name(self, patient: UUID, family_name: str) -> None:
        known = self.app.find(Patient, patient) or Patient(patient)
        known.record(Patient.Named, occurred_on=DAY, family_name=family_name)
        self._record(known)

    def erase(self, patient: UUID) -> None:
        self.app.forget(patient, IDENTITY, basis="art17", approved_by="b")
        known = self.app.load(Patient, patient)
        known.record(Patient.Erased, occurred_on=DAY, data_classes=IDENTITY)
        self._record(known)

    def copy(self) -> dict[str, list[dict[str, Any]]]:
        return {
            name: list(self.database[name].find()) for name in ("keys", "tombstones", "applied")
        }

    def restore(self, copy: dict[str, list[dict[str, Any]]]) -> None:
        for name, documents in copy.items():
            self.database[name].delete_many({})
            if documents:
                self.database[name].insert_many(documents)

    def _record(self, patient: Patient) -> None:
        provenance = Provenance(
            actor="a", role="r", command="c", command_id=uuid4(), correlation_id=uuid4()
        )
        self.app.record(patient, provenance=provenance)


@pytest.fixture
def world(mongodb: MongoServer, client: MongoClient[dict[str, Any]]) -> Iterator[World]:
    world = World(mongodb.uri, client)
    yield world
    world.app.close()


def test_an_older_vault_gets_its_tombstones_back_before_anybody_reads(world: World) -> None:
    erased, other = uuid4(), uuid4()
    world.name(erased, "Łoś")
    world.name(other, "Wilk")
    older = world.copy()
    world.erase(erased)
    world.restore(older)
    assert world.started().load(Patient, erased).family_name is ERASED
    assert world.database["keys"].count_documents({"subject": str(erased)}) == 0
    assert world.started().load(Patient, other).family_name == "Wilk"
    tombstone = world.database["tombstones"].find_one({"subject": str(erased)})
    assert tombstone is not None
    assert tombstone["approved_by"] == "remembered/3"


def test_a_vault_without_its_tombstones_and_notes_is_repaired_from_the_whole_ledger(
    world: World,
) -> None:
    patients = [uuid4() for _ in range(3)]
    for patient in patients:
        world.name(patient, "Ryś")
    older = world.copy()
    for patient in patients:
        world.erase(patient)
    world.restart()
    world.restore({**older, "tombstones": [], "applied": []})
    restarted = world.started()
    assert [restarted.load(Patient, each).family_name for each in patients] == [ERASED] * 3


class Erasures(RuleBasedStateMachine):
    """Append, erase, read and restore in any order: nobody comes back."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.client: MongoClient[dict[str, Any]] = MongoClient(SERVER[0])
        self.world = World(SERVER[0], self.client)
        self.people = [UUID(int=each + 1) for each in range(4)]
        self.erased: set[UUID] = set()
        self.named: dict[UUID, str] = {}
        self.copies = [self.world.copy()]

    @rule(number=st.integers(0, 3), family_name=st.sampled_from(["Łoś", "Wilk", "Ryś"]))
    def append(self, number: int, family_name: str) -> None:
        person = self.people[number]
        try:
            self.world.name(person, family_name)
        except Rejected:
            assert person in self.erased
        else:
            assert person not in self.erased
            self.named[person] = family_name

    @rule(number=st.integers(0, 3))
    def erase(self, number: int) -> None:
        person = self.people[number]
        if person in self.named and person not in self.erased:
            self.world.erase(person)
            self.erased.add(person)

    @rule()
    def copy(self) -> None:
        self.copies.append(self.world.copy())

    @rule(number=st.integers(0, 99))
    def restore(self, number: int) -> None:
        """Keys that are younger than the copy are lost with it, so such a copy is not put back."""
        copy = self.copies[number % len(self.copies)]
        kept = {document["subject"] for document in copy["keys"]}
        living = {str(each) for each in self.named if each not in self.erased}
        if living <= kept:
            self.world.restore(copy)
            self.world.restart()

    @rule()
    def restart(self) -> None:
        self.world.restart()

    @invariant()
    def nobody_comes_back(self) -> None:
        for person, family_name in self.named.items():
            read = self.world.app.load(Patient, person).family_name
            assert read == (ERASED if person in self.erased else family_name)

    def teardown(self) -> None:
        self.world.app.close()
        self.client.close()


SERVER: list[str] = []


def run(uri: str, examples: int) -> None:
    SERVER[:] = [uri]
    run_state_machine_as_test(
        Erasures,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_events_brings_anybody_back(mongodb: MongoServer) -> None:
    run(mongodb.uri, 5)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_soak_no_order_of_events_brings_anybody_back(mongodb: MongoServer) -> None:
    run(mongodb.uri, 2000)
