"""The rule by which a consumer takes a publisher's events: every one, once, in order.

Pure. `tracked` is the position up to which all public events have been dealt with.
"""

from enum import Enum


class Verdict(Enum):
    DUPLICATE = "duplicate"
    """Dealt with before."""
    NEXT = "next"
    """Nothing is missing before it."""
    GAP = "gap"
    """Events before it have not come: read them from the publisher's feed."""


def judge(tracked: int, previous: int, position: int) -> Verdict:
    """What to do with the event at `position`, when no public one lies after `previous` before it.

    Raises `ValueError` unless 0 ≤ previous < position.
    """
    if not 0 <= previous < position:
        raise ValueError(f"position {position} does not follow previous {previous}")
    if position <= tracked:
        return Verdict.DUPLICATE
    return Verdict.NEXT if previous <= tracked else Verdict.GAP
