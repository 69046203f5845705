"""What a beneficiary has to give back. Each formula has a name and a version that never changes:
a contract names the one it was signed under, so an old figure can be computed again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from shared.contracts.kasa.vocabulary.grants import ClawbackPart, Ground, PlaceResult
from shared.kernel.money import Money, rounded

Formula = Callable[[Money, PlaceResult], Money]
"""From the money given for one place and what became of it to what comes back."""


def proportional_to_days(share: Money, place: PlaceResult) -> Money:
    """The missing days' part, to the grosz."""
    if place.place_id is None:
        return share
    missing = place.required_days - place.kept_days
    return rounded(share.amount * missing / Decimal(place.required_days), share.currency)


def whole_place(share: Money, _place: PlaceResult) -> Money:
    """Everything given for a place that was not kept to the end."""
    return share


FORMULAS: Final[Mapping[str, Formula]] = MappingProxyType(
    {"proportional_to_days/1": proportional_to_days, "whole_place/1": whole_place}
)


def clawback(
    formula: str, *, paid: Money, accepted: Money, places: Sequence[PlaceResult]
) -> tuple[ClawbackPart, ...]:
    """What comes back, ground by ground; nothing, if all is accounted for and kept.

    What was paid and not accepted as spent comes back whole; the rest was given for the contracted
    places in equal shares (largest remainder), so the sum is never above what was paid.
    """
    return tuple(_parts(FORMULAS[formula], paid, min(accepted, paid), places))


def _parts(
    formula: Formula, paid: Money, accounted: Money, places: Sequence[PlaceResult]
) -> Iterator[ClawbackPart]:
    if paid > accounted:
        yield ClawbackPart(ground=Ground.NOT_ACCOUNTED_FOR, amount=paid - accounted)
    shares = accounted.allocate([1] * len(places)) if places else ()
    for share, place in zip(shares, places, strict=True):
        amount = Money.zero(share.currency) if place.kept else formula(share, place)
        if amount:
            filled = place.place_id is not None
            ground = Ground.PLACE_NOT_KEPT if filled else Ground.PLACE_NOT_FILLED
            yield ClawbackPart(ground=ground, amount=amount, place_id=place.place_id)
