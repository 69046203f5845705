"""Money: an exact amount in a currency.

Rates, shares and interest are computed outside of `Money` on plain decimals, exactly, and come back
through `rounded` once: half a grosz goes up, as banks round.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.kernel.errors import Rejected

MINOR_UNIT: Final = Decimal("0.01")
"""One grosz, one cent: every currency here has hundredths (ISO 4217 exponent 2)."""
LARGEST: Final = Decimal("999999999999.99")
"""Beyond it nothing here is an amount of money; sums of many such stay exact in 28 digits."""
_ZERO: Final = Decimal("0.00")


class Currency(StrEnum):
    """ISO 4217."""

    PLN = "PLN"
    EUR = "EUR"


def _exact(value: Any) -> Decimal:
    """Two places exactly, so that equal amounts are written alike. Floats are never exact."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise PydanticCustomError("money_type", "an amount is a decimal written as text")
    try:
        amount = Decimal(value)
    except ArithmeticError:
        raise PydanticCustomError("money_type", "an amount is a decimal written as text") from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise PydanticCustomError(
            "money_range", "an amount is at most {largest}", {"largest": "1e12"}
        )
    cents = amount.quantize(MINOR_UNIT)
    if cents != amount:
        raise PydanticCustomError("money_precision", "an amount has at most two decimal places")
    return cents or _ZERO


Amount = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,12}\.\d{2}$", "examples": ["123.45"]}),
]
"""An amount whose currency stands elsewhere: at most two places, written as text."""


class Money(BaseModel):
    """Canonical JSON `{"amount": "123.45", "currency": "PLN"}`.

    Arithmetic and order are within one currency; another one is refused as `currency_mismatch`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    amount: Amount
    currency: Currency

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: Currency = Currency.PLN) -> "Money":
        """Raises `ValueError` for more than two places."""
        return cls(amount=Decimal(amount), currency=currency)

    @classmethod
    def zero(cls, currency: Currency = Currency.PLN) -> "Money":
        return cls(amount=_ZERO, currency=currency)

    def __add__(self, other: "Money") -> "Money":
        return self._with(self.amount + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        return self._with(self.amount - self._same(other))

    def __neg__(self) -> "Money":
        return self._with(-self.amount)

    def __abs__(self) -> "Money":
        return self._with(abs(self.amount))

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def allocate(self, weights: Sequence[Decimal | int]) -> tuple["Money", ...]:
        """Shares in proportion to the weights that sum to the whole (largest remainder)."""
        return tuple(map(self._with, allocated(self.amount, weights)))

    def _with(self, amount: Decimal) -> "Money":
        return Money(amount=amount, currency=self.currency)

    def _same(self, other: "Money") -> Decimal:
        require_currency(other, self.currency)
        return other.amount


def require_currency(money: Money, currency: Currency, pointer: str | None = None) -> None:
    """Raises `currency_mismatch`, naming the currency that was expected and the one that came."""
    if money.currency is not currency:
        raise Rejected(
            "currency_mismatch", {"expected": str(currency), "got": str(money.currency)}, pointer
        )


def total(moneys: Iterable[Money], currency: Currency = Currency.PLN) -> Money:
    """The sum; zero of the currency when there is none."""
    return sum(moneys, start=Money.zero(currency))


def rounded_amount(exact: Decimal) -> Decimal:
    """To the grosz, half up (away from zero)."""
    return exact.quantize(MINOR_UNIT, ROUND_HALF_UP)


def rounded(exact: Decimal, currency: Currency) -> Money:
    """What an exact result of rates and days comes to in money; rounds once, half up."""
    return Money(amount=rounded_amount(exact), currency=currency)


def allocated(amount: Decimal, weights: Sequence[Decimal | int]) -> tuple[Decimal, ...]:
    """An amount of two places in parts proportional to the weights, each of two places.

    Every part is rounded towards zero, then the grosze that are left go one each to the largest
    remainders, the earlier first among equals; so the parts sum to the amount, and a part of weight
    zero is zero. Raises `ValueError` unless there is a positive weight and no negative one.
    """
    whole = sum(map(Decimal, weights), start=_ZERO)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights are not negative, and not all of them are zero")
    cents = int(abs(amount) / MINOR_UNIT)
    shares = [divmod(cents * Decimal(weight), whole) for weight in weights]
    parts = [int(quotient) for quotient, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    sign = -1 if amount < 0 else 1
    return tuple((sign * part * MINOR_UNIT).quantize(MINOR_UNIT) for part in parts)


def by_currency(moneys: Iterable[Money]) -> Mapping[Currency, Money]:
    """Sums per currency, in order of first appearance."""
    sums: dict[Currency, Money] = {}
    for money in moneys:
        sums[money.currency] = sums.get(money.currency, Money.zero(money.currency)) + money
    return sums
