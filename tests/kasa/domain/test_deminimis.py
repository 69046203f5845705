"""The windows and ceilings of de minimis aid, regulation by regulation."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from services.kasa.domain.deminimis import Aid, Window, euros, require_room, rooms, window_of
from services.kasa.domain.rules.deminimis import Counting, Regulation
from shared.contracts.kasa.vocabulary.undertakings import AidKind, AidOrigin
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from tests.kasa.domain.rules import RULES

DEMINIMIS = RULES.deminimis
PARTY = UUID("00000000-0000-4000-8000-000000000001")
DAYS = st.dates(date(2004, 5, 1), date(2030, 12, 31))
LEAP = date(2028, 2, 29)


def regulation(number: str) -> Regulation:
    found = DEMINIMIS.known(number)
    assert found is not None
    return found


def aid(
    amount: str,
    day: date,
    number: str = "2023/2831",
    *,
    road: bool = False,
    origin: AidOrigin = AidOrigin.GRANTED,
    month: int = 1,
) -> Aid:
    known = DEMINIMIS.known(number)
    return Aid(
        aid_id=uuid4(),
        party=PARTY,
        granted_on=day,
        original=Decimal(amount),
        amount=Decimal(amount),
        regulation=number,
        kind=known.kind if known else AidKind.GENERAL,
        road_transport=road,
        fiscal_year_month=month,
        origin=origin,
    )


def refusal(new: Aid, *history: Aid) -> dict[str, str]:
    with pytest.raises(Rejected) as refused:
        require_room(new, history, DEMINIMIS)
    assert refused.value.code == "kasa.de_minimis_ceiling"
    return refused.value.details


@pytest.mark.parametrize(
    ("number", "ceiling", "road", "counting", "years", "kind"),
    [
        ("69/2001", "100000.00", None, Counting.ROLLING_YEARS, 3, AidKind.GENERAL),
        ("1998/2006", "200000.00", "100000.00", Counting.FISCAL_YEARS, 3, AidKind.GENERAL),
        ("1407/2013", "200000.00", "100000.00", Counting.FISCAL_YEARS, 3, AidKind.GENERAL),
        ("2023/2831", "300000.00", None, Counting.ROLLING_YEARS, 3, AidKind.GENERAL),
        ("360/2012", "500000.00", None, Counting.FISCAL_YEARS, 3, AidKind.SGEI),
        ("2023/2832", "750000.00", None, Counting.ROLLING_YEARS, 3, AidKind.SGEI),
    ],
)
def test_every_regulation_has_its_ceiling_and_window(
    number: str, ceiling: str, road: str | None, counting: Counting, years: int, kind: AidKind
) -> None:
    known = regulation(number)
    assert known.ceiling == Decimal(ceiling)
    assert known.road_ceiling == (road and Decimal(road))
    assert (known.counting, known.years, known.kind) == (counting, years, kind)


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        (date(2006, 12, 31), {"69/2001"}),
        (date(2007, 1, 1), {"1998/2006"}),
        (date(2012, 4, 29), {"1998/2006", "360/2012"}),
        (date(2013, 12, 31), {"1998/2006", "360/2012"}),
        (date(2014, 1, 1), {"1407/2013", "360/2012"}),
        (date(2023, 12, 31), {"1407/2013", "360/2012"}),
        (date(2024, 1, 1), {"1407/2013", "360/2012", "2023/2831", "2023/2832"}),
        (date(2024, 6, 30), {"1407/2013", "360/2012", "2023/2831", "2023/2832"}),
        (date(2024, 7, 1), {"2023/2831", "2023/2832"}),
        (date(2031, 1, 1), set()),
    ],
)
def test_which_regulations_aid_may_be_granted_under(day: date, numbers: set[str]) -> None:
    assert {each.number for each in DEMINIMIS.in_force(day)} == numbers


def test_a_regulation_that_is_not_in_force_is_refused_with_those_that_are() -> None:
    with pytest.raises(Rejected) as refused:
        DEMINIMIS.regulation("1407/2013", date(2024, 7, 1), "/regulation")
    assert refused.value.code == "kasa.regulation_not_in_force"
    assert refused.value.details == {"day": "2024-07-01", "in_force": ["2023/2831", "2023/2832"]}


@pytest.mark.parametrize(
    ("number", "day", "month", "window"),
    [
        # UOKiK's own example.
        ("2023/2831", date(2024, 1, 5), 1, (date(2021, 1, 5), date(2024, 1, 5))),
        ("2023/2831", LEAP, 1, (date(2025, 2, 28), LEAP)),
        ("2023/2831", date(2027, 2, 28), 1, (date(2024, 2, 28), date(2027, 2, 28))),
        ("2023/2831", date(2027, 3, 1), 1, (date(2024, 3, 1), date(2027, 3, 1))),
        ("69/2001", date(2006, 6, 30), 1, (date(2003, 6, 30), date(2006, 6, 30))),
        ("1998/2006", date(2010, 6, 30), 1, (date(2008, 1, 1), date(2010, 12, 31))),
        ("1407/2013", date(2016, 1, 1), 1, (date(2014, 1, 1), date(2016, 12, 31))),
        ("1407/2013", date(2016, 2, 29), 3, (date(2013, 3, 1), date(2016, 2, 29))),
        ("1407/2013", date(2016, 3, 1), 3, (date(2014, 3, 1), date(2017, 2, 28))),
        ("1407/2013", date(2016, 12, 31), 7, (date(2014, 7, 1), date(2017, 6, 30))),
    ],
)
def test_windows(number: str, day: date, month: int, window: tuple[date, date]) -> None:
    assert window_of(regulation(number), day, month) == Window(*window)


class TestCeilings:
    def test_the_last_cent_fits_and_one_more_does_not(self) -> None:
        before = aid("299999.99", date(2024, 1, 1))
        require_room(aid("0.01", date(2024, 6, 1)), [before], DEMINIMIS)
        assert refusal(aid("0.02", date(2024, 6, 1)), before) == {
            "regulation": "2023/2831",
            "article": "art. 3(2)",
            "window_from": "2021-06-01",
            "window_to": "2024-06-01",
            "used": "299999.99",
            "requested": "0.02",
            "ceiling": "300000.00",
            "currency": "EUR",
        }

    def test_rolling_aid_counts_to_the_same_day_three_years_later(self) -> None:
        before = aid("300000.00", date(2024, 2, 29))
        refusal(aid("0.01", date(2027, 2, 28)), before)
        require_room(aid("300000.00", date(2027, 3, 1)), [before], DEMINIMIS)

    def test_fiscal_years_forget_on_their_first_day(self) -> None:
        before = aid("200000.00", date(2014, 1, 1), "1407/2013")
        refusal(aid("0.01", date(2016, 12, 31), "1407/2013"), before)
        require_room(aid("200000.00", date(2017, 1, 1), "1407/2013"), [before], DEMINIMIS)

    def test_aid_under_earlier_regulations_counts_in_the_window_of_the_new(self) -> None:
        before = aid("200000.00", date(2023, 12, 31), "1407/2013")
        require_room(aid("100000.00", date(2024, 1, 1)), [before], DEMINIMIS)
        assert refusal(aid("100000.01", date(2024, 1, 1)), before)["ceiling"] == "300000.00"

    def test_in_transition_the_old_regulation_keeps_its_own_ceiling(self) -> None:
        before = aid("200000.00", date(2024, 1, 2))
        found = refusal(aid("0.01", date(2024, 5, 1), "1407/2013"), before)
        assert (found["regulation"], found["ceiling"]) == ("1407/2013", "200000.00")

    def test_road_transport_has_the_lower_ceiling_within_the_whole(self) -> None:
        road = aid("100000.00", date(2015, 1, 1), "1407/2013", road=True)
        found = refusal(aid("0.01", date(2015, 2, 1), "1407/2013", road=True), road)
        assert found["ceiling"] == "100000.00"
        require_room(aid("100000.00", date(2015, 2, 1), "1407/2013"), [road], DEMINIMIS)
        require_room(aid("300000.00", date(2024, 2, 1), road=True), [], DEMINIMIS)

    def test_services_of_general_interest_count_with_all_other_aid(self) -> None:
        general = aid("300000.00", date(2024, 2, 1))
        service = aid("450000.00", date(2024, 3, 1), "2023/2832")
        require_room(service, [general], DEMINIMIS)
        found = refusal(aid("450000.01", date(2024, 3, 1), "2023/2832"), general)
        assert (found["regulation"], found["ceiling"]) == ("2023/2832", "750000.00")
        refusal(aid("0.01", date(2024, 4, 1)), general, service)

    def test_general_aid_beside_that_of_services_keeps_the_ceiling_of_both(self) -> None:
        service = aid("700000.00", date(2024, 3, 1), "2023/2832")
        require_room(aid("50000.00", date(2024, 4, 1)), [service], DEMINIMIS)
        found = refusal(aid("50000.01", date(2024, 4, 1)), service)
        assert (found["regulation"], found["used"]) == ("2023/2832", "700000.00")

    def test_aid_recorded_late_counts_in_the_window_of_what_was_granted_after_it(self) -> None:
        later = aid("200000.00", date(2025, 6, 1))
        require_room(aid("100000.00", date(2024, 6, 1)), [later], DEMINIMIS)
        found = refusal(aid("100000.01", date(2024, 6, 1)), later)
        assert (found["window_to"], found["used"]) == ("2025-06-01", "200000.00")
        require_room(aid("300000.00", date(2025, 6, 1)), [aid("9.00", date(2030, 1, 1))], DEMINIMIS)

    def test_aid_of_agriculture_that_was_declared_counts(self) -> None:
        farming = aid("15000.00", date(2025, 1, 1), "1408/2013", origin=AidOrigin.DECLARED)
        assert refusal(aid("285000.01", date(2025, 2, 1)), farming)["used"] == "15000.00"


@pytest.mark.parametrize(
    ("zlotys", "rate", "expected"),
    [
        ("4273.00", "4.2730", "1000.00"),
        ("100.00", "4.2730", "23.40"),
        ("0.01", "4.2730", "0.00"),
        ("1.00", "8.0000", "0.13"),
    ],
)
def test_zlotys_become_euros_by_the_cent_half_up(zlotys: str, rate: str, expected: str) -> None:
    assert euros(Money.of(zlotys), Decimal(rate)).amount == Decimal(expected)


def same_day_years_before(day: date, years: int) -> date:
    """By looking at the calendar: the day of that number and month, or the last before it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def counts_with(known: Regulation, day: date, other: date, month: int) -> bool:
    """By brute force, without windows: does aid of `other` count when aid is granted on `day`?"""
    if known.counting is Counting.ROLLING_YEARS:
        return same_day_years_before(day, known.years) <= other <= day
    years = [each.year - (each.month < month) for each in (day, other)]
    return 0 <= years[0] - years[1] < known.years


