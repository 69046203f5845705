"""Time: net minutes, and that no calendar ever holds two things at once."""

from datetime import date, time, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.training.domain.calendar import Calendar
from services.training.domain.ids import room_id
from services.training.domain.timetable import (
    Slot,
    ends_at,
    minutes_by_topic,
    net_minutes,
    planned_minutes,
    require_sound,
)
from shared.contracts.training.vocabulary import Break, Session
from shared.kernel.errors import Rejected
from tests.training.domain.courses import FIRST_DAY, TODAY, content, session

MINUTES = 24 * 60


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


@st.composite
def sound_sessions(draw: st.DrawFn) -> tuple[Session, int]:
    """A session with breaks in order, and its net minutes counted one by one."""
    edges = draw(
        st.lists(st.integers(0, MINUTES - 1), min_size=2, max_size=8, unique=True).map(sorted)
    )
    edges = edges if len(edges) % 2 == 0 else edges[:-1]
    starts, *inner, ends = edges
    pauses = list(zip(inner[::2], inner[1::2], strict=True))
    made = session(
        draw(st.integers(0, 50)),
        starts=clock(starts),
        ends=clock(ends),
        breaks=tuple(Break(starts=clock(a), ends=clock(b)) for a, b in pauses),
    )
    off = {minute for a, b in pauses for minute in range(a, b)}
    return made, len([minute for minute in range(starts, ends) if minute not in off])


@settings(deadline=None)
@given(sound_sessions())
def test_net_minutes_are_those_outside_the_breaks(made: tuple[Session, int]) -> None:
    held, expected = made
    require_sound([held.model_copy(update={"topic": "T1"})], content())
    assert net_minutes(held) == expected > 0


@settings(deadline=None)  # the machine may be busy
@given(st.lists(sound_sessions(), max_size=10))
def test_the_minutes_of_all_topics_are_those_of_the_timetable(
    made: list[tuple[Session, int]],
) -> None:
    held = [each for each, _ in made]
    assert planned_minutes(held) == sum(expected for _, expected in made)
    assert sum(minutes_by_topic(held).values()) == planned_minutes(held)


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    starts = draw(st.integers(0, 40))
    return Slot(
        session_id=UUID(int=draw(st.integers(1, 10**9))),
        day=FIRST_DAY + timedelta(draw(st.integers(0, 2))),
        starts=clock(starts),
        ends=clock(starts + draw(st.integers(1, 20))),
    )


def minutes_of(slot: Slot) -> set[tuple[date, int]]:
    first, last = (each.hour * 60 + each.minute for each in (slot.starts, slot.ends))
    return {(slot.day, minute) for minute in range(first, last)}


@settings(deadline=None)
@given(slots(), slots())
def test_slots_overlap_when_they_share_a_minute_and_either_way_round(one: Slot, two: Slot) -> None:
    assert one.overlaps(two) == two.overlaps(one) == bool(minutes_of(one) & minutes_of(two))


def test_an_end_is_no_part_of_a_session() -> None:
    first = Slot.of(session(0))
    touching = first.model_copy(update={"starts": first.ends, "ends": time(12)})
    assert not first.overlaps(touching)


OWNERS = [UUID(int=number) for number in range(1, 5)]


def refusal_of(calendar: Calendar, owner: UUID, wanted: list[Slot]) -> Rejected | None:
    try:
        calendar.book(owner, wanted, "room", on=TODAY, pointer=lambda _: "")
    except Rejected as refusal:
        return refusal
    return None


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.lists(slots(), max_size=3)), max_size=12))
def test_whatever_is_booked_a_calendar_holds_one_thing_at_a_time(
    bookings: list[tuple[UUID, list[Slot]]],
) -> None:
    calendar = Calendar(UUID(int=1))
    for owner, wanted in bookings:
        before = dict(calendar.bookings)
        others = [slot for other, held in before.items() if other != owner for slot in held]
        taken = set().union(*map(minutes_of, others))
        refusal = refusal_of(calendar, owner, wanted)
        if any(minutes_of(slot) & taken for slot in wanted):
            assert refusal is not None
            assert refusal.code == "training.overlap"
            assert UUID(refusal.details["edition_id"]) in before.keys() - {owner}
            assert calendar.bookings == before
        else:
            assert refusal is None
            assert sorted(calendar.bookings[owner], key=str) == sorted(wanted, key=str)


def test_what_is_released_is_free_and_what_is_booked_again_is_no_news() -> None:
    calendar, first, second = Calendar(UUID(int=1)), UUID(int=2), UUID(int=3)
    held = [Slot.of(session(number)) for number in range(3)]
    for _ in range(2):
        calendar.book(first, held[::-1], "room", on=TODAY, pointer=lambda _: "")
    assert len(calendar.collect_events()) == 1
    calendar.release(first, on=TODAY)
    calendar.release(first, on=TODAY)
    calendar.book(second, held, "room", on=TODAY, pointer=lambda _: "")
    assert len(calendar.collect_events()) == 2
    assert calendar.bookings == {second: tuple(held)}


def test_a_session_ends_in_polands_time() -> None:
    summer, winter = session(0), session(0, day=date(2026, 1, 12))
    assert ends_at(summer).isoformat() == "2026-04-13T10:30:00+02:00"
    assert ends_at(winter).isoformat() == "2026-01-12T10:30:00+01:00"


def test_one_room_is_one_calendar_however_it_is_written() -> None:
    assert room_id("Gdańsk, Długa 1", "Sala  3 ") == room_id("gdańsk,  długa 1", "sala 3")
    assert room_id("Gdańsk, Długa 1", "Sala 3") != room_id("Sopot, Długa 1", "Sala 3")
