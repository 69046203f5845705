"""Corrected steps are judged on their right days, and everything follows from these."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.corrections import StepsChange
from services.registry.domain.countability import gaps_of
from services.registry.domain.participant import Participant
from services.registry.domain.tasks import due_tasks
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import (
    CorrectedStep,
    ExitReason,
    Kind,
    LabourStatus,
    MonitoringData,
    Purpose,
    RecruitmentDecision,
    Status,
    StepKind,
    TaskKind,
)
from shared.kernel.personal import ERASED
from shared.testing.scenario import Fact, fact, given
from tests.registry.domain.people import (
    ADMITTED,
    APPLIED,
    CORRECTION,
    ENROLLED_HISTORY,
    EXITED,
    EXITED_HISTORY,
    POINTS,
    RULES,
    SCORED,
    SCORER,
    STARTED,
    TODAY,
    ZOFIA,
    dated,
    decided,
    declared,
    enrolled,
    registered,
    scored,
)
from tests.registry.domain.wrong_steps import (
    APPLICATION,
    ASKED,
    CONSENT,
    DAY,
    DECISION,
    EXIT,
    OBSERVED,
    OUTCOME,
    OUTCOME_HISTORY,
    RIGHT_START,
    SCORING,
    SEARCHING,
    START,
    after,
    corrected,
    decide,
    on,
    request,
    requested,
)


def refused(history: tuple[Fact, ...], *steps: RightStep) -> tuple[str, Any]:
    """The code of a refusal, and the step that could not have been recorded so."""
    refusal = given(Participant, *history).when(lambda p: request(p, *steps)).refusal
    assert refusal is not None
    assert refusal.pointer == "/steps"
    return refusal.code, refusal.details.get("step")


class TestJudgedOnTheRightDay:
    @pytest.mark.parametrize(
        ("version", "day", "code", "step"),
        [
            (APPLICATION, date(2004, 4, 30), "rules.none_in_force", "application"),
            (APPLICATION, SCORED + DAY, "date_too_early", "scoring"),
            (SCORING, APPLIED - DAY, "date_too_early", "scoring"),
            (DECISION, STARTED + DAY, "date_too_early", "start"),
            (START, ADMITTED - DAY, "date_too_early", "start"),
            (START, EXITED + DAY, "date_too_early", "exit"),
            (EXIT, OBSERVED + DAY, "registry.outside_window", "outcome"),
            (EXIT, OBSERVED - 29 * DAY, "registry.outside_window", "outcome"),
            (OUTCOME, EXITED + 29 * DAY, "registry.outside_window", "outcome"),
            (CONSENT, STARTED + DAY, "registry.consent_missing", "start"),
        ],
    )
    def test_what_could_not_have_been_recorded_is_refused(
        self, version: int, day: date, code: str, step: str
    ) -> None:
        assert refused(OUTCOME_HISTORY, on(version, day)) == (code, step)

    def test_steps_that_hang_together_are_corrected_together(self) -> None:
        """An exit a month late, with the observation after it: neither could move alone."""
        exit_on, observed_on = EXITED - 40 * DAY, OBSERVED - 40 * DAY
        assert refused(OUTCOME_HISTORY, on(EXIT, exit_on))[0] == "registry.outside_window"
        assert refused(OUTCOME_HISTORY, on(OUTCOME, observed_on))[0] == "registry.outside_window"
        participant = after(OUTCOME_HISTORY, on(OUTCOME, observed_on), on(EXIT, exit_on))
        (episode,) = participant.episodes
        assert (episode.exited_on, episode.outcome_observed_on) == (exit_on, observed_on)

    def test_the_age_counts_on_the_right_start(self) -> None:
        minor = ZOFIA.monitoring.model_copy(update={"born_on": date(2008, 2, 2)})
        unnumbered = ZOFIA.identity.model_copy(update={"pesel": None})
        young = ZOFIA.model_copy(update={"monitoring": minor, "identity": unnumbered})
        history = (
            registered(young),
            declared,
            scored,
            decided(RecruitmentDecision.ADMIT),
            enrolled,
        )
        assert refused(history, on(START, STARTED - DAY)) == ("registry.too_young", "start")
        assert after(history, on(START, STARTED + DAY)).started_on == STARTED + DAY

    def test_points_of_one_version_of_the_criteria_are_not_those_of_another(self) -> None:
        earlier = RULES.criteria[Kind.DEPENDENT].on(SCORED)
        other = fact(
            Participant.Scored,
            SCORED,
            scored_by=SCORER,
            criteria_version=f"{earlier.version}-other",
            points=POINTS,
            total=70,
        )
        history = (registered(), declared, other)
        assert refused(history, on(SCORING, SCORED + DAY)) == (
            "registry.other_criteria_in_force",
            "scoring",
        )

    def test_a_withdrawal_stays_within_its_consent(self) -> None:
        withdrawn = fact(Participant.ConsentWithdrawn, EXITED, purpose=Purpose.PARTICIPATION)
        history = (*ENROLLED_HISTORY, withdrawn)
        withdrawal = 6
        assert refused(history, on(withdrawal, APPLIED - DAY)) == (
            "registry.consent_not_in_force",
            "consent_withdrawal",
        )
        participant = after(history, on(withdrawal, EXITED + DAY))
        assert [c.withdrawn_on for c in participant.consents] == [EXITED + DAY]
        change = participant.corrections[CORRECTION].change
        assert isinstance(change, StepsChange)
        assert [step.purpose for step in change.amendment.steps] == [Purpose.PARTICIPATION]

    def test_a_return_stays_after_its_exit(self) -> None:
        again = fact(Participant.ReEntered, EXITED + 5 * DAY, support="SZK/2")
        history = (*EXITED_HISTORY, again)
        assert refused(history, on(EXIT, EXITED + 5 * DAY)) == (
            "registry.still_in_support",
            "re_entry",
        )
        participant = after(history, on(7, EXITED + DAY))
        assert [e.started_on for e in participant.episodes] == [STARTED, EXITED + DAY]
        assert participant.status is Status.ENROLLED

    def test_an_application_cannot_overtake_what_changed_since(self) -> None:
        """Else the values of the application would hide the later ones, or come to light anew."""
        found_work = MonitoringData(labour_status=LabourStatus.EMPLOYED)
        updated = fact(Participant.Updated, APPLIED + DAY, monitoring=found_work)
        history = (registered(), updated)
        assert refused(history, on(APPLICATION, APPLIED + 2 * DAY)) == (
            "registry.correction_crosses_update",
            None,
        )
        participant = after(history, on(APPLICATION, APPLIED - DAY))
        assert participant.applied_on == APPLIED - DAY
        assert participant.personal.current().value("/monitoring/labour_status") == "employed"


class TestWhatFollows:
    def test_the_terms_run_from_the_right_days(self) -> None:
        participant = after(EXITED_HISTORY, on(EXIT, EXITED - 10 * DAY))
        gaps = gaps_of(participant, today=TODAY, suspected=False, rules=RULES)
        due = {task.kind: task for task in due_tasks(participant, gaps, RULES)}
        assert due[TaskKind.RECORD_OUTCOME].due_on == EXITED + 18 * DAY
        assert due[TaskKind.RECORD_FOLLOW_UP].opens_on == date(2026, 9, 21)

    def test_an_incomplete_record_is_due_by_the_right_start(self) -> None:
        schooling = ZOFIA.monitoring.model_copy(update={"education": None})
        unschooled = registered(ZOFIA.model_copy(update={"monitoring": schooling}))
        participant = after((unschooled, *ENROLLED_HISTORY[1:]))
        gaps = gaps_of(participant, today=TODAY, suspected=False, rules=RULES)
        (task,) = due_tasks(participant, gaps, RULES)
        assert (task.kind, task.due_on) == (TaskKind.COMPLETE_RECORD, RIGHT_START + 28 * DAY)

    def test_the_reason_and_the_situation_are_corrected(self) -> None:
        participant = after(
            OUTCOME_HISTORY,
            on(EXIT, exit_reason=ExitReason.FOUND_WORK, as_planned=False),
            on(OUTCOME, situation=SEARCHING),
        )
        (episode,) = participant.episodes
        assert (episode.exit_reason, episode.as_planned) == (ExitReason.FOUND_WORK, False)
        assert episode.outcome == SEARCHING
        assert (episode.exited_on, episode.outcome_observed_on) == (EXITED, OBSERVED)

    def test_an_erased_correction_leaves_an_erased_reason_and_the_right_day(self) -> None:
        gone = fact(Participant.Exited, EXITED, reason=ERASED, as_planned=True, note=ERASED)
        step = CorrectedStep(version=EXIT, step=StepKind.EXIT, was_on=EXITED, is_on=EXITED - DAY)
        right: dict[str, Any] = {"steps": (step,), "exit_reasons": ERASED}
        participant = given(
            Participant, *ENROLLED_HISTORY, gone, requested(**right), corrected(**right)
        ).aggregate()
        (episode,) = participant.episodes
        assert (episode.exited_on, episode.exit_reason) == (EXITED - DAY, ERASED)

    def test_a_correction_of_the_personal_record_still_finds_its_value(self) -> None:
        """A request about a value of the application waits while the application's day moves."""
        participant = given(Participant, registered()).aggregate()
        asked = UUID(int=8)
        participant.request_correction(
            correction_id=asked,
            requested_on=ASKED,
            in_force_on=APPLIED,
            personal=ZOFIA.model_copy(
                update={"monitoring": MonitoringData(labour_status=LabourStatus.INACTIVE)}
            ),
            retracted=(),
            reason="Błąd.",
            source_document="A/1",
            by=SCORER,
            **dated,
        )
        request(participant, on(APPLICATION, APPLIED - DAY))
        decide(participant)
        decide(participant, correction_id=asked)
        assert participant.personal.on(APPLIED).value("/monitoring/labour_status") == "inactive"
