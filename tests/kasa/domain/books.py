"""What the tests of the fund's books share."""

from datetime import date
from uuid import UUID

from services.kasa.domain.accounts import Proceeds
from services.kasa.domain.fund import Fund
from shared.contracts.kasa.vocabulary.fund import Cause, Received
from shared.kernel.money import Currency, Money
from shared.testing.scenario import Fact, fact

OPENED_ON = date(2026, 1, 5)
TODAY = date(2026, 12, 31)
MAKER, OTHER = "oidc|maker", "oidc|other"
WITHDRAWAL = UUID("00000000-0000-4000-8000-0000000000d1")
LOAN = UUID("00000000-0000-4000-8000-0000000000c1")
OTHER_LOAN = UUID("00000000-0000-4000-8000-0000000000c2")


def pln(amount: str | int) -> Money:
    return Money.of(amount)


def cause(version: int, stream: UUID = LOAN) -> Cause:
    return Cause(stream=stream, version=version)


def received(principal: str | int = 0, income: str | int = 0, overpaid: str | int = 0) -> Received:
    return Received(principal=pln(principal), income=pln(income), overpaid=pln(overpaid))


def sums(
    principal: str | int = 0,
    income: str | int = 0,
    overpaid: str | int = 0,
    *,
    capitalised: str | int = 0,
    given_up: str | int = 0,
    returned: str | int = 0,
) -> Proceeds:
    """What became of a contract's money."""
    came_in = received(principal, income, overpaid)
    return Proceeds(
        came_in,
        capitalised=pln(capitalised),
        given_up=pln(given_up),
        returned=pln(returned),
    )


def opened() -> Fact:
    return fact(
        Fund.Opened,
        occurred_on=OPENED_ON,
        source="EFS-85",
        name="Europejski Fundusz Społeczny",
        currency=Currency.PLN,
    )


def fund_with(amount: str | int, opened_on: date = OPENED_ON) -> Fund:
    """An open fund with this much free money."""
    fund = Fund(UUID("00000000-0000-4000-8000-0000000000f1"))
    fund.open(
        source="EFS-85",
        name="Europejski Fundusz Społeczny",
        currency=Currency.PLN,
        opened_on=opened_on,
        today=TODAY,
    )
    contribute(fund, pln(amount), on=opened_on)
    return fund


def contribute(fund: Fund, amount: Money, *, on: date = OPENED_ON, today: date = TODAY) -> None:
    fund.contribute(amount, on=on, source_document="WB/2026/1", today=today, by=MAKER)


def reverse(fund: Fund, entry_id: UUID, *, on: date, by: str = OTHER) -> None:
    fund.reverse(entry_id, on=on, source_document="NK/1", today=TODAY, by=by)


def ask_back(
    fund: Fund, amount: Money, *, on: date = OPENED_ON, withdrawal_id: UUID = WITHDRAWAL
) -> None:
    fund.request_withdrawal(
        withdrawal_id, amount, on=on, source_document="D/1", today=TODAY, by=MAKER
    )


def give_back(
    fund: Fund, *, on: date = TODAY, by: str = OTHER, withdrawal_id: UUID = WITHDRAWAL
) -> None:
    fund.approve_withdrawal(withdrawal_id, on=on, today=TODAY, by=by)
