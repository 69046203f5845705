"""One participant's course in one edition: tests, stages, qualification, conclusion; decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.training.domain.participation_history import (
    Concluded,
    ParticipationHistory,
)
from services.training.domain.progress import Progress
from shared.contracts.training.vocabulary import (
    CompetenceStage,
    EnrolmentState,
    ProgrammeContent,
    Result,
    TestPhase,
)
from shared.kernel.aggregate import Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


class Course(NamedTuple):
    """Whose course it is, and of which version of which programme."""

    edition_id: UUID
    participant_id: UUID
    content: ProgrammeContent
    first_day: date
    """Of the timetable in force: nothing was learned before."""


class Minimum(NamedTuple):
    """The share of the planned minutes that completes a course, and where this is laid down."""

    percent: int
    rule: str


class Participation(ParticipationHistory):
    def take_test(
        self,
        course: Course,
        *,
        phase: TestPhase,
        taken_on: date,
        points: int,
        maximum: int,
        today: date,
    ) -> None:
        """Record a test; a further one of the same phase takes its place in the comparison."""
        self._require_not_abandoned()
        require_come(taken_on, today, "/taken_on")
        if points > maximum:
            raise Rejected("training.points_over_maximum", {"maximum": maximum}, "/points")
        pre, post = self.tests.get(TestPhase.PRE), self.tests.get(TestPhase.POST)
        if phase is TestPhase.POST and pre is not None:
            require_not_before(pre.occurred_on, taken_on, "/taken_on")
        if phase is TestPhase.PRE and post is not None and taken_on > post.occurred_on:
            raise Rejected(
                "training.tests_out_of_order",
                {"post_test_on": post.occurred_on.isoformat()},
                "/taken_on",
            )
        facts = {"phase": phase, "points": points, "maximum": maximum}
        if not _told([*self.tests.values()], taken_on, facts):
            self._record(self.TestTaken, course, taken_on, **facts)

    def reach_stage(
        self,
        course: Course,
        *,
        stage: CompetenceStage,
        reached_on: date,
        achieved: tuple[str, ...],
        source_document: str,
        today: date,
    ) -> None:
        """Record the assessment, or its comparison with the standard: the last of four stages.

        The standard was laid down before anybody was assessed; else an outcome could be fitted to
        who had shown it (the four stages of a competence: Common Indicators Guidance, annex on
        qualifications and competences).
        """
        self._require_not_abandoned()
        if course.content.result is not Result.COMPETENCE:
            raise Rejected("training.not_a_competence", {"result": course.content.result})
        require_come(reached_on, today, "/reached_on")
        require_not_before(course.first_day, reached_on, "/reached_on")
        if self.confirmed_on is not None:
            raise Rejected(
                "training.competence_confirmed", {"confirmed_on": self.confirmed_on.isoformat()}
            )
        known = {outcome.code for outcome in course.content.outcomes}
        if unknown := sorted(set(achieved) - known):
            raise Rejected("training.outcome_unknown", {"codes": unknown}, "/achieved")
        self._require_order(course.content, stage, reached_on)
        facts = {
            "stage": stage,
            "achieved": tuple(sorted(set(achieved))),
            "source_document": source_document,
        }
        if _told([*self.stages.values()], reached_on, facts):
            return
        self._record(self.CompetenceStageReached, course, reached_on, **facts)
        if stage is CompetenceStage.COMPARISON and known == set(achieved):
            self._record(
                self.CompetenceConfirmed,
                course,
                reached_on,
                programme_code=course.content.code,
            )

    def gain_qualification(
        self, course: Course, *, gained_on: date, document_number: str, today: date
    ) -> None:
        """The certifying body of the programme awarded the qualification."""
        self._require_not_abandoned()
        body = course.content.certifying_body
        if course.content.result is not Result.QUALIFICATION or body is None:
            raise Rejected("training.not_a_qualification", {"result": course.content.result})
        require_come(gained_on, today, "/gained_on")
        require_not_before(course.first_day, gained_on, "/gained_on")
        if self.qualification is not None:
            raise Rejected(
                "training.qualification_recorded",
                {"gained_on": self.qualification.occurred_on.isoformat()},
            )
        self._record(
            self.QualificationGained,
            course,
            gained_on,
            programme_code=course.content.code,
            body=body,
            document_number=document_number,
        )

    def evaluate(
        self,
        course: Course,
        *,
        level: int,
        measure: str,
        value: int,
        observed_on: date,
        reference: str | None,
        today: date,
    ) -> None:
        """Record one result on a level of Kirkpatrick's model, also long after the course."""
        require_come(observed_on, today, "/observed_on")
        require_not_before(course.first_day, observed_on, "/observed_on")
        facts = {"level": level, "measure": measure, "value": value, "reference": reference}
        if not _told(self.evaluations, observed_on, facts):
            self._record(self.EvaluationRecorded, course, observed_on, **facts)

    def correct_attendance(
        self,
        course: Course,
        *,
        session_id: UUID,
        correction_id: UUID,
        minutes_before: int,
        minutes: int,
        decided_on: date,
    ) -> None:
        self._record(
            self.AttendanceCorrected,
            course,
            decided_on,
            session_id=session_id,
            correction_id=correction_id,
            minutes_before=minutes_before,
            minutes=minutes,
        )

    def conclude(
        self,
        course: Course,
        progress: Progress,
        minimum: Minimum,
        *,
        timetable_version: int,
        concluded_on: date,
    ) -> None:
        """Decide whether the minimum was attended; decided anew when figures were corrected."""
        self._require_not_abandoned()
        figures = {
            "attended_minutes": progress.attended,
            "planned_minutes": progress.planned,
            "percent": progress.percent,
            "timetable_version": timetable_version,
            "minimum_percent": minimum.percent,
            "rule": minimum.rule,
        }
        if self.conclusion and figures == self.conclusion.model_dump(include=set(figures)):
            return
        reached = progress.reaches(minimum.percent)
        concluded: type[Concluded] = self.Completed if reached else self.NotCompleted
        self._record(concluded, course, concluded_on, programme_code=course.content.code, **figures)

    def abandon(self, course: Course, *, abandoned_on: date) -> None:
        if self.state is not EnrolmentState.ENROLLED:
            raise Rejected("training.wrong_state", {"state": self.state})
        self._record(
            self.Abandoned,
            course,
            abandoned_on,
            programme_code=course.content.code,
        )

    def _record(self, event_class: type[Event], course: Course, on: date, **facts: Any) -> None:
        self.record(
            event_class,
            occurred_on=on,
            edition_id=course.edition_id,
            participant_id=course.participant_id,
            **facts,
        )

    def _require_not_abandoned(self) -> None:
        if self.abandoned_on is not None:
            raise Rejected("training.wrong_state", {"state": self.state})

    def _require_order(
        self, content: ProgrammeContent, stage: CompetenceStage, reached_on: date
    ) -> None:
        """Scope, standard, assessment on a later day than the standard, comparison."""
        days = {
            CompetenceStage.SCOPE: content.scope_on,
            CompetenceStage.STANDARD: content.standard_on,
        } | {each: reached.occurred_on for each, reached in self.stages.items()}
        order = list(CompetenceStage)
        place = order.index(stage)
        missing = [each for each in order[:place] if days.get(each) is None]
        earlier = [day for each in order[:place] if (day := days.get(each))]
        later = [day for each in order[place + 1 :] if (day := days.get(each))]
        standard_on = days[CompetenceStage.STANDARD]
        if (
            missing
            or reached_on == standard_on
            or sorted([*earlier, reached_on, *later]) != [*earlier, reached_on, *later]
        ):
            raise Rejected(
                "training.stages_out_of_order",
                {
                    "missing": missing,
                    "days": {each: day.isoformat() for each, day in days.items() if day},
                },
                "/reached_on",
            )


def learning_gain(pre: tuple[int, int], post: tuple[int, int]) -> int:
    """Level 2 of Kirkpatrick's model, from (points, maximum) of both tests: the post-test less the
    pre-test, in percentage points rounded down.
    """
    (before, most_before), (after, most_after) = pre, post
    return (after * most_before - before * most_after) * 100 // (most_before * most_after)


def _told(known: Sequence[Event], on: date, facts: Mapping[str, Any]) -> bool:
    """Whether one of the events says the same of the same day."""
    return any(
        event.occurred_on == on and all(getattr(event, name) == facts[name] for name in facts)
        for event in known
    )
