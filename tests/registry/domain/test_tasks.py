"""What is to be done, and by when."""

from datetime import date, timedelta

from services.registry.domain.countability import gaps_of
from services.registry.domain.participant import Participant
from services.registry.domain.tasks import DueTask, due_tasks
from shared.contracts.registry.vocabulary import PersonalData, RecruitmentDecision, TaskKind
from shared.testing.scenario import Fact, fact, given
from tests.registry.domain.people import (
    APPLIED,
    CORRECTION,
    ENROLLED_HISTORY,
    EXITED,
    EXITED_HISTORY,
    RULES,
    STARTED,
    TODAY,
    WORKING,
    decided,
    enrolled,
    registered,
    scored,
)

DAY = timedelta(1)
OUTCOME = DueTask(TaskKind.RECORD_OUTCOME, EXITED, EXITED + 28 * DAY)
FOLLOW_UP = DueTask(TaskKind.RECORD_FOLLOW_UP, date(2026, 9, 30), date(2026, 10, 28))


def tasks(*history: Fact) -> tuple[DueTask, ...]:
    participant = given(Participant, *history).aggregate()
    found = gaps_of(participant, today=TODAY, suspected=False, rules=RULES)
    return due_tasks(participant, found, RULES)


def test_nothing_is_due_of_a_complete_record_in_support() -> None:
    assert tasks(*ENROLLED_HISTORY) == ()


def test_an_incomplete_record_is_due_four_weeks_after_the_start() -> None:
    assert tasks(registered(PersonalData())) == (DueTask(TaskKind.COMPLETE_RECORD, APPLIED, None),)
    assert tasks(registered(PersonalData()), enrolled) == (
        DueTask(TaskKind.COMPLETE_RECORD, APPLIED, STARTED + 28 * DAY),
    )


def test_the_record_of_a_refused_applicant_stays_as_it_is() -> None:
    refused = decided(RecruitmentDecision.REFUSE)
    assert tasks(registered(PersonalData()), scored, refused) == ()


def test_results_are_due_after_an_exit_until_they_are_recorded() -> None:
    observed = fact(Participant.OutcomeRecorded, EXITED, situation=WORKING)
    followed = fact(Participant.FollowUpRecorded, FOLLOW_UP.opens_on, situation=WORKING)
    assert tasks(*EXITED_HISTORY) == (OUTCOME, FOLLOW_UP)
    assert tasks(*EXITED_HISTORY, observed) == (FOLLOW_UP,)
    assert tasks(*EXITED_HISTORY, observed, followed) == ()


def test_a_re_entry_takes_the_results_off_the_list() -> None:
    again = fact(Participant.ReEntered, EXITED + DAY, support="SZK/2")
    assert tasks(*EXITED_HISTORY, again) == ()


def test_a_correction_waits_for_its_decision() -> None:
    asked = fact(
        Participant.CorrectionRequested,
        EXITED,
        correction_id=CORRECTION,
        requested_by="oidc|caseworker",
        in_force_on=EXITED,
        fields=("/identity/pesel",),
        reason="Błędny numer.",
        source_document="A/1",
    )
    refused = fact(
        Participant.CorrectionRejected,
        EXITED,
        correction_id=CORRECTION,
        decided_by="oidc|coordinator",
        justification="Numer jest poprawny.",
    )
    due = DueTask(TaskKind.DECIDE_CORRECTION, EXITED, EXITED + 14 * DAY, CORRECTION)
    assert tasks(*ENROLLED_HISTORY, asked) == (due,)
    assert tasks(*ENROLLED_HISTORY, asked, refused) == ()


def test_a_merged_record_has_no_tasks() -> None:
    one = "00000000-0000-4000-8000-000000000002"
    merged = fact(Participant.MergedInto, EXITED, into=one, case_id=one)
    assert tasks(*EXITED_HISTORY, merged) == ()
