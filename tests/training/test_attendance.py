"""Attendance on a real database: lists, settling, corrections, the start of support, access."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from time import monotonic
from uuid import uuid4

import pytest

from shared.contracts.access import Role
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import AbsenceReason, GroupLimits
from shared.kernel.errors import Rejected
from shared.runtime.rebuild import verify
from tests.driving import CASEWORKER, COORDINATOR, caller
from tests.training.attending import (
    LAST_DAY,
    LENGTH,
    attended,
    correct,
    course,
    later,
    mark_of,
    marking,
    published,
    settling,
    trainer,
)
from tests.training.conftest import Driven
from tests.training.domain.courses import FIRST_DAY, person, session, sessions
from tests.training.editions import contract_trainer, enrolment, open_edition, timetable
from tests.training.registry import Registry

ANNA, BARBARA, CELINA = map(person, range(3))
FULL = {ANNA: LENGTH, BARBARA: LENGTH}


def refusal(training: Driven, command: object, **by: object) -> Rejected:
    with pytest.raises(Rejected) as refused:
        training.do(command, **by)  # type: ignore[arg-type]
    return refused.value


def sheet(training: Driven, number: int, **by: object) -> views.SessionSheet:
    shown: views.SessionSheet = training.ask(
        "get_session",
        views.ById(id=session(number).id),
        **by,  # type: ignore[arg-type]
    )
    return shown


def test_many_marks_are_one_commit_and_one_list(training: Driven) -> None:
    course(training, (ANNA, BARBARA))
    before = training.followed.history.head()
    receipt = training.do(marking(0, {ANNA: LENGTH, BARBARA: 0}), by=trainer())
    events = training.followed.history.read(before, 100)
    assert {each.meta["command_id"] for each in events} == {str(receipt.command_id)}
    shown = sheet(training, 0)
    assert (receipt.id, receipt.version) == (shown.id, shown.version)
    assert {each.participant_id: each.minutes for each in shown.marks} == {
        ANNA: LENGTH,
        BARBARA: 0,
    }
    assert sheet(training, 1).marks == (
        views.AttendanceMark(participant_id=ANNA, minutes=None),
        views.AttendanceMark(participant_id=BARBARA, minutes=None),
    )


def test_why_somebody_was_absent_is_opened_for_those_who_may_see_it_and_the_read_recorded(
    training: Driven,
) -> None:
    course(training, (ANNA, BARBARA))
    training.do(marking(0, {ANNA: LENGTH, BARBARA: 0}), by=trainer())
    before = training.followed.history.head()
    for by in (trainer(), caller(Role.AUDITOR)):
        absent = sheet(training, 0, by=by).marks[1]
        assert (absent.minutes, absent.absence, absent.note) == (0, None, None)
    assert training.followed.history.head() == before
    absent = sheet(training, 0, by=CASEWORKER).marks[1]
    assert (absent.absence, absent.note) == (AbsenceReason.ILLNESS, "A cold")
    (read,) = training.followed.history.read(before, 10)
    assert read.event.actor == CASEWORKER.subject
    assert read.event.subjects == (BARBARA,)


def test_a_late_entry_is_flagged(training: Driven) -> None:
    """The tests' sessions and the clock of the ledger are months apart, one way or the other."""
    course(training, (ANNA, BARBARA))
    training.do(marking(0, {ANNA: LENGTH}), by=trainer())
    shown = sheet(training, 0).marks[0]
    assert shown.recorded_at is not None
    assert shown.late == (shown.recorded_at.date() > session(0).day)


def test_trainers_reach_their_own_sessions_only(training: Driven) -> None:
    course(training, (ANNA,))
    stranger = trainer(1)
    asked = commands.RequestAttendanceCorrection(
        session_id=session(0).id,
        participant_id=ANNA,
        minutes=0,
        requested_on=LAST_DAY,
        reason="None of mine",
        source_document="LISTA/7",
    )
    for command in (marking(0, {ANNA: LENGTH}), settling(0), asked):
        assert refusal(training, command, by=stranger).code == "not_found"
    for unseen in (session(0).id, uuid4()):
        with pytest.raises(Rejected) as refused:
            training.ask("get_session", views.ById(id=unseen), by=stranger)
        assert refused.value.code == "not_found"


