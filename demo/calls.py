"""The calls of the fund: one for loans, one for grants that start job places."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from demo.acts import Json, zlotys

REGULATION: Final = "2023/2831"
LOANS, GRANTS = "EFS-POZ", "FP-DOT"
"""Sources of money."""


@dataclass(frozen=True)
class Source:
    """What it paid in, by day, and a part that was not needed, asked back and given back."""

    code: str
    name: str
    opened_on: date
    contributions: tuple[tuple[date, str, str], ...]
    """Day, amount, document."""
    withdrawn: tuple[date, str, str] | None = None


SOURCES: Final = (
    Source(
        LOANS,
        "Fundusz pożyczkowy (EFS+)",
        date(2025, 10, 6),
        (
            (date(2025, 10, 6), "600000.00", "UM/EFS/1"),
            (date(2026, 1, 12), "400000.00", "UM/EFS/2"),
        ),
        (date(2026, 3, 16), "50000.00", "NOTA/EFS/1"),
    ),
    Source(
        GRANTS,
        "Dotacje na miejsca pracy (Fundusz Pracy)",
        date(2026, 2, 2),
        ((date(2026, 2, 2), "450000.00", "UM/FP/1"),),
    ),
)


@dataclass(frozen=True)
class Call:
    code: str
    title_pl: str
    title_en: str
    offer: str
    source: str
    budget: str
    product: str
    first_day: date
    last_day: date
    met_on: date
    """The day of the committee's meeting."""

    @property
    def terms(self) -> Json:
        return {
            "code": self.code,
            "title_pl": self.title_pl,
            "title_en": self.title_en,
            "offer": self.offer,
            "source": self.source,
            "budget": zlotys(self.budget),
            "products": [self.product],
            "regulation": REGULATION,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }

    @property
    def closed_on(self) -> date:
        return self.last_day + timedelta(3)


LOAN_CALL: Final = Call(
    "POZ/2026/1",
    "Pożyczki na rozwój przedsiębiorstw społecznych",
    "Loans for the growth of social enterprises",
    "loan",
    LOANS,
    "500000.00",
    "development",
    date(2025, 12, 1),
    date(2026, 1, 9),
    date(2026, 1, 27),
)
GRANT_CALL: Final = Call(
    "DOT/2026/1",
    "Dotacje na nowe miejsca pracy",
    "Grants for new job places",
    "grant",
    GRANTS,
    "400000.00",
    "MIEJSCA",
    date(2026, 3, 2),
    date(2026, 4, 10),
    date(2026, 4, 28),
)
CALLS: Final = (LOAN_CALL, GRANT_CALL)

RATES: Final = (
    (date(2026, 1, 30), "020/A/NBP/2026", "4.2105"),
    (date(2026, 4, 27), "080/A/NBP/2026", "4.2472"),
)
"""Zlotys for one euro: day, table and rate, as fictional as the partnership."""
