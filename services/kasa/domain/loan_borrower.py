"""What an enterprise was lent: the one stream on which all contracts of an enterprise meet, so that
two at once never exceed together what a product allows to one borrower.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.kasa.vocabulary.fund import ContractNumber
from shared.contracts.kasa.vocabulary.loans import ProductCode
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.money import Currency, Money, total


class Borrower(Aggregate):
    """Its id derives from the enterprise's (`id_of("borrower", enterprise_id)`)."""

    class Borrowed(Event):
        """A contract of a loan was signed."""

        TOPIC: ClassVar[str] = "kasa.Borrower.Borrowed"
        loan_id: UUID
        number: ContractNumber
        product: ProductCode
        principal: Money

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.loans: list[Borrower.Borrowed] = []

    def borrow(
        self, loan_id: UUID, *, number: str, product: str, principal: Money, on: date
    ) -> None:
        self.record(
            self.Borrowed,
            occurred_on=on,
            loan_id=loan_id,
            number=number,
            product=product,
            principal=principal,
        )

    def lent(self, product: str, currency: Currency) -> Money:
        """Of a product in all, repaid or not."""
        return total((each.principal for each in self._of(product)), currency)

    def count(self, product: str) -> int:
        return len(self._of(product))

    def _of(self, product: str) -> list[Borrowed]:
        return [each for each in self.loans if each.product == product]

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Borrowed) -> None:
        self.loans.append(event)
