"""Commands on the fund's books."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.vocabulary.fund import PositiveMoney, SourceCode
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference, ShortText
from shared.kernel.money import Currency


class OpenSource(Published):
    """Open the books of a source of money, in its one currency."""

    source: SourceCode
    name: ShortText
    currency: Currency = Currency.PLN
    opened_on: date


class SourceCommand(Published):
    """On the books of one source: of this value day, by this document."""

    source_id: UUID
    on: date
    source_document: Reference


class Contribute(SourceCommand):
    """Record that the source paid in."""

    amount: PositiveMoney


class RequestWithdrawal(SourceCommand):
    """Ask to give free money back to the source; it goes when another person approves."""

    amount: PositiveMoney


class WithdrawalCommand(Published):
    """On a withdrawal that waits; by another person than asked for it."""

    source_id: UUID
    withdrawal_id: UUID
    on: date


class ApproveWithdrawal(WithdrawalCommand):
    """The money leaves the fund on this day."""


class RefuseWithdrawal(WithdrawalCommand):
    """The money stays."""


class ReverseEntry(SourceCommand):
    """Take back a contribution or withdrawal posted in error, by another person than posted it;
    both entries stay in the journal.
    """

    entry_id: UUID
