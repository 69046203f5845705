"""What the ledger stores of an event, and what is read back."""

import json
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventstore.mapper import LedgerMapper
from shared.eventstore.vault import BoxDamaged, SubjectErased, Vault
from shared.kernel.aggregate import Event
from shared.kernel.personal import ERASED, WITHHELD, Absent, DataClass
from tests.eventstore.people import Person, Status

ID = UUID("11111111-1111-4111-8111-111111111111")
DAY = date(2006, 5, 4)
FULL: dict[str, Any] = {
    "kind": "dependent",
    "partners": ("A", "B"),
    "share": Decimal("0.125"),
    "family_name": "Łoś",
    "pesel": "44051401359",
    "address": {"town": "Wąchock"},
    "born_on": date(1944, 5, 14),
    "status": Status.UNEMPLOYED,
    "household": 3,
    "disability": True,
}


@pytest.fixture
def mapper(vault: Vault) -> LedgerMapper:
    return LedgerMapper("trial", vault)


def registered(version: int = 1, **facts: Any) -> Person.Registered:
    return Person.Registered(
        originator_id=ID, originator_version=version, occurred_on=DAY, **{"kind": "x", **facts}
    )


def state(stored: StoredEvent) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(stored.state)
    return decoded


def with_state(stored: StoredEvent, **changes: Any) -> StoredEvent:
    changed = json.dumps({**state(stored), **changes}).encode()
    return StoredEvent(stored.originator_id, stored.originator_version, stored.topic, changed)


