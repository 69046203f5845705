"""One participant's course in one edition: given, when, then."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from services.training.domain.participation import (
    Course,
    Minimum,
    Participation,
    learning_gain,
)
from services.training.domain.progress import Progress
from shared.contracts.training.vocabulary import CertifyingBody, CompetenceStage, Outcome
from shared.contracts.training.vocabulary import TestPhase as Phase
from shared.testing.scenario import Fact, fact, given, rejected
from tests.training.domain.courses import content, qualification
from tests.training.domain.sessions import ANNA, EDITION

FIRST = date(2026, 3, 2)
STANDARD = date(2026, 2, 1)
ASSESSED = date(2026, 4, 1)
TODAY = date(2026, 5, 1)
DAY = timedelta(1)
BOTH = ("K1", "U1")
BODY = CertifyingBody(name="Izba Rzemieślnicza", register_number="ZRK/12")
TWO_OUTCOMES = (Outcome(code="K1", text="Knows"), Outcome(code="U1", text="Can"))
COMPETENCE = Course(EDITION, ANNA, content(outcomes=TWO_OUTCOMES), FIRST)
QUALIFICATION = Course(EDITION, ANNA, qualification(), FIRST)
WHO: dict[str, Any] = {"edition_id": EDITION, "participant_id": ANNA}


def scored(phase: Phase, on: date, points: int) -> Fact:
    return fact(Participation.TestTaken, on, phase=phase, points=points, maximum=20, **WHO)


def take(participation: Participation, phase: Phase, on: date, points: int) -> None:
    participation.take_test(
        COMPETENCE, phase=phase, taken_on=on, points=points, maximum=20, today=TODAY
    )


class TestTests:
    def test_points_are_kept_with_their_maximum(self) -> None:
        given(Participation).when(lambda p: take(p, Phase.PRE, FIRST, 8)).then(
            scored(Phase.PRE, FIRST, 8)
        )

    def test_there_are_no_more_points_than_the_maximum(self) -> None:
        given(Participation).when(lambda p: take(p, Phase.PRE, FIRST, 21)).then(
            rejected("training.points_over_maximum", {"maximum": 20}, pointer="/points")
        )

    def test_the_pre_test_is_not_later_than_the_post_test(self) -> None:
        given(Participation, scored(Phase.PRE, ASSESSED, 8)).when(
            lambda p: take(p, Phase.POST, FIRST, 15)
        ).then(rejected("date_too_early", {"not_before": "2026-04-01"}, pointer="/taken_on"))
        given(Participation, scored(Phase.POST, FIRST, 15)).when(
            lambda p: take(p, Phase.PRE, ASSESSED, 8)
        ).then(rejected("training.tests_out_of_order", pointer="/taken_on"))

    def test_a_later_result_of_a_phase_is_the_newer_one(self) -> None:
        history = given(Participation, scored(Phase.PRE, FIRST, 8))
        history.when(lambda p: take(p, Phase.PRE, FIRST, 9)).then(scored(Phase.PRE, FIRST, 9))
        history.when(lambda p: take(p, Phase.PRE, FIRST, 8)).then()

    def test_the_learning_gain_is_in_percentage_points_rounded_down(self) -> None:
        assert learning_gain((5, 20), (2, 3)) == 41
        assert learning_gain((2, 3), (5, 20)) == -42


def staged(stage: CompetenceStage, on: date, achieved: tuple[str, ...] = BOTH) -> Fact:
    return fact(
        Participation.CompetenceStageReached,
        on,
        stage=stage,
        achieved=achieved,
        source_document="EGZ/1",
        **WHO,
    )


def reach(
    participation: Participation,
    stage: CompetenceStage,
    on: date,
    *,
    achieved: tuple[str, ...] = BOTH,
    course: Course = COMPETENCE,
) -> None:
    participation.reach_stage(
        course,
        stage=stage,
        reached_on=on,
        achieved=achieved,
        source_document="EGZ/1",
        today=TODAY,
    )


CONFIRMED = fact(Participation.CompetenceConfirmed, ASSESSED, programme_code="KUCH/1", **WHO)


class TestCompetence:
    def test_four_stages_with_every_outcome_shown_confirm_a_competence(self) -> None:
        assessed = staged(CompetenceStage.ASSESSMENT, ASSESSED)
        given(Participation).when(lambda p: reach(p, CompetenceStage.ASSESSMENT, ASSESSED)).then(
            assessed
        )
        given(Participation, assessed).when(
            lambda p: reach(p, CompetenceStage.COMPARISON, ASSESSED)
        ).then(staged(CompetenceStage.COMPARISON, ASSESSED), CONFIRMED)

    def test_an_outcome_that_was_not_shown_confirms_nothing(self) -> None:
        given(Participation, staged(CompetenceStage.ASSESSMENT, ASSESSED)).when(
            lambda p: reach(p, CompetenceStage.COMPARISON, ASSESSED, achieved=("K1",))
        ).then(staged(CompetenceStage.COMPARISON, ASSESSED, ("K1",)))

    def test_the_comparison_comes_after_the_assessment(self) -> None:
        given(Participation).when(lambda p: reach(p, CompetenceStage.COMPARISON, ASSESSED)).then(
            rejected("training.stages_out_of_order", pointer="/reached_on")
        )
        given(Participation, staged(CompetenceStage.ASSESSMENT, ASSESSED)).when(
            lambda p: reach(p, CompetenceStage.COMPARISON, ASSESSED - DAY)
        ).then(rejected("training.stages_out_of_order"))

    def test_the_standard_was_laid_down_on_an_earlier_day_than_the_assessment(self) -> None:
        late = content(outcomes=TWO_OUTCOMES, standard_on=ASSESSED)
        given(Participation).when(
            lambda p: reach(
                p, CompetenceStage.ASSESSMENT, ASSESSED, course=COMPETENCE._replace(content=late)
            )
        ).then(rejected("training.stages_out_of_order", pointer="/reached_on"))

    def test_only_outcomes_of_the_programme_are_shown(self) -> None:
        given(Participation).when(
            lambda p: reach(p, CompetenceStage.ASSESSMENT, ASSESSED, achieved=("K1", "X9"))
        ).then(rejected("training.outcome_unknown", {"codes": ["X9"]}, pointer="/achieved"))

    def test_a_confirmed_competence_is_not_assessed_again(self) -> None:
        history = (
            staged(CompetenceStage.ASSESSMENT, ASSESSED),
            staged(CompetenceStage.COMPARISON, ASSESSED),
            CONFIRMED,
        )
        given(Participation, *history).when(
            lambda p: reach(p, CompetenceStage.COMPARISON, ASSESSED, achieved=())
        ).then(rejected("training.competence_confirmed"))

    def test_a_programme_for_a_qualification_has_no_stages(self) -> None:
        given(Participation).when(
            lambda p: reach(p, CompetenceStage.ASSESSMENT, ASSESSED, course=QUALIFICATION)
        ).then(rejected("training.not_a_competence"))


class TestQualification:
    def gain(self, participation: Participation, course: Course = QUALIFICATION) -> None:
        participation.gain_qualification(
            course, gained_on=ASSESSED, document_number="C/77", today=TODAY
        )

    def test_it_is_awarded_by_the_certifying_body_of_the_programme(self) -> None:
        gained = fact(
            Participation.QualificationGained,
            ASSESSED,
            programme_code="KUCH/1",
            body=BODY,
            document_number="C/77",
            **WHO,
        )
        given(Participation).when(self.gain).then(gained)
        given(Participation, gained).when(self.gain).then(
            rejected("training.qualification_recorded", {"gained_on": "2026-04-01"})
        )

    def test_a_competence_is_no_qualification(self) -> None:
        given(Participation).when(lambda p: self.gain(p, COMPETENCE)).then(
            rejected("training.not_a_qualification", {"result": "competence"})
        )


class TestConclusion:
    MINIMUM = Minimum(80, "programme KUCH/1")

    def conclude(self, participation: Participation, attended: int) -> None:
        participation.conclude(
            COMPETENCE,
            Progress(attended, 1000, 0, 10),
            self.MINIMUM,
            timetable_version=2,
            concluded_on=TODAY,
        )

    def figures(self, attended: int) -> dict[str, Any]:
        return {
            "programme_code": "KUCH/1",
            "attended_minutes": attended,
            "planned_minutes": 1000,
            "percent": attended // 10,
            "timetable_version": 2,
            "minimum_percent": 80,
            "rule": "programme KUCH/1",
            **WHO,
        }

    def test_who_attended_the_minimum_completes_the_course(self) -> None:
        given(Participation).when(lambda p: self.conclude(p, 800)).then(
            fact(Participation.Completed, TODAY, **self.figures(800))
        )

    def test_one_minute_less_does_not(self) -> None:
        given(Participation).when(lambda p: self.conclude(p, 799)).then(
            fact(Participation.NotCompleted, TODAY, **self.figures(799))
        )

    def test_corrected_figures_are_concluded_anew_and_the_same_ones_are_not(self) -> None:
        completed = fact(Participation.Completed, TODAY, **self.figures(800))
        given(Participation, completed).when(lambda p: self.conclude(p, 800)).then()
        given(Participation, completed).when(lambda p: self.conclude(p, 700)).then(
            fact(Participation.NotCompleted, TODAY, **self.figures(700))
        )

    def test_who_abandoned_the_course_concludes_nothing(self) -> None:
        abandoned = fact(Participation.Abandoned, FIRST, programme_code="KUCH/1", **WHO)
        given(Participation).when(lambda p: p.abandon(COMPETENCE, abandoned_on=FIRST)).then(
            abandoned
        )
        given(Participation, abandoned).when(lambda p: self.conclude(p, 800)).then(
            rejected("training.wrong_state", {"state": "abandoned"})
        )
        given(Participation, fact(Participation.Completed, TODAY, **self.figures(800))).when(
            lambda p: p.abandon(COMPETENCE, abandoned_on=TODAY)
        ).then(rejected("training.wrong_state", {"state": "completed"}))


def evaluate(participation: Participation, on: date, course: Course = COMPETENCE) -> None:
    participation.evaluate(
        course,
        level=3,
        measure="APPLIES",
        value=4,
        observed_on=on,
        reference=None,
        today=TODAY,
    )


def test_an_evaluation_is_recorded_once_also_long_after_the_course() -> None:
    recorded = fact(
        Participation.EvaluationRecorded,
        TODAY,
        level=3,
        measure="APPLIES",
        value=4,
        reference=None,
        **WHO,
    )
    given(Participation).when(lambda p: evaluate(p, TODAY)).then(recorded)
    given(Participation, recorded).when(lambda p: evaluate(p, TODAY)).then()


@pytest.mark.parametrize(
    ("day", "code"), [(FIRST - DAY, "date_too_early"), (TODAY + DAY, "date_in_future")]
)
def test_nothing_is_observed_before_the_course_or_in_the_future(day: date, code: str) -> None:
    given(Participation).when(lambda p: evaluate(p, day)).then(
        rejected(code, pointer="/observed_on")
    )


@over(st.integers(0, 20), st.integers(0, 20))
def test_who_learned_more_gained_more(before: int, after: int) -> None:
    gain = learning_gain((before, 20), (after, 20))
    assert (gain > 0) == (after > before)
    assert -100 <= gain <= 100
