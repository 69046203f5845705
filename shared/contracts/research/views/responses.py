"""What is told of responses: how far they are, and their answers; never who gave them."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.jobs import RowsImport
from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.responses import (
    Answers,
    ResponseOrigin,
    ResponseState,
    ReviewStatus,
)
from shared.contracts.research.vocabulary.studies import PinnedInstrument, WaveMode
from shared.contracts.vocabulary import FreeText


class ResponseSummary(Published):
    id: UUID
    version: int
    study_id: UUID
    wave_id: UUID
    origin: ResponseOrigin
    mode: WaveMode
    instrument: PinnedInstrument
    state: ResponseState
    begun_on: date
    submitted_on: date | None
    edits: int
    review: ReviewStatus | None
    reviewed_on: date | None
    anonymised_on: date | None


class Response(ResponseSummary):
    """`answers` are None where they were withdrawn, and while nothing was submitted. `withheld` are
    the questions whose answers may name somebody, which the caller may not read.
    """

    answers: Answers | None
    withheld: tuple[str, ...]
    note: FreeText | None
    """Of the reviewer."""


class ListResponses(Page):
    wave_id: UUID
    state: ResponseState | None = None
    review: Literal["none", "approved", "not_approved", "on_hold"] | None = None


class ResponsePage(Published):
    items: tuple[ResponseSummary, ...]
    next_cursor: str | None
    position: int


class ResponseImport(RowsImport):
    recorded: int
    unchanged: int
