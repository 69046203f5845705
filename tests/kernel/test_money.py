"""Money is exact: what it refuses, how it adds up, how it is shared and rounded."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.eventstore.canonical import canonical_json
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money, allocated, by_currency, rounded, total

AMOUNTS = st.decimals("-999999999", "999999999", places=2)
WEIGHTS = st.lists(st.decimals("0", "1000", places=3), min_size=1, max_size=20).filter(any)


def error_of(amount: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Money.model_validate({"amount": amount, "currency": "PLN"})
    (error,) = refused.value.errors()
    return str(error["type"])


@pytest.mark.parametrize("amount", ["1.234", "0.001", Decimal("2.005"), "1e-3", "-7.777"])
def test_three_decimals_are_refused(amount: Any) -> None:
    assert error_of(amount) == "money_precision"


@pytest.mark.parametrize("amount", [1.5, True, None, "", "1,50", "zł", [], "1 000"])
def test_only_decimals_written_as_text_are_amounts(amount: Any) -> None:
    assert error_of(amount) == "money_type"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e12", "1e999999", "sNaN"])
def test_what_no_ledger_could_add_up_is_refused(amount: Any) -> None:
    assert error_of(amount) == "money_range"


def test_another_currency_is_unknown_to_the_platform() -> None:
    with pytest.raises(ValidationError, match="currency"):
        Money.model_validate({"amount": "1", "currency": "USD"})


@pytest.mark.parametrize(
    ("amount", "written"), [("100", "100.00"), ("0.1", "0.10"), ("-0", "0.00"), ("1e2", "100.00")]
)
def test_equal_amounts_are_written_alike(amount: str, written: str) -> None:
    money = Money.of(amount)
    assert canonical_json(money.model_dump(mode="json")) == (
        f'{{"amount":"{written}","currency":"PLN"}}'.encode()
    )
    assert Money.model_validate_json(money.model_dump_json()) == money


@pytest.mark.parametrize(
    "operation",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: total([a, b]),
    ],
)
def test_currencies_do_not_mix(operation: Any) -> None:
    with pytest.raises(Rejected) as refused:
        operation(Money.of("1"), Money.of("1", Currency.EUR))
    assert refused.value.code == "currency_mismatch"
    assert refused.value.details == {"expected": "PLN", "got": "EUR"}


@given(a=AMOUNTS, b=AMOUNTS)
def test_arithmetic_is_that_of_decimals(a: Decimal, b: Decimal) -> None:
    one, other = Money.of(a), Money.of(b)
    assert (one + other).amount == a + b
    assert (one - other) + other == one
    assert one + -one == Money.zero()
    assert abs(one).amount == abs(a)
    assert (one < other, one <= other, one > other, one >= other) == (a < b, a <= b, a > b, a >= b)
    assert bool(one) is bool(a)


@pytest.mark.parametrize(
    ("exact", "money"),
    [("0.005", "0.01"), ("0.00499999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")],
)
def test_half_a_grosz_is_rounded_up(exact: str, money: str) -> None:
    assert rounded(Decimal(exact), Currency.PLN) == Money.of(money)


def test_the_largest_remainder_gets_the_grosz_that_is_left() -> None:
    assert Money.of("100").allocate([1, 1, 1]) == tuple(map(Money.of, ("33.34", "33.33", "33.33")))
    assert Money.of("0.05").allocate([Decimal("0.5"), Decimal("0.3"), Decimal("0.2")]) == tuple(
        map(Money.of, ("0.03", "0.01", "0.01"))
    )
    assert Money.of("100").allocate([75, 25]) == (Money.of("75"), Money.of("25"))
    assert Money.of("-0.01").allocate([0, 1]) == (Money.of("0"), Money.of("-0.01"))


@given(amount=AMOUNTS, weights=WEIGHTS)
def test_shares_sum_to_the_whole_and_are_fair_to_a_grosz(
    amount: Decimal, weights: list[Decimal]
) -> None:
    shares = allocated(amount, weights)
    assert sum(shares) == amount
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / whole) < Decimal("0.01")
        assert share == 0 or weight > 0


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 5]])
def test_nothing_is_shared_without_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money.of("1").allocate(weights)


def test_sums_are_kept_per_currency() -> None:
    sums = by_currency([Money.of("1"), Money.of("2", Currency.EUR), Money.of("0.50")])
    assert sums == {Currency.PLN: Money.of("1.50"), Currency.EUR: Money.of("2", Currency.EUR)}
    assert total([]) == Money.zero()