@any_of(
    DAYS | st.sampled_from([LEAP, date(2024, 2, 29), date(2008, 2, 29)]),
    st.lists(st.tuples(DAYS, st.integers(1, 10**7)), max_size=12),
    st.integers(1, 12),
    st.sampled_from([each.value.number for each in DEMINIMIS.regulations]),
)
def test_the_used_amount_is_that_of_a_count_by_brute_force(
    day: date, entries: list[tuple[date, int]], month: int, number: str
) -> None:
    known = regulation(number)
    history = [aid(str(Decimal(cents) / 100), on, "1407/2013") for on, cents in entries]
    expected = sum(
        each.amount for each in history if counts_with(known, day, each.granted_on, month)
    )
    found = next(iter(rooms(known, day, month, history, DEMINIMIS, road_transport=False)))
    assert found.used == expected


@any_of(DAYS, st.sampled_from([each.value.number for each in DEMINIMIS.regulations]))
def test_no_day_of_a_calendar_falls_between_two_windows(day: date, number: str) -> None:
    """What counts today either counts tomorrow or lies at the window's first day."""
    known = regulation(number)
    today, tomorrow = (window_of(known, each) for each in (day, day + timedelta(1)))
    assert today.first <= tomorrow.first
    assert today.last <= tomorrow.last
    if known.counting is Counting.ROLLING_YEARS:
        assert (tomorrow.first - today.first).days <= 2