def test_today_is_the_trainers_own_day_with_its_lists(training: Driven) -> None:
    course(training, (ANNA,))
    later(training, FIRST_DAY, time(8))
    today = training.ask("get_today", views.ListToday(), by=trainer())
    assert today.day == FIRST_DAY
    (only,) = today.sessions
    assert (only.id, [each.participant_id for each in only.marks]) == (session(0).id, [ANNA])
    assert training.ask("get_today", views.ListToday(), by=trainer(1)).sessions == ()
    tomorrow = views.ListToday(day=FIRST_DAY + timedelta(1))
    assert [s.id for s in training.ask("get_today", tomorrow, by=trainer()).sessions] == [
        session(1).id
    ]


def test_nothing_is_marked_before_the_session_is_over(training: Driven) -> None:
    course(training, (ANNA,))
    later(training, FIRST_DAY, time(10, 29))
    early = refusal(training, marking(0, {ANNA: LENGTH}), by=trainer())
    assert early.code == "training.session_not_over"
    assert early.details["timetable_version"] == 1
    later(training, FIRST_DAY, time(10, 30))
    training.do(marking(0, {ANNA: LENGTH}), by=trainer())


def test_settling_tells_others_what_was_delivered(training: Driven) -> None:
    edition = course(training, (ANNA, BARBARA))
    attended(training, {ANNA: LENGTH, BARBARA: 0})
    (held,) = published(training, "training.session_held.v1")
    (hours,) = published(training, "training.trainer_hours_delivered.v1")
    (settled,) = published(training, "training.attendance_settled.v1")
    assert (held["subject"], held["topic"], held["minutes"]) == (str(session(0).id), "T1", LENGTH)
    assert (hours["contract"], hours["starts"], hours["ends"]) == ("UMOWA/1", "09:00", "10:30")
    assert settled["edition_id"] == str(edition)
    assert {each["participant_id"]: each["minutes"] for each in settled["marks"]} == {
        str(ANNA): LENGTH,
        str(BARBARA): 0,
    }
    shown = sheet(training, 0)
    assert (shown.settled_on, shown.settled_by) == (LAST_DAY, trainer().subject)


def test_a_settled_list_changes_by_another_persons_decision_only(training: Driven) -> None:
    course(training, (ANNA, BARBARA))
    attended(training, FULL)
    late = refusal(training, marking(0, {ANNA: 10}), by=trainer())
    assert late.code == "training.attendance_settled"
    coordinator_asks = commands.RequestAttendanceCorrection(
        session_id=session(0).id,
        participant_id=ANNA,
        minutes=30,
        requested_on=LAST_DAY,
        reason="She left early",
        source_document="LISTA/7",
    )
    training.do(coordinator_asks, by=COORDINATOR)
    (request,) = training.ask(
        "list_attendance_corrections", views.ListAttendanceCorrections(state="requested")
    ).items
    assert request.reason == "She left early"
    decision = commands.DecideAttendanceCorrection(
        session_id=session(0).id,
        correction_id=request.id,
        decided_on=LAST_DAY,
        approve=True,
        justification="Compared",
    )
    assert refusal(training, decision, by=COORDINATOR).code == "four_eyes"
    other = caller(Role.COORDINATOR, name="coordinator-2")
    training.do(decision, by=other)
    shown = sheet(training, 0)
    assert [(each.minutes, each.corrected) for each in shown.marks] == [(30, True), (90, False)]
    (correction,) = shown.corrections
    assert (correction.state, correction.decided_by) == ("approved", other.subject)
    (told,) = published(training, "training.attendance_corrected.v1")
    assert (told["subject"], told["minutes_before"], told["minutes"]) == (str(ANNA), 90, 30)


def test_of_settling_and_marking_at_one_moment_neither_is_lost(training: Driven) -> None:
    """Of five, each decides anew after at most four others: as often as a command does."""
    course(training, (ANNA, BARBARA))
    training.do(marking(0, FULL), by=trainer())
    changes = [marking(0, {ANNA: minutes}) for minutes in range(10, 50, 10)]

    def attempt(command: object) -> str:
        try:
            training.command(command, by=trainer())
        except Rejected as refused:
            return refused.code
        return "recorded"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(attempt, [*changes[:2], settling(0), *changes[2:]]))
    training.project()
    assert outcomes[2] == "recorded"
    assert set(outcomes) <= {"recorded", "training.attendance_settled"}
    (settled,) = published(training, "training.attendance_settled.v1")
    shown = {each.participant_id: each.minutes for each in sheet(training, 0).marks}
    assert {str(who): minutes for who, minutes in shown.items()} == {
        each["participant_id"]: each["minutes"] for each in settled["marks"]
    }


