"""What the tests of the fund's books share."""

from datetime import date
from uuid import UUID

from services.kasa.domain.fund import Fund
from shared.contracts.kasa.vocabulary.fund import Cause, Received
from shared.kernel.money import Currency, Money
from shared.testing.scenario import Fact, fact

OPENED_ON = date(2026, 1, 5)
TODAY = date(2026, 12, 31)
LOAN = UUID("00000000-0000-4000-8000-0000000000c1")
OTHER_LOAN = UUID("00000000-0000-4000-8000-0000000000c2")


def pln(amount: str | int) -> Money:
    return Money.of(amount)


def cause(version: int, stream: UUID = LOAN) -> Cause:
    return Cause(stream=stream, version=version)


def received(principal: str | int = 0, income: str | int = 0, overpaid: str | int = 0) -> Received:
    return Received(principal=pln(principal), income=pln(income), overpaid=pln(overpaid))


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
    fund.contribute(pln(amount), on=opened_on, source_document="WB/2026/1", today=TODAY)
    return fund
