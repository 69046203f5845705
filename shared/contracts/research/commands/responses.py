"""Commands on responses that were given."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.responses import GivenAnswers, ReviewStatus
from shared.contracts.vocabulary import FreeText


class EditResponse(Published):
    """All answers as they should be; judged by the version of the questionnaire that was answered."""

    response_id: UUID
    answers: GivenAnswers
    reason: FreeText


class ReviewResponses(Published):
    """One verdict on some responses of a wave: on all of them or on none."""

    wave_id: UUID
    responses: tuple[UUID, ...] = Field(min_length=1, max_length=100)
    status: ReviewStatus
    note: FreeText | None = None


class ImportResponses(Published):
    """Import an export of KoBoToolbox or ODK: a claim check, never the file itself."""

    study_id: UUID
    wave_id: UUID
    file_id: str
    filename: str
    dry_run: bool
    mode: Literal["all_or_nothing", "good_rows"] = "all_or_nothing"
