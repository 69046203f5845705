"""An edition: its terms, its timetable, its roster, its closing."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.training.domain.edition import Edition
from services.training.domain.ids import id_of
from services.training.domain.programme import Programme
from shared.contracts.training.vocabulary import (
    Break,
    EnrolmentState,
    GroupLimits,
    Session,
)
from shared.testing.scenario import Fact, fact, given, rejected
from tests.training.domain.courses import (
    APPROVED,
    FIRST_DAY,
    OPENED,
    RULES,
    TODAY,
    content,
    contract,
    person,
    session,
    sessions,
)

LATER = FIRST_DAY + timedelta(30)
"""A day on which all sessions are over."""
ANNA, BARBARA, CELINA, DOROTA = map(person, range(4))
PROGRAMME = id_of("programme", "KUCH/1")
IN_FORCE = "(in force from 2004-05-01)"


def opened(**changes: Any) -> Fact:
    facts: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "programme_number": 1,
        "content": content(),
        "code": "KUCH/2026/1",
        "partner": "mops-gdansk",
        "place": "Gdańsk, Długa 1",
        "limits": GroupLimits(minimum=1, maximum=2),
        "limits_source": "A small kitchen",
        "minimum_percent": 80,
        "minimum_source": f"{RULES.minimum_attendance.root[0].source} {IN_FORCE}",
    }
    return fact(Edition.Opened, OPENED, **(facts | changes))


def timetabled(of: tuple[Session, ...] = sessions(), number: int = 1) -> Fact:
    return fact(Edition.TimetableSet, TODAY, number=number, sessions=of, reason=None)


def enrolled(who: UUID, on: date = TODAY) -> Fact:
    return fact(Edition.ParticipantEnrolled, on, participant_id=who)


def waiting(who: UUID, rank: int = 1) -> Fact:
    return fact(Edition.ParticipantPutOnReserve, TODAY, participant_id=who, rank=rank)


CONTRACTED = fact(Edition.TrainerContracted, OPENED, contract=contract())
TIMETABLED = (opened(), CONTRACTED, timetabled())
FULL = (*TIMETABLED, enrolled(ANNA), enrolled(BARBARA))


def opening(programme: Programme | None = None, **changes: Any) -> Any:
    facts: dict[str, Any] = {
        "code": "KUCH/2026/1",
        "partner": "mops-gdansk",
        "place": "Gdańsk, Długa 1",
        "opened_on": OPENED,
        "limits": None,
        "limits_justification": None,
        "today": TODAY,
        "rules": RULES,
    }
    of = (
        programme
        or given(
            Programme, fact(Programme.Opened, APPROVED, content=content()), stream=PROGRAMME
        ).aggregate()
    )
    return lambda edition: edition.open(of, **(facts | changes))


def set_timetable(*of: Session, **changes: Any) -> Any:
    facts = {"sessions": of, "decided_on": TODAY, "reason": None, "today": TODAY} | changes
    return lambda edition: edition.set_timetable(**facts)


def enrol(who: UUID, on: date = TODAY, *, reserve: bool = False, today: date = TODAY) -> Any:
    return lambda edition: edition.enrol(
        participant_id=who, enrolled_on=on, reserve_if_full=reserve, today=today
    )


def end(who: UUID, on: date, today: date = LATER) -> Any:
    return lambda edition: edition.end_enrolment(
        participant_id=who, ended_on=on, reason="Moved away", today=today
    )


def test_an_edition_is_opened_on_the_latest_version_under_the_rules_of_the_day() -> None:
    limits = RULES.group_limits.root[0]
    source = f"{limits.source} {IN_FORCE}"
    given(Edition).when(opening()).then(opened(limits=limits.value, limits_source=source))


def test_a_programme_may_ask_for_more_than_the_rule() -> None:
    strict = given(
        Programme,
        fact(Programme.Opened, APPROVED, content=content(minimum_attendance=95)),
        stream=PROGRAMME,
    ).aggregate()
    outcome = given(Edition).when(opening(strict))
    (event,) = outcome.recorded
    assert isinstance(event, Edition.Opened)
    assert (event.minimum_percent, event.minimum_source) == (95, "Programme KUCH/1, version 1")


def test_limits_of_its_own_need_a_justification() -> None:
    own = GroupLimits(minimum=1, maximum=2)
    given(Edition).when(opening(limits=own)).then(
        rejected("training.justification_missing", pointer="/limits_justification")
    )
    given(Edition).when(opening(limits_justification="Why")).then(
        rejected("training.limits_missing", pointer="/limits")
    )
    given(Edition).when(opening(limits=own, limits_justification="A small kitchen")).then(opened())


def test_a_code_is_used_once() -> None:
    given(Edition, opened()).when(opening()).then(rejected("training.code_taken", pointer="/code"))


def test_an_edition_is_not_opened_before_its_programme_was_approved() -> None:
    given(Edition).when(opening(opened_on=APPROVED - timedelta(1))).then(
        rejected("date_too_early", {"not_before": APPROVED.isoformat()}, pointer="/opened_on")
    )


def test_a_trainer_has_one_contract_at_a_time() -> None:
    given(Edition, opened(), CONTRACTED).when(
        lambda edition: edition.contract_trainer(
            contract=contract(contract="UMOWA/2", first_day=date(2026, 12, 31)),
            signed_on=OPENED,
            today=TODAY,
        )
    ).then(rejected("training.contract_overlaps", {"contract": "UMOWA/1"}))


def test_a_timetable_is_set_whole_in_versions() -> None:
    given(Edition, opened(), CONTRACTED).when(set_timetable(*sessions())).then(timetabled())
    shorter = sessions()[:2]
    given(Edition, *TIMETABLED).when(set_timetable(*shorter)).then(
        rejected("training.reason_missing", pointer="/reason")
    )
    given(Edition, *TIMETABLED).when(set_timetable(*shorter, reason="Flood")).then(
        fact(Edition.TimetableSet, TODAY, number=2, sessions=shorter, reason="Flood")
    )
    given(Edition, *TIMETABLED).when(set_timetable(*reversed(sessions()), reason="Flood")).then(
        rejected("nothing_changed")
    )


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"topic": "T9"}, "topic_unknown", "/topic"),
        ({"room": None}, "room_missing", "/room"),
        ({"trainer": "stranger"}, "trainer_not_contracted", "/trainer"),
        ({"day": date(2027, 1, 1)}, "trainer_not_contracted", "/trainer"),
        ({"ends": time(9)}, "ends_before_it_starts", "/ends"),
        ({"ends": time(9, 0, 30)}, "time_not_in_minutes", "/ends"),
        (
            {"breaks": (Break(starts=time(8, 50), ends=time(9, 10)),)},
            "break_misplaced",
            "/breaks/0",
        ),
        (
            {
                "breaks": (
                    Break(starts=time(9, 30), ends=time(9, 40)),
                    Break(starts=time(9, 35), ends=time(9, 50)),
                )
            },
            "break_misplaced",
            "/breaks/1",
        ),
        ({"breaks": (Break(starts=time(9), ends=time(10, 30)),)}, "no_training_time", "/breaks"),
        ({"day": FIRST_DAY, "starts": time(10, 29), "ends": time(11)}, "overlap", ""),
        ({"id": session(0).id}, "session_repeated", "/id"),
    ],
)
def test_what_no_timetable_holds(changes: dict[str, Any], code: str, pointer: str) -> None:
    given(Edition, opened(), CONTRACTED).when(
        set_timetable(session(0), session(1, **changes))
    ).then(rejected(f"training.{code}", pointer=f"/sessions/1{pointer}"))


def test_sessions_that_touch_do_not_overlap() -> None:
    touching = session(1, day=FIRST_DAY, starts=time(10, 30), ends=time(12))
    given(Edition, opened(), CONTRACTED).when(set_timetable(session(0), touching)).then(
        timetabled((session(0), touching))
    )


def test_places_are_given_until_the_group_is_full() -> None:
    given(Edition, *TIMETABLED, enrolled(ANNA)).when(enrol(BARBARA)).then(enrolled(BARBARA))
    given(Edition, *FULL).when(enrol(CELINA)).then(
        rejected("training.edition_full", {"maximum": 2, "reserve": 0, "source": "A small kitchen"})
    )
    given(Edition, *FULL).when(enrol(CELINA, reserve=True)).then(waiting(CELINA))
    given(Edition, *FULL, waiting(CELINA)).when(enrol(DOROTA, reserve=True)).then(
        waiting(DOROTA, rank=2)
    )
    given(Edition, *FULL, waiting(CELINA)).when(enrol(CELINA, reserve=True)).then(
        rejected("training.already_on_reserve")
    )
    given(Edition, *FULL).when(enrol(ANNA)).then(rejected("training.already_enrolled"))


def test_who_waits_is_enrolled_when_a_place_is_free_again() -> None:
    left = fact(
        Edition.EnrolmentEnded,
        TODAY,
        participant_id=ANNA,
        was=EnrolmentState.ENROLLED,
        how=EnrolmentState.WITHDRAWN,
        reason=None,
    )
    after = given(Edition, *FULL, waiting(CELINA), left)
    after.when(enrol(CELINA)).then(enrolled(CELINA))
    assert after.aggregate().reserve == (CELINA,)


def test_nobody_comes_after_the_first_day() -> None:
    day = FIRST_DAY + timedelta(1)
    known = given(Edition, *TIMETABLED)
    known.when(enrol(ANNA, FIRST_DAY, today=day)).then(enrolled(ANNA, FIRST_DAY))
    known.when(enrol(ANNA, day, today=day)).then(
        rejected("training.edition_begun", {"first_session": FIRST_DAY.isoformat()})
    )


def test_a_place_changes_hands_before_the_first_session_only() -> None:
    def substitute(on: date, **changes: Any) -> Any:
        facts = {"out": ANNA, "into": CELINA, "reason": "Found a job"} | changes
        return lambda edition: edition.substitute(**facts, substituted_on=on, today=LATER)

    known = given(Edition, *FULL, waiting(CELINA))
    day = FIRST_DAY - timedelta(1)
    known.when(substitute(day)).then(
        fact(
            Edition.ParticipantSubstituted,
            day,
            participant_id=ANNA,
            into=CELINA,
            reason="Found a job",
        ),
        enrolled(CELINA, day),
    )
    known.when(substitute(FIRST_DAY)).then(rejected("training.edition_begun"))
    known.when(substitute(day, into=DOROTA)).then(
        rejected("training.not_on_reserve", pointer="/into")
    )
    known.when(substitute(day, out=CELINA)).then(rejected("training.not_enrolled", pointer="/out"))


@pytest.mark.parametrize(
    ("day", "how"),
    [
        (FIRST_DAY - timedelta(1), EnrolmentState.WITHDRAWN),
        (FIRST_DAY, EnrolmentState.ABANDONED),
    ],
)
def test_who_leaves_withdraws_before_the_course_and_abandons_it_after(
    day: date, how: EnrolmentState
) -> None:
    known = given(Edition, *FULL)
    ended = fact(
        Edition.EnrolmentEnded,
        day,
        participant_id=ANNA,
        was=EnrolmentState.ENROLLED,
        how=how,
        reason="Moved away",
    )
    known.when(end(ANNA, day)).then(ended)
    edition = given(Edition, *FULL, ended).aggregate()
    assert edition.enrolled_on(day) == (BARBARA,)
    assert edition.enrolled_on(day - timedelta(1)) == (ANNA, BARBARA)


def test_who_left_the_project_loses_the_place_on_a_course_that_has_not_begun() -> None:
    lapsed = fact(
        Edition.EnrolmentEnded,
        TODAY,
        participant_id=CELINA,
        was=EnrolmentState.RESERVE,
        how=EnrolmentState.LAPSED,
        reason=None,
    )
    known = given(Edition, *FULL, waiting(CELINA))
    known.when(lambda edition: edition.lapse(CELINA, TODAY)).then(lapsed)
    known.when(lambda edition: edition.lapse(ANNA, FIRST_DAY)).then()
    known.when(lambda edition: edition.lapse(DOROTA, TODAY)).then()


def test_a_merged_record_goes_on_as_the_one_that_is_kept_and_back() -> None:
    replaced = fact(Edition.ParticipantReplaced, TODAY, participant_id=ANNA, into=CELINA)
    undone = fact(Edition.ReplacementUndone, TODAY, participant_id=ANNA, out_of=CELINA)
    known = given(Edition, *FULL)
    known.when(lambda edition: edition.replace(ANNA, CELINA, TODAY)).then(replaced)
    merged = given(Edition, *FULL, replaced)
    assert merged.aggregate().enrolled == (CELINA, BARBARA)
    assert merged.aggregate().records_of(CELINA) == {ANNA, CELINA}
    merged.when(lambda edition: edition.undo_replacement(ANNA, TODAY)).then(undone)
    assert set(given(Edition, *FULL, replaced, undone).aggregate().enrolled) == {ANNA, BARBARA}


def test_two_records_of_one_person_on_one_course_take_one_place() -> None:
    replaced = fact(Edition.ParticipantReplaced, TODAY, participant_id=ANNA, into=BARBARA)
    undone = fact(Edition.ReplacementUndone, TODAY, participant_id=ANNA, out_of=BARBARA)
    assert given(Edition, *FULL, replaced).aggregate().enrolled == (BARBARA,)
    again = given(Edition, *FULL, replaced, undone).aggregate()
    assert set(again.enrolled) == {ANNA, BARBARA}


def test_an_edition_is_closed_with_an_outcome_for_everybody() -> None:
    def close(on: date) -> Any:
        return lambda edition: edition.close(
            closed_on=on, completed=(BARBARA,), not_completed=(ANNA,), today=LATER
        )

    last = FIRST_DAY + timedelta(2)
    closed = fact(Edition.Closed, last, completed=(BARBARA,), not_completed=(ANNA,))
    known = given(Edition, *FULL)
    known.when(close(last)).then(closed)
    known.when(close(last - timedelta(1))).then(rejected("date_too_early"))
    given(Edition, *FULL, closed).when(close(last)).then(rejected("training.edition_closed"))
    given(Edition, *FULL, closed).when(enrol(CELINA)).then(rejected("training.edition_closed"))
    states = {
        who: each.state
        for who, each in given(Edition, *FULL, closed).aggregate().enrolments.items()
    }
    assert states == {ANNA: EnrolmentState.NOT_COMPLETED, BARBARA: EnrolmentState.COMPLETED}


def test_a_timetable_short_of_the_programme_is_not_closed() -> None:
    given(Edition, opened(), CONTRACTED, timetabled(sessions()[:2])).when(
        lambda edition: edition.require_closable()
    ).then(rejected("training.minutes_missing", {"missing": {"T2": 90}, "programme_version": 1}))
    given(Edition, opened()).when(lambda edition: edition.require_closable()).then(
        rejected("training.timetable_missing")
    )
