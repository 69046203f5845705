"""What is told of bank statements: their imports, and their lines."""

from datetime import date
from uuid import UUID

from shared.contracts.jobs import RowsImport
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
from shared.kernel.money import Money


class StatementImport(RowsImport):
    source: SourceCode
    matched: int
    """To a contract, by the number in the title."""
    queued: int
    """Wait for a person."""
    unchanged: int
    """Imported before."""


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