def starts(training: Driven) -> list[object]:
    """What others were told of the start of support: when it started, or moved to."""
    kinds = ("training.support_started.v1", "training.support_start_moved.v1")
    return [each["started_on"] for kind in kinds for each in published(training, kind)]


def days(*numbers: int) -> list[object]:
    return [session(number).day.isoformat() for number in numbers]


def test_support_starts_with_the_first_attended_minute_whatever_is_recorded_first(
    training: Driven,
) -> None:
    course(training, (ANNA,))
    training.do(marking(0, {ANNA: 0}), by=trainer())
    assert starts(training) == []
    training.do(marking(2, {ANNA: 1}), by=trainer())
    training.do(marking(1, {ANNA: LENGTH}), by=trainer())
    assert starts(training) == days(2, 1)


def test_a_start_that_proves_wrong_moves_to_the_next_attended_day_or_away(
    training: Driven,
) -> None:
    course(training, (ANNA,))
    attended(training, {ANNA: 30}, {ANNA: 0}, {ANNA: 60})
    correct(training, 0, ANNA, 0)
    correct(training, 2, ANNA, 0)
    assert starts(training) == [*days(0, 2), None]
    correct(training, 1, ANNA, 5)
    assert starts(training) == [*days(0, 1, 2), None]


def test_a_recorded_session_stays_in_the_timetable_as_it_is(training: Driven) -> None:
    edition = course(training, (ANNA,))
    training.do(marking(1, {ANNA: LENGTH}), by=trainer())
    moved = session(1, day=FIRST_DAY + timedelta(9))
    for of in ((session(0), moved, session(2)), (session(0), session(2))):
        refused = refusal(training, timetable(edition, of, "Rooms"))
        assert refused.code == "training.session_recorded"
        assert refused.details == {"session_id": str(session(1).id)}
    training.do(timetable(edition, (session(1), session(2)), "The first one fell out"))
    gone = refusal(training, marking(0, {ANNA: LENGTH}), by=trainer())
    assert gone.code == "not_found"


def test_a_session_id_of_another_edition_is_refused(training: Driven) -> None:
    course(training, (ANNA,))
    other = open_edition(training, 1)
    contract_trainer(training, other, "trainer-1")
    taken = session(0, room="Sala 1", trainer="trainer-1", day=LAST_DAY + timedelta(5))
    refused = refusal(training, timetable(other, (taken,)))
    assert (refused.code, refused.pointer) == ("training.session_id_taken", "/sessions/0/id")


def test_twenty_lists_of_fifteen_people_are_marked_and_made_anew(training: Driven) -> None:
    people = [person(number) for number in range(15)]
    edition = open_edition(training, 0, limits=GroupLimits(minimum=1, maximum=15))
    contract_trainer(training, edition, "trainer-0")
    of = tuple(session(number) for number in range(20))
    training.do(timetable(edition, of))
    Registry(training).admit(*people)
    for each in people:
        training.do(enrolment(edition, each))
    later(training, of[-1].day)
    began = monotonic()
    for number in range(20):
        minutes = {each: LENGTH if at % 5 else 0 for at, each in enumerate(people, number)}
        training.do(marking(number, minutes), by=trainer())
    print(f"300 marks in 20 commands with projection: {monotonic() - began:.2f} s")
    shown = training.ask("get_edition", views.ById(id=edition))
    attended_minutes = {each.progress.attended_minutes for each in shown.enrolments}
    assert attended_minutes == {16 * LENGTH}
    assert {each.progress.percent for each in shown.enrolments} == {80}
    comparison = verify(
        training.projector.projection, training.followed.views, training.followed.history
    )
    assert comparison.drifted == []


def test_a_mark_of_somebody_else_is_refused_with_the_place(training: Driven) -> None:
    course(training, (ANNA,))
    command = commands.MarkAttendance(
        session_id=sessions()[0].id, marks=(mark_of(ANNA, LENGTH), mark_of(CELINA, LENGTH))
    )
    refused = refusal(training, command, by=trainer())
    assert refused.code == "training.not_enrolled_on_day"
    assert refused.pointer == "/marks/1/participant_id"
    assert sheet(training, 0).marks[0].minutes is None
