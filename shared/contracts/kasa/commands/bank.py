"""Commands on bank statements and their lines."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.kasa.vocabulary.bank import Aside, Reopening
from shared.contracts.kasa.vocabulary.fund import ContractNumber, SourceCode
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference


class ImportStatement(Published):
    """Import a statement of a source's account: a claim check, never the file itself. A line that
    was imported before, by its bank reference, changes nothing.
    """

    file_id: str
    filename: str
    source: SourceCode
    dry_run: bool
    mode: Literal["all_or_nothing", "good_rows"] = "all_or_nothing"


class BankLineCommand(Published):
    """A command on one line; `If-Match` names the version the caller has seen. The document says why
    it is done: the payer's letter, a note of the bank.
    """

    line_id: UUID
    on: date
    source_document: Reference


class MatchBankLine(BankLineCommand):
    """Say whose payment a queued line is, or which approved payment it carried out."""

    contract_number: ContractNumber


class SetBankLineAside(BankLineCommand):
    """A queued line concerns no contract; money that was held for it is held no longer."""

    reason: Aside


class ReopenBankLine(BankLineCommand):
    """Take a match or a setting aside back: the payment is reversed, and the line waits again."""

    reason: Reopening
