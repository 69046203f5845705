"""What a bank line has to know of a contract, loan or grant alike."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from services.kasa.domain.grant import Grant
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_facts import PAID_BY_BANK
from shared.contracts.kasa.vocabulary.grants import TrancheState
from shared.contracts.kasa.vocabulary.loans import LoanState
from shared.kernel.money import Currency, Money

Contract = Loan | Grant
Item = UUID | int
"""A payment that was approved: a loan's request, by its id, or a grant's tranche, by its number."""
Told = tuple[Money, date] | None
"""What a contract recorded under a bank reference; None where that no longer stands."""


class Terms(ABC):
    """`pays_back_from` is the first day on which money can come back; None while there is none."""

    source: str
    currency: Currency
    pays_back_from: date | None
    is_over: bool
    """Nothing is owed, and nothing will be."""

    @abstractmethod
    def knows(self, reference: str) -> bool:
        """Whether a payment of this reference was ever recorded."""

    @abstractmethod
    def payment(self, reference: str) -> Told:
        """What was recorded of it."""

    @abstractmethod
    def approved(self, amount: Money) -> Iterator[Item]:
        """Payments of this amount that were approved and are not made yet."""

    @abstractmethod
    def paid(self, reference: str) -> Money | None:
        """What was paid out under a bank reference."""

    def open_reference(self, bank_reference: str) -> str:
        """Under which a booking counts, or would: another one each time that it was taken back."""
        reference, nth = bank_reference, 1
        while self.knows(reference) and self.payment(reference) is None:
            nth += 1
            reference = f"{bank_reference[:55]}__{nth}"
        return reference

    def counts(self, bank_reference: str) -> bool:
        """Whether a booking is a payment of this contract, in or out, that was not taken back."""
        return (
            self.knows(self.open_reference(bank_reference)) or self.paid(bank_reference) is not None
        )


class LoanTerms(Terms):
    def __init__(self, loan: Loan) -> None:
        agreed = loan.agreed
        self._loan: Final = loan
        self.source, self.currency = agreed.source, agreed.principal.currency
        days = (each.occurred_on for each in loan.tranches.values())
        self.pays_back_from = min(days, default=None)
        self.is_over = loan.state is LoanState.REPAID

    def knows(self, reference: str) -> bool:
        return reference in self._loan.payments

    def payment(self, reference: str) -> Told:
        told = self._loan.payments[reference]
        return None if reference in self._loan.reversed else (told.amount, told.occurred_on)

    def approved(self, amount: Money) -> Iterator[Item]:
        for each in self._loan.approvals.values():
            waits = each.approved is True and not each.done
            if each.kind in PAID_BY_BANK and waits and each.principal == amount.amount:
                yield each.id

    def paid(self, reference: str) -> Money | None:
        paid = self._loan.tranches.get(reference) or self._loan.returns.get(reference)
        return None if paid is None else paid.amount


class GrantTerms(Terms):
    def __init__(self, grant: Grant) -> None:
        self._grant: Final = grant
        self.source, self.currency = grant.terms.source, grant.currency
        self.pays_back_from = grant.signed.occurred_on
        self.is_over = grant.closed_on is not None and not grant.still_due

    def knows(self, reference: str) -> bool:
        return reference in self._grant.repayments.value_on

    def payment(self, reference: str) -> Told:
        received = self._grant.repayments.standing.get(reference)
        if received is None:
            return None
        amount = received.principal + received.overpaid
        return amount, self._grant.repayments.value_on[reference]

    def approved(self, amount: Money) -> Iterator[Item]:
        for each in self._grant.terms.tranches:
            progress = self._grant.tranches[each.number]
            if progress.state is TrancheState.RELEASED and each.amount == amount:
                yield each.number

    def paid(self, reference: str) -> Money | None:
        for each in self._grant.terms.tranches:
            if self._grant.tranches[each.number].bank_reference == reference:
                return each.amount
        return None


def terms_of(contract: Contract) -> Terms:
    return LoanTerms(contract) if isinstance(contract, Loan) else GrantTerms(contract)
