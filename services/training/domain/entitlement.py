"""Who may get a certificate: who completed the course and reached what the programme leads to."""

from services.training.domain.participation import Participation
from services.training.domain.participation_history import Concluded
from shared.contracts.training.vocabulary import (
    CompetenceStage,
    EnrolmentState,
    ProgrammeContent,
    Result,
)
from shared.kernel.errors import Rejected


def require_entitled(participation: Participation, content: ProgrammeContent) -> Concluded:
    """The completion on which the certificate rests. Refused as `training.attendance_below_minimum`,
    `course_not_completed`, `stages_missing` or `qualification_missing`.
    """
    completion = _completion(participation)
    if content.result is Result.COMPETENCE and participation.confirmed_on is None:
        raise Rejected("training.stages_missing", _missing(participation, content))
    if content.result is Result.QUALIFICATION and participation.qualification is None:
        raise Rejected("training.qualification_missing")
    return completion


def _completion(participation: Participation) -> Concluded:
    concluded = participation.conclusion
    if concluded is None or participation.state is EnrolmentState.ABANDONED:
        raise Rejected("training.course_not_completed", {"state": participation.state.value})
    if participation.state is EnrolmentState.NOT_COMPLETED:
        raise Rejected(
            "training.attendance_below_minimum",
            concluded.model_dump(
                include={
                    "percent",
                    "minimum_percent",
                    "rule",
                    "attended_minutes",
                    "planned_minutes",
                    "timetable_version",
                }
            ),
        )
    return concluded


def _missing(participation: Participation, content: ProgrammeContent) -> dict[str, list[str]]:
    """Stages not reached; when all were, the outcomes that were not shown."""
    later = (CompetenceStage.ASSESSMENT, CompetenceStage.COMPARISON)
    stages = [stage.value for stage in later if stage not in participation.stages]
    if stages:
        return {"stages": stages}
    shown = participation.stages[CompetenceStage.COMPARISON].achieved
    return {"outcomes": [each.code for each in content.outcomes if each.code not in shown]}
