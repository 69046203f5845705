"""What training knows of a participant, and the start of support."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.domain.learner import FirstMinute, Learner
from shared.testing.scenario import fact, given, rejected
from tests.training.domain.courses import APPROVED, FIRST_DAY, TODAY, person

ADMITTED = fact(Learner.Admitted, APPROVED)
EXITED = fact(Learner.Exited, TODAY)
EDITION, SESSION, OTHER = (UUID(int=number) for number in range(1, 4))


def enrol_on(day: date, begins_on: date | None = FIRST_DAY) -> Any:
    return lambda learner: learner.require_member(day, begins_on, "/participant_id")


def minute(on: date, session: UUID = SESSION) -> FirstMinute:
    return FirstMinute(on, EDITION, "KUCH/2026/1", session)


def started(on: date) -> Any:
    return fact(
        Learner.SupportStarted,
        on,
        edition_id=EDITION,
        edition_code="KUCH/2026/1",
        session_id=SESSION,
    )


def moved(was: date, to: date | None, session: UUID | None) -> Any:
    return fact(
        Learner.SupportStartMoved,
        to or was,
        was_on=was,
        started_on=to,
        edition_id=EDITION,
        edition_code="KUCH/2026/1",
        session_id=session,
    )


def test_who_is_admitted_may_be_enrolled_from_that_day_on() -> None:
    given(Learner, ADMITTED).when(enrol_on(APPROVED)).then()
    given(Learner, ADMITTED).when(enrol_on(APPROVED - timedelta(1))).then(
        rejected("training.not_admitted", pointer="/participant_id")
    )
    given(Learner).when(enrol_on(TODAY)).then(rejected("training.not_admitted"))


def test_who_has_left_is_enrolled_only_on_what_had_begun_before() -> None:
    before, known = TODAY - timedelta(1), given(Learner, ADMITTED, EXITED)
    known.when(enrol_on(before, before)).then()
    for begins_on in (TODAY, None):
        known.when(enrol_on(before, begins_on)).then(
            rejected("training.has_exited", {"exited_on": TODAY.isoformat()})
        )
    known.when(enrol_on(TODAY, TODAY)).then(rejected("training.not_admitted"))
    again = fact(Learner.ReEntered, TODAY + timedelta(1))
    given(Learner, ADMITTED, EXITED, again).when(enrol_on(TODAY + timedelta(1))).then()


@pytest.mark.parametrize(
    "facts",
    [(ADMITTED, fact(Learner.AdmissionEnded, TODAY)), (ADMITTED, EXITED)],
)
def test_an_end_that_is_known_already_changes_nothing(facts: tuple[Any, ...]) -> None:
    known = given(Learner, *facts)
    assert known.aggregate().left_on == TODAY
    known.when(lambda learner: learner.exit(TODAY)).then()
    known.when(lambda learner: learner.end_admission(TODAY)).then()
    given(Learner, ADMITTED).when(lambda learner: learner.admit(TODAY)).then()


def test_days_that_were_recorded_wrongly_are_judged_by_the_right_ones() -> None:
    right = TODAY + timedelta(9)
    corrected = given(Learner, ADMITTED, EXITED).when(
        lambda learner: learner.move_steps([], [(TODAY, right), (APPROVED, right)], right)
    )
    event = fact(Learner.StepsMoved, right, begun=(), ended=((TODAY, right),))
    corrected.then(event)
    assert given(Learner, ADMITTED, EXITED, event).aggregate().left_on == right


def test_a_merged_record_is_not_enrolled_and_is_again_when_told_apart() -> None:
    into = person(1)
    merged = fact(Learner.MergedInto, TODAY, into=into)
    given(Learner, ADMITTED).when(lambda learner: learner.merge_into(into, TODAY)).then(merged)
    given(Learner, ADMITTED, merged).when(enrol_on(TODAY)).then(
        rejected("training.participant_merged", {"into": str(into)})
    )
    undone = fact(Learner.MergeUndone, TODAY, out_of=into)
    given(Learner, ADMITTED, merged).when(lambda learner: learner.undo_merge(TODAY)).then(undone)
    given(Learner, ADMITTED, merged, undone).when(enrol_on(TODAY)).then()


def test_nobody_is_enrolled_after_an_erasure() -> None:
    erased = fact(Learner.Erased, TODAY, data_classes=("special",))
    given(Learner, ADMITTED, erased).when(enrol_on(TODAY)).then(
        rejected("training.participant_erased")
    )


def test_the_first_attended_minute_starts_support() -> None:
    note = minute(FIRST_DAY)
    given(Learner, ADMITTED).when(lambda learner: learner.note_attended(note)).then(
        started(FIRST_DAY)
    )


@pytest.mark.parametrize("days", [0, 1])
def test_later_minutes_start_nothing(days: int) -> None:
    later = minute(FIRST_DAY + timedelta(days), OTHER)
    given(Learner, started(FIRST_DAY)).when(lambda learner: learner.note_attended(later)).then()


def test_an_earlier_day_that_is_recorded_late_moves_the_start() -> None:
    earlier = FIRST_DAY - timedelta(3)
    given(Learner, started(FIRST_DAY)).when(
        lambda learner: learner.note_attended(minute(earlier, OTHER))
    ).then(moved(FIRST_DAY, earlier, OTHER))


def test_a_correction_moves_the_start_or_takes_it_away() -> None:
    later = FIRST_DAY + timedelta(3)
    known = given(Learner, started(FIRST_DAY))
    known.when(lambda learner: learner.correct_start(minute(later, OTHER))).then(
        moved(FIRST_DAY, later, OTHER)
    )
    gone = moved(FIRST_DAY, None, None)
    known.when(lambda learner: learner.correct_start(None)).then(gone)
    known.when(lambda learner: learner.correct_start(minute(FIRST_DAY, OTHER))).then()
    given(Learner, started(FIRST_DAY), gone).when(
        lambda learner: learner.note_attended(minute(later))
    ).then(started(later))
