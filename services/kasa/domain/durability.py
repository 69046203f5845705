"""How long a subsidised job place lasted: the place counts, not the person who holds it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.contracts.kasa.vocabulary.grants import PlaceResult


@dataclass(frozen=True)
class Spell:
    """The place was filled from `since` on; `until` is the first day on which it was not."""

    since: date
    until: date | None = None


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last one where there is none (art. 112 KC)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def required_until(spells: Sequence[Spell], months: int) -> date:
    """The day after the last one on which the place has to be filled."""
    return months_after(spells[0].since, months)


def kept_until(spells: Sequence[Spell], refill_days: int, as_of: date) -> date:
    """The first day that does not count any more, as far as is known at the end of `as_of`.

    A vacancy of at most `refill_days` days breaks nothing, also while it still lasts; a longer one
    breaks the place off on its first day.
    """
    for number, spell in enumerate(spells):
        if spell.until is None or spell.until > as_of:
            break
        refilled = spells[number + 1].since if number + 1 < len(spells) else None
        vacant_to = min(refilled or date.max, as_of + timedelta(1))
        if (vacant_to - spell.until).days > refill_days:
            return spell.until
    return as_of + timedelta(1)


def place_results(
    places: Mapping[UUID, Sequence[Spell]],
    contracted: int,
    *,
    months: int,
    refill_days: int,
    as_of: date,
) -> tuple[PlaceResult, ...]:
    """The result of every contracted place; those never filled come last.

    Only required days are looked at, so nothing that happens after them changes a result.
    """
    filled = [
        _result(place, spells, required_until(spells, months), refill_days, as_of)
        for place, spells in places.items()
    ]
    never = PlaceResult(place_id=None, required_days=0, kept_days=0)
    return (*filled, *[never] * (contracted - len(filled)))


def _result(
    place: UUID, spells: Sequence[Spell], until: date, refill_days: int, as_of: date
) -> PlaceResult:
    since = spells[0].since
    kept = kept_until(spells, refill_days, min(as_of, until - timedelta(1)))
    return PlaceResult(
        place_id=place,
        required_days=(until - since).days,
        kept_days=max(0, (kept - since).days),
    )


def last_required(places: Iterable[Sequence[Spell]], months: int) -> date | None:
    """The day on which durability of all places can be checked; None while no place is filled."""
    return max((required_until(spells, months) for spells in places), default=None)
