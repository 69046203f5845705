"""A loan in the fund's books: what a decision changed of its money is one posting or a few, and all of
them go into the commit of the decision.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from services.kasa.domain.accounts import Proceeds
from services.kasa.domain.fund import Fund
from services.kasa.domain.loan import Loan
from shared.contracts.kasa.vocabulary.fund import Cause
from shared.kernel.money import Money


class Bookkeeping:
    """Begun before a decision on a loan, posted after it."""

    def __init__(self, loan: Loan) -> None:
        self._loan: Final = loan
        self.version: Final = loan.version
        self._drawn, self._undrawn = loan.drawn, loan.undrawn
        self._proceeds: Proceeds | None = loan.proceeds if loan.contracted else None

    @property
    def is_due(self) -> bool:
        """Whether anything was recorded since."""
        return self._loan.version != self.version

    @property
    def _cause(self) -> Cause:
        """The fact that was recorded first; what it changed follows it."""
        return Cause(stream=self._loan.id, version=self.version + 1)

    def post(self, fund: Fund, *, on: date) -> None:
        """Raises what the fund refuses: `kasa.fund_short`, `kasa.outstanding_exceeded`, …"""
        loan, cause = self._loan, self._cause
        drawn = loan.drawn - self._drawn
        bound = loan.undrawn - self._undrawn + drawn
        if bound > 0:
            fund.commit(loan.id, self._money(bound), cause, on=on)
        if drawn:
            fund.disburse(loan.id, self._money(drawn), cause, on=on)
        if self._proceeds is not None:
            fund.settle(loan.id, self._proceeds, loan.proceeds, cause, on=on)
        if bound < 0:
            fund.release(loan.id, self._money(-bound), cause, on=on)

    def _money(self, amount: Decimal) -> Money:
        return Money(amount=amount, currency=self._loan.agreed.principal.currency)
