"""Public events of research: what was studied and found, never who answered.

`subject` is the study, the participant or the diagnosis. What a participant answered travels sealed
under the participant's own key.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, PositiveInt, StringConstraints

from shared.contracts.events import PublicEvent
from shared.contracts.model import Published
from shared.contracts.research.vocabulary.followups import FollowUpKind
from shared.contracts.research.vocabulary.studies import Area, Method, StudyCode, WavePurpose
from shared.contracts.vocabulary import PartnerId, ShortText, Teryt
from shared.kernel.personal import DataClass, SealedBox

DecimalText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,12}(\.\d{1,9})?$")]


class StudyOpened(PublicEvent):
    TYPE: ClassVar[str] = "research.study_opened.v1"

    code: StudyCode
    title_pl: ShortText
    title_en: ShortText
    method: Method
    partner: PartnerId
    territory: tuple[Area, ...]
    opened_on: date


class WaveClosed(PublicEvent):
    """Nobody is asked in this wave of the study any more."""

    TYPE: ClassVar[str] = "research.wave_closed.v1"

    wave_id: UUID
    number: PositiveInt
    purpose: WavePurpose
    closed_on: date


class FollowUpAnswered(PublicEvent):
    """A participant told of the situation after leaving; a result only once the registry confirms.

    The box holds `situation`, as in the registry's own results.
    """

    TYPE: ClassVar[str] = "research.follow_up_answered.v1"

    follow_up_id: UUID
    kind: FollowUpKind
    exited_on: date
    """The exit that the measurement is about."""
    observed_on: date
    monitoring: SealedBox | None = None


class NeedOfCommune(Published):
    teryt: Teryt
    value: DecimalText


class DiagnosisPublished(PublicEvent):
    """A report on local needs, with the index of need of each commune it is about."""

    TYPE: ClassVar[str] = "research.diagnosis_published.v1"

    diagnosis_id: UUID
    number: ShortText
    version: PositiveInt
    territory: tuple[Area, ...]
    index_code: StudyCode
    index_version: PositiveInt
    """Of the definition by which the index was computed."""
    indices: tuple[NeedOfCommune, ...] = Field(min_length=1)
    published_on: date


class SubjectErased(PublicEvent):
    """What research held of a person under these keys can be read no more: acknowledges the registry's
    event. Also told of somebody of whom research knew nothing.
    """

    TYPE: ClassVar[str] = "research.subject_erased.v1"

    data_classes: tuple[DataClass, ...]
    erased_on: date
