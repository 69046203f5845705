"""What is told of bank statements: their imports, and their lines."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.bank import (
    Aside,
    BankReference,
    Direction,
    LineState,
    Unmatched,
)
from shared.contracts.kasa.vocabulary.fund import SourceCode
from shared.contracts.model import Published
from shared.contracts.rows import RowError
from shared.kernel.money import Money


class JobStarted(Published):
    id: UUID


class StatementImport(Published):
    """A job that imports a statement. Rows count as a person counts them in the file."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    source: SourceCode
    dry_run: bool
    mode: Literal["all_or_nothing", "good_rows"]
    rows: int
    processed: int
    matched: int
    """To a contract, by the number in the title."""
    queued: int
    """Wait for a person."""
    unchanged: int
    """Imported before."""
    rejected: int
    errors: tuple[RowError, ...]
    """The first errors, at most one hundred."""
    failure: str | None = None


class ListBankLines(Page):
    source: SourceCode | None = None
    state: LineState | None = None
    direction: Direction | None = None
    contract_id: UUID | None = None
    import_id: UUID | None = None


class BankLine(Published):
    """`why` tells why a queued line waits. Its payer and title are personal: they are told one line
    at a time.
    """

    id: UUID
    version: int
    source: SourceCode
    bank_reference: BankReference
    import_id: UUID
    booked_on: date
    value_on: date
    amount: Money
    direction: Direction
    state: LineState
    why: Unmatched | None = None
    contract_id: UUID | None = None
    matched_by: str | None = None
    """None for a line that was matched by its title."""
    aside: Aside | None = None


class BankLinePage(Published):
    items: tuple[BankLine, ...]
    next_cursor: str | None
    position: int


class BankLineCard(BankLine):
    """With payer and title of a line that waited for a person, for those who may see them; they are
    not kept of a line that was matched by its title.
    """

    payer_account: str | None = None
    title: str | None = None
