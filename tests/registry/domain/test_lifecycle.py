"""From application to the final exit: which step follows which, and on what day."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    SpecialData,
    Status,
)
from shared.testing.scenario import fact, given, rejected
from tests.registry.domain.people import (
    ADMITTED,
    ADMITTED_HISTORY,
    APPLIED,
    DECIDER,
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
    admitted,
    dated,
    decided,
    declared,
    enrolled,
    exited,
    registered,
    scored,
)

DAY = timedelta(1)


def register(participant: Participant, **changes: Any) -> None:
    application = {
        "kind": Kind.DEPENDENT,
        "partner": "gdansk",
        "applied_on": APPLIED,
        "reference": "GD/17",
        "personal": ZOFIA,
    }
    participant.register(**{**application, **changes}, **dated)


def score(participant: Participant, **changes: Any) -> None:
    participant.score_application(
        **{"scored_on": SCORED, "points": POINTS, "by": SCORER, **changes}, **dated
    )


def decide(participant: Participant, **changes: Any) -> None:
    decision = {
        "decided_on": ADMITTED,
        "decision": RecruitmentDecision.ADMIT,
        "justification": "Najwyższa liczba punktów.",
        "by": DECIDER,
    }
    participant.decide_recruitment(**{**decision, **changes}, **dated)


def enrol(participant: Participant, started_on: date = STARTED) -> None:
    participant.enrol(started_on=started_on, support="SZK/1", **dated)


def leave(participant: Participant, exited_on: date = EXITED) -> None:
    participant.exit(
        exited_on=exited_on,
        reason=ExitReason.COMPLETED,
        as_planned=True,
        note="Zakończyła kurs.",
        today=TODAY,
    )


class TestApplication:
    def test_an_application_is_recorded_with_what_is_known(self) -> None:
        given(Participant).when(register).then(registered())

    def test_an_empty_application_is_accepted(self) -> None:
        given(Participant).when(
            lambda p: register(p, personal=PersonalData(), reference=None)
        ).then(fact(Participant.Registered, APPLIED, kind=Kind.DEPENDENT, partner="gdansk"))

    def test_an_application_of_tomorrow_is_refused(self) -> None:
        given(Participant).when(lambda p: register(p, applied_on=TODAY + DAY)).then(
            rejected("date_in_future", {"not_after": TODAY.isoformat()}, pointer="/applied_on")
        )

    @pytest.mark.parametrize("day", [date.min, date(2004, 4, 30)])
    def test_a_day_that_no_rules_know_is_refused(self, day: date) -> None:
        given(Participant).when(lambda p: register(p, applied_on=day)).then(
            rejected("rules.none_in_force", pointer="/applied_on")
        )
        for refused, act in {
            "/changed_on": lambda p: p.update(changed_on=day, personal=PersonalData(), **dated),
            "/given_on": lambda p: p.give_consent(
                purpose=Purpose.IMAGE, text_version="1", given_on=day, **dated
            ),
        }.items():
            given(Participant, registered()).when(act).then(
                rejected("rules.none_in_force", pointer=refused)
            )

    def test_a_record_is_registered_once(self) -> None:
        given(Participant, registered()).when(register).then(
            rejected("registry.already_registered")
        )


class TestScoring:
    def test_a_score_keeps_the_version_of_the_criteria_their_inputs_and_who_scored(self) -> None:
        given(Participant, registered()).when(score).then(scored)

    def test_an_unknown_criterion_is_refused(self) -> None:
        given(Participant, registered()).when(
            lambda p: score(p, points={**POINTS, "looks": 5})
        ).then(rejected("registry.criterion_unknown", pointer="/points"))

    def test_every_criterion_gets_points(self) -> None:
        given(Participant, registered()).when(lambda p: score(p, points={"motivation": 5})).then(
            rejected("registry.criterion_missing")
        )

    @pytest.mark.parametrize("points", [-1, 31])
    def test_points_stay_within_the_range_of_their_criterion(self, points: int) -> None:
        given(Participant, registered()).when(
            lambda p: score(p, points={**POINTS, "motivation": points})
        ).then(
            rejected("registry.points_out_of_range", {"maximum": 30}, pointer="/points/motivation")
        )

    def test_nobody_is_scored_before_applying(self) -> None:
        given(Participant, registered()).when(lambda p: score(p, scored_on=APPLIED - DAY)).then(
            rejected("date_too_early", {"not_before": "2026-01-05"}, pointer="/scored_on")
        )

    def test_an_appeal_is_a_new_scoring(self) -> None:
        refused = decided(RecruitmentDecision.REFUSE)
        given(Participant, registered(), scored, refused).when(
            lambda p: score(p, scored_on=ADMITTED)
        ).then(fact(Participant.Scored, ADMITTED, **scored.values))

    def test_who_is_admitted_is_not_scored_again(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(lambda p: score(p, scored_on=STARTED)).then(
            rejected("registry.wrong_status")
        )


class TestRecruitmentDecision:
    def test_a_person_decides_and_is_recorded_with_the_score_and_its_criteria(self) -> None:
        given(Participant, registered(), scored).when(decide).then(admitted)

    def test_who_scored_does_not_decide(self) -> None:
        given(Participant, registered(), scored).when(lambda p: decide(p, by=SCORER)).then(
            rejected("four_eyes")
        )

    def test_nobody_is_admitted_unscored(self) -> None:
        given(Participant, registered()).when(decide).then(rejected("registry.wrong_status"))

    def test_nobody_is_admitted_below_the_minimum(self) -> None:
        low = dict.fromkeys(POINTS, 0) | {"motivation": 30}
        poor = fact(Participant.Scored, SCORED, **{**scored.values, "points": low, "total": 30})
        given(Participant, registered(), poor).when(decide).then(
            rejected("registry.score_below_minimum", {"total": 30, "minimum": 40})
        )

    def test_below_the_minimum_one_may_be_refused(self) -> None:
        poor = fact(Participant.Scored, SCORED, **{**scored.values, "total": 30})
        given(Participant, registered(), poor).when(
            lambda p: decide(p, decision=RecruitmentDecision.REFUSE)
        ).then(
            fact(
                Participant.RecruitmentDecided,
                ADMITTED,
                **{**admitted.values, "decision": RecruitmentDecision.REFUSE, "total": 30},
            )
        )

    def test_a_place_that_became_free_goes_to_the_reserve_list(self) -> None:
        given(Participant, registered(), scored, decided(RecruitmentDecision.RESERVE)).when(
            decide
        ).then(admitted)

    def test_the_same_decision_twice_says_nothing_new(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(decide).then(
            rejected("registry.decision_unchanged")
        )


class TestEnrolment:
    def test_support_starts_for_an_admitted_and_eligible_person(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(enrol).then(enrolled)

    @pytest.mark.parametrize("decision", [RecruitmentDecision.RESERVE, RecruitmentDecision.REFUSE])
    def test_support_does_not_start_without_admission(self, decision: RecruitmentDecision) -> None:
        given(Participant, registered(), declared, scored, decided(decision)).when(enrol).then(
            rejected("registry.wrong_status")
        )

    def test_support_does_not_start_before_admission(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(lambda p: enrol(p, ADMITTED - DAY)).then(
            rejected("date_too_early", pointer="/started_on")
        )

    def test_support_may_start_on_the_day_of_admission(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(lambda p: enrol(p, ADMITTED)).then(
            fact(Participant.Enrolled, ADMITTED, support="SZK/1")
        )

    def test_a_start_may_be_recorded_late_but_not_ahead(self) -> None:
        given(Participant, *ADMITTED_HISTORY).when(lambda p: enrol(p, TODAY + DAY)).then(
            rejected("date_in_future", pointer="/started_on")
        )

    def test_the_declaration_of_participation_comes_first(self) -> None:
        given(Participant, registered(), scored, admitted).when(enrol).then(
            rejected("registry.consent_missing", {"purpose": "participation"})
        )

    def test_without_a_ground_nobody_is_of_the_dependent_groups(self) -> None:
        groundless = ZOFIA.model_copy(update={"special": SpecialData()})
        given(Participant, registered(groundless), declared, scored, admitted).when(enrol).then(
            rejected("registry.ground_missing", {"field": "/special/grounds"})
        )


class TestSupport:
    def test_support_is_suspended_and_resumed(self) -> None:
        on, off = STARTED + DAY, STARTED + 9 * DAY
        suspended = fact(Participant.Suspended, on, reason="Pobyt w szpitalu.")
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: p.suspend(suspended_on=on, reason="Pobyt w szpitalu.", today=TODAY)
        ).then(suspended)
        given(Participant, *ENROLLED_HISTORY, suspended).when(
            lambda p: p.resume(resumed_on=off, today=TODAY)
        ).then(fact(Participant.Resumed, off))

    def test_what_runs_is_not_resumed(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: p.resume(resumed_on=EXITED, today=TODAY)
        ).then(
            rejected(
                "registry.wrong_status",
                {
                    "status": "enrolled",
                    "allowed": ["suspended"],
                },
            )
        )

    def test_one_leaves_with_a_reason(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(leave).then(exited())

    def test_one_may_leave_while_suspended(self) -> None:
        suspended = fact(Participant.Suspended, STARTED, reason="Pobyt w szpitalu.")
        given(Participant, *ENROLLED_HISTORY, suspended).when(leave).then(exited())

    def test_one_does_not_leave_before_the_start(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(lambda p: leave(p, STARTED - DAY)).then(
            rejected("date_too_early", pointer="/exited_on")
        )


class TestReEntry:
    AGAIN = EXITED + 40 * DAY

    def again(self, participant: Participant, on: date = AGAIN) -> None:
        participant.re_enter(re_entered_on=on, support="SZK/2", today=TODAY)

    def test_support_starts_again_after_an_exit(self) -> None:
        given(Participant, *EXITED_HISTORY).when(self.again).then(
            fact(Participant.ReEntered, self.AGAIN, support="SZK/2")
        )

    def test_the_first_start_stays_and_results_wait_for_the_final_exit(self) -> None:
        again = fact(Participant.ReEntered, self.AGAIN, support="SZK/2")
        participant = given(Participant, *EXITED_HISTORY, again).aggregate()
        assert participant.started_on == STARTED
        assert participant.status is Status.ENROLLED
        first, second = participant.episodes
        assert (first.exited_on, second.exited_on) == (EXITED, None)

    def test_a_day_of_exit_is_not_a_day_of_re_entry(self) -> None:
        given(Participant, *EXITED_HISTORY).when(lambda p: self.again(p, EXITED)).then(
            rejected("registry.still_in_support", pointer="/re_entered_on")
        )

    def test_who_never_left_does_not_re_enter(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(self.again).then(
            rejected("registry.wrong_status")
        )


class TestConsents:
    def test_a_consent_is_to_a_purpose_and_a_version_of_its_text(self) -> None:
        given(Participant, registered()).when(
            lambda p: p.give_consent(
                purpose=Purpose.PARTICIPATION, text_version="2026-1", given_on=APPLIED, **dated
            )
        ).then(declared)

    def test_the_same_consent_twice_says_nothing_new(self) -> None:
        given(Participant, registered(), declared).when(
            lambda p: p.give_consent(
                purpose=Purpose.PARTICIPATION, text_version="2026-1", given_on=SCORED, **dated
            )
        ).then(rejected("registry.consent_already_given"))

    def test_a_withdrawn_consent_is_withdrawn_for_the_future_only(self) -> None:
        withdrawn = fact(Participant.ConsentWithdrawn, EXITED, purpose=Purpose.PARTICIPATION)
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: p.withdraw_consent(
                purpose=Purpose.PARTICIPATION, withdrawn_on=EXITED, today=TODAY
            )
        ).then(withdrawn)
        (consent,) = given(Participant, *ENROLLED_HISTORY, withdrawn).aggregate().consents
        assert consent.in_force(EXITED - DAY)
        assert not consent.in_force(EXITED)

    def test_what_was_never_given_is_not_withdrawn(self) -> None:
        given(Participant, registered()).when(
            lambda p: p.withdraw_consent(purpose=Purpose.IMAGE, withdrawn_on=EXITED, today=TODAY)
        ).then(rejected("registry.consent_not_in_force"))


def test_a_rule_that_begins_after_the_project_is_found_when_the_rules_are_read() -> None:
    texts = [path.read_text() for path in sorted(Path("services/registry/rules").glob("*.toml"))]
    earlier = [
        text.replace("[[project]]\nvalid_from = 2004", "[[project]]\nvalid_from = 1994")
        for text in texts
    ]
    with pytest.raises(ValueError, match="is not in force throughout the project"):
        RegistryRules.parse(earlier)


def test_the_rules_know_the_targets_of_the_project() -> None:
    assert RULES.project.on(TODAY).targets == {Kind.DEPENDENT: 250, Kind.STAFF: 170}
