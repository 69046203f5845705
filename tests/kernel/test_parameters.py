"""Dated parameters: the value of a day, and the mistakes that a data file can hold."""

from datetime import date

import pytest
from pydantic import ValidationError

from shared.kernel.errors import Rejected
from shared.kernel.parameters import Dated, Period, read_toml

RATE = """
[[rate]]
valid_from = 2014-01-01
valid_to = 2021-06-30
source = "Act A"
verified = true
value = 28

[[rate]]
valid_from = 2021-07-02
source = "Act B"
verified = false
value = 30
"""


def rate(text: str = RATE) -> Dated[int]:
    return Dated[int].model_validate(read_toml([text])["rate"])


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2014, 1, 1), 28),
        (date(2021, 6, 30), 28),
        (date(2021, 7, 2), 30),
        (date(2999, 1, 1), 30),
    ],
)
def test_the_value_is_that_of_the_day_both_ends_included(day: date, value: int) -> None:
    assert rate().on(day) == value


@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2021, 7, 1)])
def test_a_day_without_a_rule_is_refused_and_not_guessed(day: date) -> None:
    with pytest.raises(Rejected) as refusal:
        rate().on(day)
    assert refusal.value.code == "rules.none_in_force"
    assert refusal.value.details == {"day": day.isoformat()}


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2014, 1, 1), date(2021, 6, 30), True),
        (date(2021, 7, 2), None, True),
        (date(2014, 1, 1), date(2021, 7, 1), False),
        (date(2014, 1, 1), None, False),
        (date(2013, 12, 31), date(2014, 1, 2), False),
    ],
)
def test_a_span_with_a_day_without_a_rule_is_known(
    first: date, last: date | None, whole: bool
) -> None:
    assert rate().spans(first, last) is whole


def test_periods_that_follow_one_another_make_one_span() -> None:
    joined = rate(RATE.replace("2021-07-02", "2021-07-01"))
    assert joined.spans(date(2014, 1, 1), None)


def test_each_value_keeps_its_source_and_whether_it_was_checked() -> None:
    period: Period[int] = rate().period_on(date(2022, 1, 1))
    assert (period.source, period.verified) == ("Act B", False)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (RATE.replace("2021-07-02", "2021-06-30"), "overlaps"),
        (RATE.replace("valid_to = 2021-06-30\n", ""), "overlaps"),
        (RATE.replace("2021-06-30", "2013-12-31"), "lies before"),
        (RATE.replace('source = "Act A"\n', ""), "source"),
        (RATE.replace("verified = true\n", ""), "verified"),
        (RATE.replace("28", '"many"'), "valid integer"),
    ],
)
def test_a_mistaken_file_is_refused_when_it_is_read(wrong: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        rate(wrong)


def test_a_parameter_is_given_in_one_place() -> None:
    with pytest.raises(ValueError, match="rate is given twice"):
        read_toml([RATE, RATE])
