from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.indicators.comparison import (
    Comparison,
    Point,
    forecast,
    trend,
)

FIRST = date(2022, 1, 1)
POINTS = st.lists(
    st.builds(Point, st.dates(FIRST, date(2022, 12, 31)), st.integers(0, 500)), max_size=12
)


def test_hundred_per_cent_is_said_of_a_target_that_is_reached_only() -> None:
    nearly = Comparison(target=250, actual=249)
    assert (nearly.percent, nearly.left, nearly.reached) == (99, 1, False)
    more = Comparison(target=250, actual=251)
    assert (more.percent, more.left, more.reached) == (100, -1, True)
    assert Comparison(target=0, actual=3).percent is None


def test_points_on_a_line_give_the_line() -> None:
    points = [Point(date(2022, 1, day), 3 * day + 2) for day in (1, 5, 11)]
    found = trend(points)
    assert found is not None
    assert found.per_day == 3
    assert found.on(date(2022, 1, 21)) == 65


def test_one_day_has_no_direction() -> None:
    assert trend([Point(FIRST, 3), Point(FIRST, 4)]) is None
    assert forecast([Point(FIRST, 3)], 10, date(2023, 1, 1)) is None


def test_a_forecast_tells_who_will_miss_the_target() -> None:
    points = [Point(date(2022, 1, 1), 0), Point(date(2022, 1, 11), 10)]
    due = forecast(points, 250, date(2022, 4, 11))
    assert due is not None
    assert (due.expected, due.at_risk) == (100, True)
    reached = forecast(points, 100, date(2022, 4, 11))
    assert reached is not None
    assert not reached.at_risk


def test_what_is_reached_stays_reached() -> None:
    points = [Point(date(2022, 1, 1), 20), Point(date(2022, 2, 1), 10)]
    found = forecast(points, 15, date(2022, 6, 1))
    assert found is not None
    assert found.expected == 10


@given(POINTS)
def test_the_line_goes_through_the_middle_of_the_points(points: list[Point]) -> None:
    """Least squares leave nothing over: the residuals sum to zero, also weighted by the day."""
    found = trend(points)
    if found is not None:
        rest = [(point.on, point.value - found.on(point.on)) for point in points]
        assert sum((value for _, value in rest), Fraction()) == 0
        assert sum(((day - FIRST).days * value for day, value in rest), Fraction()) == 0
