"""Corrections of steps of the lifecycle: asked for, and decided by another person."""

from uuid import UUID

import pytest

from services.registry.domain.corrections import CorrectionState, StepsChange
from services.registry.domain.participant import Participant
from services.registry.domain.steps import StepFacts
from shared.contracts.registry.vocabulary import (
    CorrectedStep,
    ExitReason,
    MonitoringData,
    StepKind,
)
from shared.kernel.personal import ERASED
from shared.testing.scenario import fact, given, rejected
from tests.registry.domain.people import (
    ADMITTED_HISTORY,
    CORRECTION,
    ENROLLED_HISTORY,
    EXITED,
    EXITED_HISTORY,
    SCORER,
    STARTED,
    TODAY,
    exited,
)
from tests.registry.domain.wrong_steps import (
    DAY,
    EXIT,
    OBSERVED,
    OUTCOME,
    OUTCOME_HISTORY,
    RIGHT_START,
    SEARCHING,
    START,
    corrected,
    decide,
    on,
    request,
    requested,
)


class TestRequestAndDecision:
    def test_a_request_changes_nothing_by_itself(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(request).then(requested())
        assert given(Participant, *ENROLLED_HISTORY, requested()).aggregate().started_on == STARTED

    def test_another_person_approves_and_the_recorded_fact_stays_in_the_history(self) -> None:
        given(Participant, *ENROLLED_HISTORY, requested()).when(decide).then(corrected())
        participant = given(Participant, *ENROLLED_HISTORY, requested(), corrected()).aggregate()
        assert participant.started_on == participant.latest_on == RIGHT_START
        correction = participant.corrections[CORRECTION]
        assert correction.state is CorrectionState.APPROVED
        assert isinstance(correction.change, StepsChange)
        assert correction.change.before == (StepFacts(STARTED),)
        assert correction.change.after == (StepFacts(RIGHT_START),)

    @pytest.mark.parametrize("approve", [True, False])
    def test_nobody_decides_on_their_own_request(self, *, approve: bool) -> None:
        given(Participant, *ENROLLED_HISTORY, requested()).when(
            lambda p: decide(p, by=SCORER, approve=approve)
        ).then(rejected("four_eyes"))

    def test_a_rejected_request_changes_nothing(self) -> None:
        refused = given(Participant, *ENROLLED_HISTORY, requested()).when(
            lambda p: decide(p, approve=False)
        )
        assert [type(event) for event in refused.recorded] == [Participant.CorrectionRejected]
        participant = given(Participant, *ENROLLED_HISTORY, requested()).aggregate()
        decide(participant, approve=False)
        assert participant.started_on == STARTED

    def test_what_another_correction_changed_meanwhile_is_overtaken(self) -> None:
        other = UUID(int=9)
        moved = {
            "steps": (
                CorrectedStep(
                    version=START, step=StepKind.START, was_on=STARTED, is_on=STARTED + DAY
                ),
            )
        }
        history = (
            *ENROLLED_HISTORY,
            requested(),
            requested(other, **moved),
            corrected(other, **moved),
        )
        given(Participant, *history).when(decide).then(
            rejected("registry.correction_overtaken", {"versions": [START]})
        )

    def test_a_second_correction_starts_from_the_first(self) -> None:
        history = (*ENROLLED_HISTORY, requested(), corrected())
        again = given(Participant, *history).aggregate()
        request(again, on(START, STARTED), correction_id=UUID(int=9))
        decide(again, correction_id=UUID(int=9))
        assert again.started_on == STARTED
        first, second = again.corrections.values()
        assert isinstance(first.change, StepsChange)
        assert isinstance(second.change, StepsChange)
        assert first.change.before == second.change.after == (StepFacts(STARTED),)
        assert first.change.after == second.change.before == (StepFacts(RIGHT_START),)

    def test_what_happened_since_the_request_may_stand_against_it(self) -> None:
        early = exited(STARTED + 2 * DAY)
        given(Participant, *ENROLLED_HISTORY, requested(), early).when(decide).then(
            rejected(
                "date_too_early",
                {
                    "not_before": RIGHT_START.isoformat(),
                    "version": 7,
                    "step": "exit",
                    "occurred_on": (STARTED + 2 * DAY).isoformat(),
                },
            )
        )

    def test_a_merged_record_is_not_corrected(self) -> None:
        one = UUID(int=5)
        merged = fact(Participant.MergedInto, EXITED, into=one, case_id=one)
        given(Participant, *ENROLLED_HISTORY, merged).when(request).then(
            rejected("registry.wrong_status")
        )
        given(Participant, *ENROLLED_HISTORY, requested(), merged).when(decide).then(
            rejected("registry.wrong_status")
        )

    def test_the_record_that_was_kept_stays_the_one_that_started_first(self) -> None:
        kept = given(Participant, *ENROLLED_HISTORY, requested())
        started_since = fact(Participant.Enrolled, STARTED + DAY, support="SZK/1")
        merged = given(Participant, *ENROLLED_HISTORY[:-1], started_since).aggregate()
        kept.when(lambda p: decide(p, merged=[merged])).then(
            rejected("registry.kept_started_later")
        )
        never_started = given(Participant, *ADMITTED_HISTORY).aggregate()
        kept.when(lambda p: decide(p, merged=[never_started])).then(corrected())


class TestRequest:
    @pytest.mark.parametrize("version", [7, 6, 99])
    def test_only_a_step_can_be_corrected(self, version: int) -> None:
        update = fact(Participant.Updated, EXITED, monitoring=MonitoringData(citizenship="UA"))
        given(Participant, *ENROLLED_HISTORY, update).when(
            lambda p: request(p, on(START, RIGHT_START), on(version, EXITED))
        ).then(rejected("registry.step_unknown", {"version": version}, pointer="/steps/1/version"))

    def test_a_step_is_given_once(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: request(p, on(START, RIGHT_START), on(START, EXITED))
        ).then(rejected("registry.step_doubled", {"version": START}, pointer="/steps/1/version"))

    def test_what_the_step_does_not_tell_is_refused_by_name(self) -> None:
        given(Participant, *EXITED_HISTORY).when(
            lambda p: request(p, on(START, RIGHT_START, as_planned=True))
        ).then(
            rejected("registry.fact_not_of_step", {"step": "start"}, pointer="/steps/0/as_planned")
        )

    def test_what_is_recorded_so_already_is_nothing_new(self) -> None:
        same = on(EXIT, EXITED, exit_reason=ExitReason.COMPLETED, as_planned=True)
        given(Participant, *EXITED_HISTORY).when(
            lambda p: request(p, on(START, STARTED), same)
        ).then(rejected("nothing_changed"))

    def test_only_what_differs_is_recorded(self) -> None:
        given(Participant, *OUTCOME_HISTORY).when(
            lambda p: request(
                p,
                on(START, STARTED),
                on(EXIT, EXITED, exit_reason=ExitReason.FOUND_WORK, as_planned=False),
                on(OUTCOME, OBSERVED + DAY, situation=SEARCHING),
            )
        ).then(
            requested(
                steps=(
                    CorrectedStep(
                        version=EXIT,
                        step=StepKind.EXIT,
                        was_on=EXITED,
                        is_on=EXITED,
                        as_planned=False,
                    ),
                    CorrectedStep(
                        version=OUTCOME,
                        step=StepKind.OUTCOME,
                        was_on=OBSERVED,
                        is_on=OBSERVED + DAY,
                    ),
                ),
                exit_reasons={EXIT: ExitReason.FOUND_WORK},
                situations={OUTCOME: SEARCHING},
            )
        )

    def test_a_day_yet_to_come_is_refused(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: request(p, on(START, TODAY + DAY))
        ).then(rejected("date_in_future", pointer="/steps/0/occurred_on"))

    def test_what_cannot_be_read_is_not_corrected(self) -> None:
        erased = fact(Participant.Exited, EXITED, reason=ERASED, as_planned=True)
        given(Participant, *ENROLLED_HISTORY, erased).when(
            lambda p: request(p, on(EXIT, exit_reason=ExitReason.MOVED))
        ).then(rejected("subject_erased"))
