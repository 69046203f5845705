"""Two statements of the loan fund's bank account, as two banks would send them: CSV and MT940.

The payers write the number of their contract as they like, and one of them not at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

ACCOUNT: Final = "PL61109010140000071219812874"
KUCHNIA, WARSZTAT, HUTNIK = (
    "PL27114020040000300201355387",
    "PL83101010230000261395100000",
    "PL10105000997603123456789123",
)
"""Whose money it is."""
HEADER: Final = (
    "Numer operacji;Data księgowania;Data waluty;Kwota;Waluta;Rachunek kontrahenta;Tytuł"
)


@dataclass(frozen=True)
class Booking:
    on: date
    reference: str
    amount: str
    account: str
    title: str


@dataclass(frozen=True)
class Statement:
    filename: str
    bookings: tuple[Booking, ...]

    def until(self, day: date) -> Sequence[Booking]:
        return [each for each in self.bookings if each.on <= day]


UNNAMED: Final = Booking(
    date(2026, 9, 21), "WB/20260921/4", "2500.00", KUCHNIA, "spłata pożyczki Fundacja Dobra Kuchnia"
)
"""The line that a person matches, to the contract of `demo.loans.IN_ARREARS`."""
SPRING: Final = Statement(
    "wyciag-2026-03-06.csv",
    (
        Booking(date(2026, 3, 10), "WB/20260310/1", "3545.55", KUCHNIA, "POZ/2026/0001 rata 1"),
        Booking(date(2026, 3, 10), "WB/20260310/2", "579.21", WARSZTAT, "odsetki poz 2026 0002"),
        Booking(date(2026, 3, 10), "WB/20260310/3", "3910.25", HUTNIK, "POZ-2026-3 rata 1/24"),
        Booking(date(2026, 4, 10), "WB/20260410/1", "3545.55", KUCHNIA, "POZ/2026/0001 rata 2"),
        Booking(date(2026, 4, 10), "WB/20260410/2", "619.15", WARSZTAT, "odsetki poz 2026 0002"),
        Booking(date(2026, 4, 10), "WB/20260410/3", "3910.25", HUTNIK, "POZ-2026-3 rata 2/24"),
        Booking(date(2026, 5, 11), "WB/20260511/1", "3545.55", KUCHNIA, "POZ/2026/0001 rata 3"),
        Booking(date(2026, 5, 11), "WB/20260511/2", "599.18", WARSZTAT, "odsetki poz 2026 0002"),
        Booking(date(2026, 5, 11), "WB/20260511/3", "3910.25", HUTNIK, "POZ-2026-3 rata 3/24"),
        Booking(date(2026, 6, 10), "WB/20260610/2", "2000.00", WARSZTAT, "POZ/2026/0002 część"),
        Booking(date(2026, 6, 10), "WB/20260610/3", "3910.25", HUTNIK, "POZ-2026-3 rata 4/24"),
    ),
)
AUTUMN: Final = Statement(
    "wyciag-2026-07-11.sta",
    (
        Booking(date(2026, 7, 10), "WB/20260710/3", "3910.25", HUTNIK, "POZ-2026-3 rata 5/24"),
        Booking(date(2026, 8, 10), "WB/20260810/3", "3910.25", HUTNIK, "POZ-2026-3 rata 6/24"),
        Booking(date(2026, 9, 10), "WB/20260910/2", "3900.00", WARSZTAT, "POZ/2026/0002 aneks 1"),
        Booking(date(2026, 9, 10), "WB/20260910/3", "3910.25", HUTNIK, "POZ-2026-3 rata 7"),
        UNNAMED,
        Booking(date(2026, 10, 12), "WB/20261012/2", "3900.00", WARSZTAT, "POZ/2026/0002 aneks 1"),
        Booking(date(2026, 10, 12), "WB/20261012/3", "3910.25", HUTNIK, "POZ-2026-3 rata 8"),
        Booking(date(2026, 11, 10), "WB/20261110/2", "3900.00", WARSZTAT, "POZ/2026/0002 aneks 1"),
        Booking(date(2026, 11, 10), "WB/20261110/3", "3910.25", HUTNIK, "POZ-2026-3 rata 9"),
    ),
)
STATEMENTS: Sequence[Statement] = (SPRING, AUTUMN)


def content(statement: Statement, day: date) -> bytes:
    """The file with what was booked until a day."""
    bookings = statement.until(day)
    return (_csv if statement.filename.endswith(".csv") else _mt940)(bookings)


def _csv(bookings: Sequence[Booking]) -> bytes:
    """Semicolons, decimal commas, Windows-1250."""
    rows = (
        f"{each.reference};{each.on:%d.%m.%Y};{each.on:%d.%m.%Y};{_comma(each.amount)};PLN;"
        f"{each.account};{each.title}"
        for each in bookings
    )
    return "\r\n".join([HEADER, *rows, ""]).encode("cp1250")


def _mt940(bookings: Sequence[Booking]) -> bytes:
    opening = Decimal("800000.00")
    closing = opening + sum(Decimal(each.amount) for each in bookings)
    first, last = bookings[0].on, bookings[-1].on
    lines = [
        ":20:WYCIAG",
        f":25:/{ACCOUNT}",
        ":28C:00007",
        f":60F:C{first:%y%m%d}PLN{_comma(opening)}",
    ]
    for each in bookings:
        lines += _entry(each)
    lines += [f":62F:C{last:%y%m%d}PLN{_comma(closing)}", "-", ""]
    return "\r\n".join(lines).encode()


def _entry(booking: Booking) -> Iterator[str]:
    """Titles stand in fields of 27 characters (?20 to ?25)."""
    day, amount = booking.on, _comma(booking.amount)
    yield f":61:{day:%y%m%d}{day:%m%d}C{amount}NTRFNONREF//{booking.reference}"
    parts = [booking.title[at : at + 27] for at in range(0, len(booking.title), 27)]
    title = "".join(f"?{number}{part}" for number, part in enumerate(parts, start=20))
    yield f":86:020?00PRZELEW{title}?31{booking.account}"


def _comma(amount: str | Decimal) -> str:
    return str(amount).replace(".", ",")