text = st.text(st.characters(exclude_categories=["Cs"]))


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    facts=st.fixed_dictionaries(
        {"kind": text},
        optional={
            "partners": st.lists(text).map(tuple),
            "share": st.decimals(allow_nan=False, allow_infinity=False, places=4),
            "family_name": st.none() | text,
            "pesel": st.none() | st.from_regex(r"[0-9]{11}", fullmatch=True),
            "address": st.none() | st.dictionaries(st.text("abcżółć"), text),
            "born_on": st.none() | st.dates(),
            "status": st.none() | st.sampled_from(Status),
            "household": st.integers(0, 2**53 - 1),
            "disability": st.none() | st.booleans(),
        },
    )
)
def test_what_is_recorded_is_read(mapper: LedgerMapper, facts: dict[str, Any]) -> None:
    event = registered(**facts)

    stored = mapper.to_stored_event(event)
    read = mapper.to_domain_event(stored)

    assert type(read) is Person.Registered
    assert read.model_dump() == event.model_dump()
    assert (
        json.dumps(
            state(stored), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        == stored.state
    )
    for name in ("family_name", "pesel", "address", "born_on", "status", "household"):
        assert name not in state(stored)


def test_the_recorded_form(mapper: LedgerMapper) -> None:
    stored = mapper.to_stored_event(registered(**FULL))

    assert (stored.originator_id, stored.originator_version) == (ID, 1)
    assert stored.topic == "trial.Person.Registered"
    clear = state(stored)
    boxes = clear.pop("sealed")
    assert clear == {
        "kind": "dependent",
        "occurred_on": "2006-05-04",
        "partners": ["A", "B"],
        "share": "0.125",
    }
    assert [(box["data_class"], box["subject"], box["bound_to"]) for box in boxes] == [
        (name, str(ID), f"trial/{ID}/1") for name in ("identity", "monitoring", "special")
    ]
    for value in ("Łoś", "44051401359", "Wąchock", "1944", "unemployed", "disability"):
        assert value not in stored.state.decode()


def test_a_group_without_facts_makes_no_box(mapper: LedgerMapper) -> None:
    stored = mapper.to_stored_event(registered(disability=False))

    assert [box["data_class"] for box in state(stored)["sealed"]] == ["monitoring", "special"]


def test_what_must_be_said_is_recorded_also_when_it_is_none(mapper: LedgerMapper) -> None:
    moved = Person.Moved(originator_id=ID, originator_version=1, occurred_on=DAY, town=None)

    read = mapper.to_domain_event(mapper.to_stored_event(moved))

    assert read.model_dump() == moved.model_dump()


def test_the_boxes_travel_on(mapper: LedgerMapper, vault: Vault) -> None:
    read = mapper.to_domain_event(mapper.to_stored_event(registered(**FULL)))

    box = read.box(DataClass.MONITORING)
    assert box is not None
    assert vault.open(box) == {"born_on": "1944-05-14", "status": "unemployed", "household": 3}


def test_erased_fields_carry_the_mark_and_the_others_stay(
    mapper: LedgerMapper, vault: Vault
) -> None:
    event = registered(**FULL)
    stored = mapper.to_stored_event(event)
    vault.erase(ID, [DataClass.IDENTITY, DataClass.SPECIAL], basis="x", approved_by="y")

    read = mapper.to_domain_event(stored)

    assert isinstance(read, Person.Registered)
    assert (read.family_name, read.pesel, read.address, read.disability) == (ERASED,) * 4
    assert (read.born_on, read.household, read.kind) == (date(1944, 5, 14), 3, "dependent")
    with pytest.raises(SubjectErased):
        mapper.to_stored_event(event)


def test_a_reader_without_the_vault_gets_the_facts_and_withheld_marks(
    mapper: LedgerMapper,
) -> None:
    without = LedgerMapper("trial", None)

    read = without.to_domain_event(mapper.to_stored_event(registered(household=2)))

    assert isinstance(read, Person.Registered)
    assert (read.born_on, read.status, read.household) == (WITHHELD,) * 3
    assert (read.family_name, read.disability, read.kind) == (None, None, "x")
    with pytest.raises(TypeError, match="given no vault"):
        without.to_stored_event(registered())


@pytest.mark.parametrize("mark", [ERASED, WITHHELD])
def test_a_mark_is_not_recorded(mapper: LedgerMapper, mark: Absent) -> None:
    with pytest.raises(ValueError, match=r"Registered\.pesel is (erased|withheld)"):
        mapper.to_stored_event(registered(pesel=mark))


class Foreign(LibraryAggregate):
    pass


class Homeless(Event):
    TOPIC: ClassVar[str] = "trial.Homeless"


class Impostor(Event):
    TOPIC: ClassVar[str] = "trial.Person.Registered"


@pytest.mark.parametrize(
    "event",
    [
        Foreign().collect_events()[0],
        {"kind": "x"},
        Homeless(originator_id=ID, originator_version=1, occurred_on=DAY),
        Impostor(originator_id=ID, originator_version=1, occurred_on=DAY),
    ],
    ids=["the library's own", "a dictionary", "unregistered", "another's topic"],
)
def test_nothing_else_is_recorded(mapper: LedgerMapper, event: Any) -> None:
    with pytest.raises(TypeError):
        mapper.to_stored_event(event)


def test_a_field_must_not_take_the_ledgers_names(mapper: LedgerMapper) -> None:
    class Vain(Event):
        TOPIC: ClassVar[str] = "trial.Vain"
        sealed: str

    with pytest.raises(TypeError, match=r"Vain\.sealed"):
        mapper.to_stored_event(
            Vain(originator_id=ID, originator_version=1, occurred_on=DAY, sealed="x")
        )


def test_fractions_are_refused_without_their_value(mapper: LedgerMapper) -> None:
    event = registered().model_copy(update={"partners": (1.25,)})

    with pytest.raises(ValueError, match="holds a value that its own class refuses") as caught:
        mapper.to_stored_event(event)
    assert "1.25" not in str(caught.value)


def test_a_transplanted_box_is_refused(mapper: LedgerMapper) -> None:
    first, second = mapper.to_stored_events([registered(**FULL), registered(2, **FULL)])
    moved = with_state(second, sealed=state(first)["sealed"])
    renamed = [{**box, "bound_to": f"trial/{ID}/2"} for box in state(first)["sealed"]]

    with pytest.raises(BoxDamaged, match="found at"):
        mapper.to_domain_event(moved)
    with pytest.raises(BoxDamaged, match="changed after"):
        mapper.to_domain_event(with_state(second, sealed=renamed))
    with pytest.raises(BoxDamaged, match="found at kasa/"):
        LedgerMapper("kasa", None).to_domain_event(first)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": 44051401359}, "kind: string_type"),
        ({"born_on": "44051401359x"}, "born_on: "),
        ({"surplus": "44051401359"}, "surplus: extra_forbidden"),
        ({"class_version": 2}, "version 2"),
        ({"sealed": [{"44051401359": 1}]}, "not the JSON of an event"),
        ({"sealed": 44051401359}, "not the JSON of an event"),
    ],
)
def test_a_state_that_does_not_fit_is_named_without_its_values(
    mapper: LedgerMapper, changes: dict[str, Any], why: str
) -> None:
    stored = mapper.to_stored_event(registered(kind="x", household=1))

    with pytest.raises(MapperDeserialisationError, match=why) as caught:
        mapper.to_domain_event(with_state(stored, **changes))

    assert "44051401359" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("topic", ["trial.Person.Unknown", "os:system"])
def test_a_topic_is_not_an_import_path(mapper: LedgerMapper, topic: str) -> None:
    with pytest.raises(MapperDeserialisationError, match="no event class"):
        mapper.to_domain_event(StoredEvent(ID, 1, topic, b"{}"))


def test_many_events_cost_one_look_up(mapper: LedgerMapper, vault: Vault) -> None:
    events = [registered(version, **FULL) for version in range(1, 301)]
    stored = mapper.to_stored_events(events)
    vault.evict(ID)

    assert [e.model_dump() for e in mapper.to_domain_events(stored)] == [
        e.model_dump() for e in events
    ]
