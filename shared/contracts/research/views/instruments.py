"""Views of instruments and their versions."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.forms import FormOrigin, InstrumentCode, Labels
from shared.contracts.vocabulary import ShortText


class FormFault(Published):
    """What is wrong with a form: where it stands in the workbook, if it came as one, and where in the
    definition (JSON pointer). The row as a person counts it, the column by its header.
    """

    sheet: str | None
    row: int | None
    column: str | None
    pointer: str
    code: str
    value: str | None
    message_pl: str
    message_en: str


class InstrumentVersion(Published):
    """A published form; `digest` is the SHA-256 of its canonical JSON, `questions` are those asked."""

    number: int
    title: Labels
    digest: str
    origin: FormOrigin
    questions: int
    published_on: date


class Instrument(Published):
    id: UUID
    version: int
    code: InstrumentCode
    title: ShortText
    versions: tuple[InstrumentVersion, ...]


class InstrumentSummary(Published):
    """`latest` is the number of the latest version; none before the first is published."""

    id: UUID
    version: int
    code: InstrumentCode
    title: ShortText
    latest: int | None


class InstrumentPage(Published):
    items: tuple[InstrumentSummary, ...]
    next_cursor: str | None
    position: int


class ListInstruments(Page):
    """All instruments, in the order in which they changed."""


class FetchForm(Published):
    """The form of a version as a file: the definition, with its texts in Polish and English."""

    instrument_id: UUID
    number: int = Field(ge=1, le=10_000)


class FormFile(Published):
    """A rendered form: a claim check on the file store."""

    file_id: str
    filename: str


class InstrumentPublication(Published):
    """How the publication of a version stands. `number` is that of the version it made; a dry run
    makes none. `failure` is why there is none, and `faults` are at most the first hundred.
    """

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    instrument_id: UUID
    dry_run: bool
    origin: FormOrigin | None
    digest: str | None
    questions: int | None
    number: int | None
    faults: tuple[FormFault, ...]
    failure: str | None
