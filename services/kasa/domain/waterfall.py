"""In which order a payment goes to what is due: named strategies, one per contract (art. 451 KC)."""

from typing import Final

from shared.contracts.kasa.vocabulary.loans import Tier

Waterfall = tuple[Tier, ...]

ARREARS: Final = frozenset(
    {Tier.COSTS, Tier.PENALTY_INTEREST, Tier.OVERDUE_INTEREST, Tier.OVERDUE_PRINCIPAL}
)
CURRENT: Final = frozenset({Tier.CURRENT_INTEREST, Tier.CURRENT_PRINCIPAL})


def require_sound(waterfall: Waterfall) -> None:
    """All that can be due has its place once: arrears before the current instalment, and that
    before a prepayment, which may be missing. Raises `ValueError`.
    """
    kinds = [0 if tier in ARREARS else 1 if tier in CURRENT else 2 for tier in waterfall]
    complete = set(waterfall) - {Tier.PREPAYMENT} == ARREARS | CURRENT
    if not complete or len(set(waterfall)) < len(waterfall) or kinds != sorted(kinds):
        raise ValueError(
            "a waterfall names costs, penalty and overdue dues, then current ones, each once, "
            "and prepayment last if at all"
        )
