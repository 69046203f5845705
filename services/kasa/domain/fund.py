"""The fund's books, one stream per source of money: every zloty has an account and a cause.

An entry moves amounts between accounts, so it cannot be out of balance; no account falls below zero;
nothing is deleted, only reversed. An entry about a contract is posted in the same commit as the
contract's event that causes it: the books agree with the contracts at every position, and of two
acts that want the last free money one meets the version of the other.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, NoReturn
from uuid import UUID, uuid5

from services.kasa.domain.accounts import (
    Proceeds,
    changes,
    commitment_changes,
    netted,
    opposite,
    outstanding_changes,
    proceeds,
    receipt,
)
from services.kasa.domain.fund_history import FundHistory
from services.kasa.domain.fund_snapshot import FundSnapshot
from shared.contracts.kasa.vocabulary.fund import (
    Account,
    Cause,
    EntryKind,
    JournalEntry,
    Received,
    Transfer,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money, require_currency

CONTRIBUTION: Final = (Account.FREE, Account.CAPITAL)
WITHDRAWAL: Final = CONTRIBUTION[::-1]
COMMITMENT: Final = (Account.COMMITTED, Account.FREE)
DISBURSEMENT: Final = (Account.DISBURSED, Account.COMMITTED)
HOLDING: Final = (Account.HELD, Account.PAYABLE)
"""The debited and the credited account; what ends it goes the other way."""


class Fund(FundHistory):
    """Its id derives from the code of the source (`id_of("fund", source)`)."""

    Snapshot = FundSnapshot

    def open(
        self, *, source: str, name: str, currency: Currency, opened_on: date, today: date
    ) -> None:
        if self.opened is not None:
            raise Rejected("kasa.source_taken", {"source": source}, "/source")
        require_come(opened_on, today, "/opened_on")
        self.record(self.Opened, occurred_on=opened_on, source=source, name=name, currency=currency)

    def contribute(
        self, amount: Money, *, on: date, source_document: str, today: date, by: str
    ) -> None:
        """The source pays in."""
        require_come(on, today, "/on")
        self._post(
            EntryKind.CONTRIBUTION,
            self._between(CONTRIBUTION, amount, None),
            self._next,
            on=on,
            source_document=source_document,
            posted_by=by,
        )

    def request_withdrawal(
        self,
        withdrawal_id: UUID,
        amount: Money,
        *,
        on: date,
        source_document: str,
        today: date,
        by: str,
    ) -> None:
        """Free money is to go back to the source, never more than it paid in."""
        require_come(on, today, "/on")
        self._require_postable(self._between(WITHDRAWAL, amount, None), on)
        self.record(
            self.WithdrawalRequested,
            occurred_on=on,
            withdrawal_id=withdrawal_id,
            amount=amount,
            source_document=source_document,
            requested_by=by,
        )

    def approve_withdrawal(self, withdrawal_id: UUID, *, on: date, today: date, by: str) -> None:
        """By another person than asked for it (`four_eyes`); the money is gone on this day."""
        asked = self._require_waiting(withdrawal_id, on, today, by)
        transfers = self._between(WITHDRAWAL, asked.amount, None)
        self._require_postable(transfers, on)
        self.record(
            self.WithdrawalApproved, occurred_on=on, withdrawal_id=withdrawal_id, approved_by=by
        )
        self._post(
            EntryKind.WITHDRAWAL,
            transfers,
            Cause(stream=self.id, version=self.version),
            on=on,
            source_document=asked.source_document,
            posted_by=by,
        )

    def refuse_withdrawal(self, withdrawal_id: UUID, *, on: date, today: date, by: str) -> None:
        """By another person than asked for it (`four_eyes`)."""
        self._require_waiting(withdrawal_id, on, today, by)
        self.record(
            self.WithdrawalRefused, occurred_on=on, withdrawal_id=withdrawal_id, refused_by=by
        )

    def reverse(
        self, entry_id: UUID, *, on: date, source_document: str, today: date, by: str
    ) -> None:
        """Take back a contribution or a withdrawal that was posted in error, by another person than
        posted it (`four_eyes`). Whatever is about a contract is taken back by the contract.
        """
        posted = self.own_entries.get(entry_id)
        if posted is None:
            raise Rejected("kasa.entry_not_reversible", {"entry": str(entry_id)}, "/entry_id")
        if posted.posted_by == by:
            raise Rejected("four_eyes")
        require_come(on, today, "/on")
        require_not_before(posted.occurred_on, on, "/on")
        self._post(
            EntryKind.REVERSAL,
            opposite(posted.entry.transfers),
            self._next,
            on=on,
            source_document=source_document,
            posted_by=by,
            reverses=entry_id,
        )

    def commit(self, contract_id: UUID, amount: Money, cause: Cause, *, on: date) -> None:
        """A contract was signed: its money is not free any more. Raises `kasa.fund_short`."""
        self._move(EntryKind.COMMITMENT, COMMITMENT, contract_id, amount, cause, on)

    def release(self, contract_id: UUID, amount: Money, cause: Cause, *, on: date) -> None:
        """What a contract will not use is free again."""
        self._move(EntryKind.RELEASE, COMMITMENT[::-1], contract_id, amount, cause, on)

    def disburse(self, contract_id: UUID, amount: Money, cause: Cause, *, on: date) -> None:
        """Paid out of what the contract binds. Raises `kasa.commitment_short`."""
        self._move(EntryKind.DISBURSEMENT, DISBURSEMENT, contract_id, amount, cause, on)

    def receive(self, contract_id: UUID, received: Received, cause: Cause, *, on: date) -> None:
        """A payment came in. Raises `kasa.outstanding_exceeded` for more principal than is out."""
        self._post(EntryKind.RECEIPT, receipt(contract_id, received), cause, on=on)

    def take_back(self, contract_id: UUID, received: Received, cause: Cause, *, on: date) -> None:
        """The bank took a payment back."""
        transfers = opposite(receipt(contract_id, received))
        self._post(EntryKind.RECEIPT_REVERSED, transfers, cause, on=on)

    def settle(
        self, contract_id: UUID, before: Proceeds, after: Proceeds, cause: Cause, *, on: date
    ) -> None:
        """What came in, became principal or was given up is another sum now: one entry for the whole
        difference, so that no balance is below zero on the way. No difference is no entry.

        Raises `kasa.outstanding_exceeded` for more principal than is out.
        """
        transfers = netted(
            (*opposite(proceeds(contract_id, before)), *proceeds(contract_id, after))
        )
        if transfers:
            self._post(_kind(before, after), transfers, cause, on=on)

    def hold(self, contract_id: UUID | None, amount: Money, cause: Cause, *, on: date) -> None:
        """Money that is not the fund's came into its account."""
        self._move(EntryKind.HOLDING, HOLDING, contract_id, amount, cause, on)

    def let_go(self, contract_id: UUID | None, amount: Money, cause: Cause, *, on: date) -> None:
        """Held money was given back, or turned out to be somebody's payment."""
        self._move(EntryKind.HOLDING_ENDED, HOLDING[::-1], contract_id, amount, cause, on)

    @property
    def _next(self) -> Cause:
        """The entry's own event, where nothing else causes it."""
        return Cause(stream=self.id, version=self.version + 1)

    def _require_waiting(
        self, withdrawal_id: UUID, on: date, today: date, by: str
    ) -> FundHistory.WithdrawalRequested:
        asked = self.withdrawals.get(withdrawal_id)
        if asked is None:
            raise Rejected("kasa.withdrawal_not_waiting", pointer="/withdrawal_id")
        if asked.requested_by == by:
            raise Rejected("four_eyes")
        require_come(on, today, "/on")
        require_not_before(asked.occurred_on, on, "/on")
        return asked

    def _move(
        self,
        kind: EntryKind,
        sides: tuple[Account, ...],
        contract_id: UUID | None,
        amount: Money,
        cause: Cause,
        on: date,
    ) -> None:
        self._post(kind, self._between(sides, amount, contract_id), cause, on=on)

    def _between(
        self, sides: tuple[Account, ...], amount: Money, contract_id: UUID | None
    ) -> tuple[Transfer, ...]:
        debit, credit = sides
        return (Transfer(debit=debit, credit=credit, amount=amount, contract_id=contract_id),)

    def _post(
        self,
        kind: EntryKind,
        transfers: tuple[Transfer, ...],
        cause: Cause,
        *,
        on: date,
        source_document: str | None = None,
        posted_by: str | None = None,
        reverses: UUID | None = None,
    ) -> None:
        self._require_postable(transfers, on)
        entry_id = uuid5(self.id, str(self.version + 1))
        entry = JournalEntry(
            id=entry_id, kind=kind, cause=cause, transfers=transfers, reverses=reverses
        )
        self.record(
            self.Posted,
            occurred_on=on,
            entry=entry,
            source_document=source_document,
            posted_by=posted_by,
        )

    def _require_postable(self, transfers: Iterable[Transfer], on: date) -> None:
        require_not_before(self.terms.occurred_on, on, "/on")
        for transfer in transfers:
            require_currency(transfer.amount, self.currency, "/amount")
        self._require_covered(transfers)

    def _require_covered(self, transfers: Iterable[Transfer]) -> None:
        """No contract is paid more than it binds or pays back more than it got; no account is
        below zero.
        """
        zero = Money.zero(self.currency)
        for contract, change in commitment_changes(transfers).items():
            committed = self.commitments.get(contract, zero)
            if committed + change < zero:
                self._refuse("kasa.commitment_short", committed=committed, wanted=-change)
        for contract, change in outstanding_changes(transfers).items():
            outstanding = self.outstanding.get(contract, zero)
            if outstanding + change < zero:
                self._refuse("kasa.outstanding_exceeded", outstanding=outstanding, wanted=-change)
        grown = changes(transfers)
        for account in Account:
            if account in grown:
                self._require_not_below_zero(account, grown[account])

    def _require_not_below_zero(self, account: Account, change: Money) -> None:
        balance = self.balances[account]
        if balance + change >= Money.zero(self.currency):
            return
        if account is Account.FREE:
            self._refuse("kasa.fund_short", free=balance, wanted=-change)
        self._refuse("kasa.account_short", account=account, balance=balance, wanted=-change)

    def _refuse(self, code: str, **facts: object) -> NoReturn:
        named = {name: str(each) for name, each in facts.items()}
        raise Rejected(code, {"source": self.terms.source, **named}, "/amount")


def _kind(before: Proceeds, after: Proceeds) -> EntryKind:
    """What an entry is called for: the money that moved, then what was given up or capitalised."""
    if before.came_in != after.came_in:
        more = after.came_in > before.came_in
        return EntryKind.RECEIPT if more else EntryKind.RECEIPT_REVERSED
    if before.returned != after.returned:
        return EntryKind.HOLDING_ENDED
    if before.given_up != after.given_up:
        return EntryKind.WRITE_OFF
    if before.capitalised != after.capitalised:
        return EntryKind.CAPITALISATION
    return EntryKind.REALLOCATION
