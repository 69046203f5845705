"""A session's attendance list: given, when, then."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from services.training.domain.attendance import AttendanceList, is_late
from shared.contracts.training.vocabulary import AbsenceReason, Mark, Session
from shared.kernel.errors import Rejected
from shared.testing.scenario import SUBJECT, fact, given, rejected
from tests.training.domain.courses import RULES
from tests.training.domain.sessions import (
    AFTERWARDS,
    ANNA,
    COORDINATOR,
    CORRECTION,
    DAY,
    EDITION,
    FULL,
    HELD,
    JAN,
    LATER,
    OLGA,
    PLANNED,
    REQUESTED_ON,
    ROSTER,
    SESSION,
    SETTLED,
    SETTLED_ON,
    TRAINER,
    absent,
    decision,
    marked,
    present,
    requested,
    settled,
)

ELSEWHERE = UUID("00000000-0000-4000-8000-0000000000e2")


def plan(
    attendance: AttendanceList,
    *,
    edition: UUID = EDITION,
    session: Session = SESSION,
    on: date = DAY,
) -> None:
    attendance.plan(edition_id=edition, session=session, decided_on=on, pointer="/sessions/0")


def mark(
    attendance: AttendanceList, *marks: Mark, now: datetime = AFTERWARDS, by: str = TRAINER
) -> None:
    attendance.mark(marks, roster=ROSTER, by=by, now=now)


def settle(attendance: AttendanceList) -> None:
    attendance.settle(
        confirmed_on=SETTLED_ON,
        roster=ROSTER,
        contract="U/1/2026",
        by=TRAINER,
        now=AFTERWARDS + timedelta(1),
    )


def request(
    attendance: AttendanceList, *, minutes: int = 120, participant: UUID = ANNA, by: str = TRAINER
) -> None:
    attendance.request_correction(
        correction_id=CORRECTION,
        participant_id=participant,
        minutes=minutes,
        requested_on=REQUESTED_ON,
        reason="She left at eleven",
        source_document="LISTA/7",
        roster=ROSTER,
        by=by,
        today=LATER,
    )


class TestPlanning:
    def test_a_session_comes_into_the_timetable(self) -> None:
        given(AttendanceList).when(lambda a: plan(a, on=PLANNED.occurred_on)).then(PLANNED)

    def test_a_session_that_is_planned_so_already_stays_as_it_is(self) -> None:
        given(AttendanceList, PLANNED).when(plan).then()

    def test_a_session_belongs_to_one_edition(self) -> None:
        given(AttendanceList, PLANNED).when(
            lambda a: plan(
                a,
                edition=ELSEWHERE,
            )
        ).then(rejected("training.session_id_taken", {"session_id": str(SUBJECT)}))

    def test_a_recorded_session_is_neither_moved_nor_dropped(self) -> None:
        moved = SESSION.model_copy(update={"day": LATER})
        recorded = given(AttendanceList, PLANNED, marked(present(ANNA)))
        refusal = rejected("training.session_recorded", {"session_id": str(SUBJECT)})
        recorded.when(lambda a: plan(a, session=moved)).then(refusal)
        recorded.when(lambda a: a.drop(decided_on=DAY)).then(refusal)

    def test_a_dropped_session_takes_no_marks_until_it_is_planned_again(self) -> None:
        dropped = given(AttendanceList, PLANNED, fact(AttendanceList.Dropped, DAY))
        dropped.when(lambda a: mark(a, present(ANNA))).then(rejected("not_found"))
        dropped.when(plan).then(
            fact(AttendanceList.Planned, DAY, edition_id=EDITION, session=SESSION)
        )


class TestMarking:
    def test_many_are_marked_at_once_with_minutes_or_the_reason_of_their_absence(self) -> None:
        given(AttendanceList, PLANNED).when(
            lambda a: mark(a, present(ANNA, 200), absent(JAN))
        ).then(marked(present(ANNA, 200)), marked(absent(JAN)))

    def test_a_mark_before_settling_may_be_replaced_and_both_stay_in_the_history(self) -> None:
        given(AttendanceList, PLANNED, marked(absent(ANNA))).when(
            lambda a: mark(a, present(ANNA), by=COORDINATOR)
        ).then(marked(present(ANNA), by=COORDINATOR))

    def test_the_same_mark_again_is_no_news(self) -> None:
        given(AttendanceList, PLANNED, marked(absent(JAN))).when(
            lambda a: mark(a, absent(JAN), by=COORDINATOR)
        ).then()

    def test_nobody_is_marked_before_the_session_has_ended_in_poland(self) -> None:
        early = AFTERWARDS - timedelta(minutes=1)
        given(AttendanceList, PLANNED).when(lambda a: mark(a, present(ANNA), now=early)).then(
            rejected("training.session_not_over", {"ends": "2026-03-02T13:30:00+01:00"})
        )

    def test_nobody_attends_longer_than_the_session_lasts_without_its_breaks(self) -> None:
        given(AttendanceList, PLANNED).when(
            lambda a: mark(a, present(ANNA), present(JAN, FULL + 1))
        ).then(
            rejected(
                "training.minutes_over_session",
                {"minutes": FULL + 1, "session_minutes": FULL},
                pointer="/marks/1/minutes",
            )
        )

    def test_who_is_not_enrolled_on_the_day_is_not_marked(self) -> None:
        given(AttendanceList, PLANNED).when(lambda a: mark(a, present(OLGA))).then(
            rejected(
                "training.not_enrolled_on_day",
                {"participant_id": str(OLGA)},
                pointer="/marks/0/participant_id",
            )
        )

    def test_an_absence_needs_a_reason_and_full_attendance_has_none(self) -> None:
        planned = given(AttendanceList, PLANNED)
        planned.when(lambda a: mark(a, present(ANNA, 0))).then(
            rejected("training.absence_reason_missing", pointer="/marks/0/absence")
        )
        late = Mark(participant_id=ANNA, minutes=FULL, absence=AbsenceReason.OFFICE)
        planned.when(lambda a: mark(a, late)).then(
            rejected("training.absence_contradicted", pointer="/marks/0/absence")
        )
        partly = Mark(participant_id=ANNA, minutes=90, absence=AbsenceReason.OFFICE)
        planned.when(lambda a: mark(a, partly)).then(marked(partly))

    def test_nobody_is_marked_twice_in_one_list(self) -> None:
        given(AttendanceList, PLANNED).when(lambda a: mark(a, present(ANNA), absent(ANNA))).then(
            rejected(
                "training.marked_twice",
                {"participant_id": str(ANNA)},
                pointer="/marks/1/participant_id",
            )
        )

    def test_a_refused_bulk_marks_nobody(self) -> None:
        attendance = given(AttendanceList, PLANNED).aggregate()
        with pytest.raises(Rejected):
            mark(attendance, present(ANNA), present(JAN, FULL + 1))
        assert attendance.marks == {}
        assert attendance.collect_events() == []


class TestSettling:
    def test_settling_confirms_the_list_and_charges_the_trainers_contract(self) -> None:
        given(AttendanceList, PLANNED, marked(present(ANNA)), marked(absent(JAN))).when(
            settle
        ).then(*HELD, settled(anna=FULL, jan=0))

    def test_everybody_enrolled_needs_a_mark_first(self) -> None:
        given(AttendanceList, PLANNED, marked(present(ANNA))).when(settle).then(
            rejected("training.marks_missing", {"participants": [str(JAN)]})
        )

    def test_a_list_is_settled_once_and_takes_no_marks_any_more(self) -> None:
        refusal = rejected("training.attendance_settled", {"settled_on": "2026-03-03"})
        given(AttendanceList, *SETTLED).when(settle).then(refusal)
        given(AttendanceList, *SETTLED).when(lambda a: mark(a, present(JAN))).then(refusal)

    @pytest.mark.parametrize(("days", "code"), [(-1, "date_too_early"), (1, "date_in_future")])
    def test_it_is_confirmed_between_the_session_and_today(self, days: int, code: str) -> None:
        marks = (marked(present(ANNA)), marked(absent(JAN)))
        given(AttendanceList, PLANNED, *marks).when(
            lambda a: a.settle(
                confirmed_on=DAY + timedelta(days),
                roster=ROSTER,
                contract="U/1/2026",
                by=TRAINER,
                now=AFTERWARDS,
            )
        ).then(rejected(code, pointer="/confirmed_on"))


class TestCorrecting:
    def test_a_settled_mark_changes_by_request_and_another_persons_decision(self) -> None:
        given(AttendanceList, *SETTLED).when(request).then(requested())
        given(AttendanceList, *SETTLED, requested()).when(
            lambda a: a.decide_correction(**decision())
        ).then(
            fact(
                AttendanceList.Corrected,
                LATER,
                participant_id=ANNA,
                correction_id=CORRECTION,
                edition_id=EDITION,
                held_on=DAY,
                minutes_before=FULL,
                minutes=120,
                decided_by=COORDINATOR,
                justification="The paper list says so",
            )
        )

    def test_before_settling_there_is_nothing_to_correct(self) -> None:
        given(AttendanceList, PLANNED, marked(present(ANNA))).when(request).then(
            rejected("training.attendance_not_settled")
        )

    def test_a_request_changes_nothing_and_a_rejection_leaves_it_so(self) -> None:
        asked = given(AttendanceList, *SETTLED, requested()).aggregate()
        assert asked.attended(ANNA) == FULL
        asked.decide_correction(**decision(approve=False))
        assert asked.attended(ANNA) == FULL
        assert asked.undecided == ()

    def test_who_asked_does_not_decide(self) -> None:
        given(AttendanceList, *SETTLED, requested()).when(
            lambda a: a.decide_correction(**decision(by=TRAINER))
        ).then(rejected("four_eyes"))

    def test_a_request_is_decided_once(self) -> None:
        attendance = given(AttendanceList, *SETTLED, requested()).aggregate()
        attendance.decide_correction(**decision())
        with pytest.raises(Rejected) as again:
            attendance.decide_correction(**decision(approve=False))
        assert again.value.code == "training.correction_decided"

    def test_an_unknown_request_is_not_decided(self) -> None:
        given(AttendanceList, *SETTLED).when(lambda a: a.decide_correction(**decision())).then(
            rejected("training.correction_unknown", pointer="/correction_id")
        )

    def test_a_request_about_minutes_that_changed_since_is_overtaken(self) -> None:
        other = UUID("00000000-0000-4000-8000-0000000000c2")
        attendance = given(AttendanceList, *SETTLED, requested()).aggregate()
        attendance.request_correction(
            correction_id=other,
            participant_id=ANNA,
            minutes=60,
            requested_on=REQUESTED_ON,
            reason="She left at ten",
            source_document="LISTA/8",
            roster=ROSTER,
            by=TRAINER,
            today=LATER,
        )
        attendance.decide_correction(**decision())
        with pytest.raises(Rejected) as overtaken:
            attendance.decide_correction(**decision(correction_id=other))
        assert overtaken.value.code == "training.correction_overtaken"
        attendance.decide_correction(**decision(correction_id=other, approve=False))

    @pytest.mark.parametrize(
        ("minutes", "code"),
        [(FULL, "nothing_changed"), (FULL + 1, "training.minutes_over_session")],
    )
    def test_a_correction_changes_minutes_within_the_session(self, minutes: int, code: str) -> None:
        given(AttendanceList, *SETTLED).when(lambda a: request(a, minutes=minutes)).then(
            rejected(code, pointer="/minutes")
        )

    def test_who_was_never_enrolled_is_not_corrected(self) -> None:
        given(AttendanceList, *SETTLED).when(lambda a: request(a, participant=OLGA)).then(
            rejected("training.not_enrolled_on_day", pointer="/participant_id")
        )

    def test_an_absence_that_proved_wrong_loses_its_reason(self) -> None:
        history = (*SETTLED, requested(FULL, before=0, participant=JAN))
        attendance = given(AttendanceList, *history).aggregate()
        attendance.decide_correction(**decision())
        assert attendance.marks[JAN].minutes == FULL
        assert attendance.marks[JAN].absence is None


MERGED = {ANNA: frozenset({ANNA, OLGA}), JAN: frozenset({JAN})}


class TestMergedRecords:
    """Olga's record turned out to be another one of Anna's."""

    def settled_minutes(self, *marks: Mark) -> list[int]:
        history = [marked(each) for each in marks]
        attendance = given(AttendanceList, PLANNED, *history, marked(absent(JAN))).aggregate()
        attendance.settle(
            confirmed_on=DAY, roster=MERGED, contract="U/1/2026", by=TRAINER, now=AFTERWARDS
        )
        last = attendance.collect_events()[-1]
        assert isinstance(last, AttendanceList.Settled)
        return [minutes for who, minutes in last.marks if who == ANNA]

    def test_what_was_marked_under_a_merged_record_counts_for_the_person(self) -> None:
        assert self.settled_minutes(present(OLGA, 100)) == [100]

    def test_what_was_marked_for_the_person_since_takes_its_place(self) -> None:
        assert self.settled_minutes(present(OLGA, 100), absent(ANNA)) == [0]


@pytest.mark.parametrize(("days", "late"), [(0, False), (7, False), (8, True)])
def test_a_mark_recorded_more_days_later_than_the_rule_allows_is_late(
    days: int, late: bool
) -> None:
    assert is_late(DAY, DAY + timedelta(days), RULES) == late


minutes = st.integers(0, FULL)


def mark_of(participant: UUID, attended: int) -> Mark:
    return present(participant, attended) if attended else absent(participant)


@over(st.dictionaries(st.sampled_from([ANNA, JAN]), minutes, min_size=1))
def test_the_order_of_marking_does_not_matter(recorded: dict[UUID, int]) -> None:
    marks = [mark_of(participant, attended) for participant, attended in recorded.items()]
    at_once = given(AttendanceList, PLANNED).aggregate()
    mark(at_once, *marks)
    one_by_one = given(AttendanceList, PLANNED).aggregate()
    for each in reversed(marks):
        mark(one_by_one, each)
    assert one_by_one.marks == at_once.marks


@over(minutes, minutes)
def test_a_correction_leaves_what_the_right_mark_would_have_left(wrong: int, right: int) -> None:
    def list_with(attended: int) -> AttendanceList:
        attendance = given(AttendanceList, PLANNED).aggregate()
        mark(attendance, mark_of(ANNA, attended), present(JAN))
        settle(attendance)
        return attendance

    corrected = list_with(wrong)
    if wrong != right:
        request(corrected, minutes=right)
        corrected.decide_correction(**decision())
    assert corrected.attended(ANNA) == list_with(right).attended(ANNA)
    assert corrected.attended(JAN) == FULL
