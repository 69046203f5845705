"""De minimis aid: what counts in which window, and whether a grant stays within every ceiling.

Pure functions of the aid that a single undertaking has had. Amounts are in euro, exactly.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.kasa.domain.rules.deminimis import Counting, DeMinimisRules, Regulation
from shared.contracts.kasa.vocabulary.undertakings import AidKind, AidOrigin, RegulationNumber
from shared.contracts.vocabulary import Reference
from shared.kernel.days import months_after
from shared.kernel.errors import Rejected
from shared.kernel.money import Amount, Currency, Money, rounded

NOTHING: Final = Decimal("0.00")


class Aid(BaseModel):
    """Aid of one party, in euro: `original` as granted or passed on, `amount` as is left of it.

    `kind` says which ceilings it counts against; `fiscal_year_month` is the month in which the
    party's fiscal year begins.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    aid_id: UUID
    party: UUID
    granted_on: date
    original: Amount
    amount: Amount
    regulation: RegulationNumber
    kind: AidKind
    road_transport: bool
    fiscal_year_month: int
    origin: AidOrigin
    reference: Reference | None = None


class Window(NamedTuple):
    """Both days included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True)
class Room:
    """How far a ceiling is used: by the aid in its window that counts against it."""

    regulation: Regulation
    window: Window
    ceiling: Decimal
    counted: tuple[Aid, ...]

    @property
    def used(self) -> Decimal:
        return sum((each.amount for each in self.counted), NOTHING)

    @property
    def left(self) -> Decimal:
        return max(self.ceiling - self.used, NOTHING)


def euros(zlotys: Money, rate: Decimal) -> Money:
    """By the average rate of the grant's day, to the cent, half up."""
    return rounded(zlotys.amount / rate, Currency.EUR)


def window_of(regulation: Regulation, day: date, fiscal_year_month: int = 1) -> Window:
    """The days whose aid counts together with that of `day`.

    Rolling: up to the same day some years ago; on 29 February, where that year has none, the 28th.
    Fiscal: whole fiscal years, the current one to its end.
    """
    if regulation.counting is Counting.ROLLING_YEARS:
        return Window(months_after(day, -12 * regulation.years), day)
    year = day.year if day.month >= fiscal_year_month else day.year - 1
    begins = date(year, fiscal_year_month, 1)
    return Window(
        months_after(begins, -12 * (regulation.years - 1)),
        months_after(begins, 12) - timedelta(1),
    )


def rooms(
    regulation: Regulation,
    day: date,
    fiscal_year_month: int,
    history: Iterable[Aid],
    rules: DeMinimisRules,
    *,
    road_transport: bool,
) -> Iterator[Room]:
    """Every ceiling that aid under a regulation on a day has to keep, as the history uses it.

    General aid is within its own ceiling (and what of it is for road transport within the lower
    one); together with aid for services of general economic interest it is within the ceiling of
    the latter's regulation. That aid counts against its own ceiling with all other de minimis aid.
    """
    aid = tuple(history)
    window = window_of(regulation, day, fiscal_year_month)
    if regulation.kind is AidKind.SGEI:
        yield Room(regulation, window, regulation.ceiling, _within(aid, window))
        return
    general = tuple(each for each in aid if each.kind is AidKind.GENERAL)
    yield Room(regulation, window, regulation.ceiling, _within(general, window))
    if road_transport and regulation.road_ceiling is not None:
        road = (each for each in general if each.road_transport)
        yield Room(regulation, window, regulation.road_ceiling, _within(road, window))
    if len(general) < len(aid):
        for other in rules.in_force(day):
            if other.kind is AidKind.SGEI and _same_generation(other, regulation):
                span = window_of(other, day, fiscal_year_month)
                yield Room(other, span, other.ceiling, _within(aid, span))


def require_room(new: Aid, history: Iterable[Aid], rules: DeMinimisRules) -> Room:
    """The tightest ceiling over the new aid, as used without it.

    Aid that is recorded late also counts in the windows of what kasa granted after it. When any
    ceiling would be exceeded, no part of the new aid is de minimis: raises
    `kasa.de_minimis_ceiling`, naming regulation, article, window, used, requested and ceiling.
    """
    before = tuple(history)
    for later in before:
        if later.origin is AidOrigin.GRANTED and later.granted_on >= new.granted_on:
            for room in _rooms_of(later, (*before, new), rules):
                if new in room.counted and room.used > room.ceiling:
                    _refuse(room, new, room.used - new.amount)
    own = sorted(_rooms_of(new, before, rules), key=lambda room: room.left)
    for room in own:
        if room.used + new.amount > room.ceiling:
            _refuse(room, new, room.used)
    return own[0]


def _rooms_of(aid: Aid, history: Iterable[Aid], rules: DeMinimisRules) -> Iterator[Room]:
    regulation = rules.known(aid.regulation)
    if regulation is not None:
        yield from rooms(
            regulation,
            aid.granted_on,
            aid.fiscal_year_month,
            history,
            rules,
            road_transport=aid.road_transport,
        )


def _same_generation(one: Regulation, other: Regulation) -> bool:
    """In a time of transition general aid under the old rules is held to the old ceiling with it."""
    return one.counting is other.counting


def _within(aid: Iterable[Aid], window: Window) -> tuple[Aid, ...]:
    return tuple(each for each in aid if each.granted_on in window)


def _refuse(room: Room, new: Aid, used: Decimal) -> None:
    raise Rejected(
        "kasa.de_minimis_ceiling",
        {
            "regulation": room.regulation.number,
            "article": room.regulation.article,
            "window_from": room.window.first.isoformat(),
            "window_to": room.window.last.isoformat(),
            "used": str(used),
            "requested": str(new.amount),
            "ceiling": str(room.ceiling),
            "currency": Currency.EUR.value,
        },
        "/amount",
    )
