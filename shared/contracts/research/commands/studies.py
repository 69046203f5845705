"""Commands on studies and their waves."""

from datetime import date
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.studies import StudyCode, StudyPlan, Verdict, WavePlan
from shared.contracts.vocabulary import FreeText, PartnerId, Reference


class PlanStudy(Published):
    code: StudyCode
    partner: PartnerId
    plan: StudyPlan
    planned_on: date


class StudyCommand(Published):
    """A command to one study; `If-Match` names the version the caller has seen."""

    study_id: UUID


class ReviseStudy(StudyCommand):
    """Another plan, as long as the study is not open; a review of the former plan is void."""

    plan: StudyPlan
    revised_on: date


class ReviewStudyEthics(StudyCommand):
    """The verdict of another person than those who planned. Conditions are never about a person."""

    verdict: Verdict
    reference: Reference
    conditions: FreeText | None = None
    reviewed_on: date


class OpenStudy(StudyCommand):
    opened_on: date


class PlanWave(StudyCommand):
    wave: WavePlan
    planned_on: date


class WaveCommand(StudyCommand):
    wave_id: UUID


class OpenWave(WaveCommand):
    opened_on: date


class CloseWave(WaveCommand):
    closed_on: date


class ProposeWaveAnonymisation(WaveCommand):
    """To make all responses of a closed wave nobody's; another person carries it out."""

    proposed_on: date


class AnonymiseWave(Published):
    """What another person proposed: afterwards no response can be withdrawn, or told whose it was."""

    study_id: UUID
    wave_id: UUID


class ConcludeStudy(StudyCommand):
    """No wave is open; one that was only planned is not held any more."""

    concluded_on: date
