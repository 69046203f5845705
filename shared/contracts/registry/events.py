"""Public events of the registry: facts about subjects, never who they are.

Monitoring and special data travel as the recorded boxes, each sealed under the subject's key of its
class; only services that were given the vault can open them.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.events import PublicEvent
from shared.contracts.registry.vocabulary import CorrectedStep, FieldPointer, Kind, Purpose
from shared.contracts.vocabulary import PartnerId
from shared.kernel.personal import DataClass, SealedBox


class ParticipantRegistered(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_registered.v1"

    kind: Kind
    partner: PartnerId
    applied_on: date
    monitoring: SealedBox | None = None
    special: SealedBox | None = None


class ParticipantUpdated(PublicEvent):
    """Facts about the person changed on a day."""

    TYPE: ClassVar[str] = "registry.participant_updated.v1"

    changed_on: date
    monitoring: SealedBox | None = None
    special: SealedBox | None = None


class ParticipantCorrected(PublicEvent):
    """Facts about the person had been wrong from the start."""

    TYPE: ClassVar[str] = "registry.participant_corrected.v1"

    decided_on: date
    in_force_on: date
    """The values in force on this day are replaced."""
    fields: tuple[FieldPointer, ...]
    """What was corrected; a field that is listed here and empty in its box is unknown."""
    monitoring: SealedBox | None = None
    special: SealedBox | None = None
    """Only where a special field was corrected. Why it was decided is in the same box: whoever opens
    it takes the facts alone.
    """


class StepsCorrected(PublicEvent):
    """Steps told before had been recorded wrongly; what was derived from them is to be redone.

    The right situation of an outcome or a follow-up is in the box, by version of the step.
    """

    TYPE: ClassVar[str] = "registry.steps_corrected.v1"

    decided_on: date
    steps: tuple[CorrectedStep, ...] = Field(min_length=1)
    monitoring: SealedBox | None = None


class ParticipantAdmitted(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_admitted.v1"

    admitted_on: date


class ParticipantNotAdmitted(PublicEvent):
    """Put on the reserve list or refused, perhaps after an admission that is void thereby."""

    TYPE: ClassVar[str] = "registry.participant_not_admitted.v1"

    decided_on: date


class ParticipantEnrolled(PublicEvent):
    """The first support started."""

    TYPE: ClassVar[str] = "registry.participant_enrolled.v1"

    started_on: date


class ParticipantSuspended(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_suspended.v1"

    suspended_on: date


class ParticipantResumed(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_resumed.v1"

    resumed_on: date


class ParticipantExited(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_exited.v1"

    exited_on: date
    as_planned: bool


class OutcomeRecorded(PublicEvent):
    TYPE: ClassVar[str] = "registry.outcome_recorded.v1"

    observed_on: date
    monitoring: SealedBox | None = None


class FollowUpRecorded(PublicEvent):
    TYPE: ClassVar[str] = "registry.follow_up_recorded.v1"

    observed_on: date
    monitoring: SealedBox | None = None


class ParticipantReEntered(PublicEvent):
    TYPE: ClassVar[str] = "registry.participant_re_entered.v1"

    re_entered_on: date


class ConsentGiven(PublicEvent):
    TYPE: ClassVar[str] = "registry.consent_given.v1"

    purpose: Purpose
    text_version: str
    given_on: date


class ConsentWithdrawn(PublicEvent):
    TYPE: ClassVar[str] = "registry.consent_withdrawn.v1"

    purpose: Purpose
    withdrawn_on: date


class ParticipantMerged(PublicEvent):
    """The subject turned out to be the same person as `into`."""

    TYPE: ClassVar[str] = "registry.participant_merged.v1"

    into: UUID
    decided_on: date


class MergeUndone(PublicEvent):
    """The subject is a person of its own after all."""

    TYPE: ClassVar[str] = "registry.merge_undone.v1"

    out_of: UUID
    decided_on: date


class ParticipantErased(PublicEvent):
    """Keys of the subject were destroyed: what was sealed with them reads as erased everywhere."""

    TYPE: ClassVar[str] = "registry.participant_erased.v1"

    data_classes: tuple[DataClass, ...]
    erased_on: date


class ErasureCertified(PublicEvent):
    """Every service that held something of the records has forgotten it, and no memory has a key."""

    TYPE: ClassVar[str] = "registry.erasure_certified.v1"

    records: tuple[UUID, ...]
    data_classes: tuple[DataClass, ...]
    certified_on: date
