"""From points to an assessment; pure."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from shared.contracts.kasa.vocabulary.calls import (
    Assessment,
    Criteria,
    Criterion,
    Input,
    Mean,
    Origin,
    Points,
    Score,
)
from shared.kernel.errors import Rejected

HUNDREDTH: Final = Decimal("0.01")


def require_complete(criteria: Criteria, points: Sequence[Points]) -> None:
    """Every criterion of reviewers once, none above its maximum."""
    asked = criteria.of(Origin.REVIEWER)
    given = [each.criterion for each in points]
    if sorted(given) != sorted(asked):
        raise Rejected("kasa.criteria_not_matched", {"expected": sorted(asked)}, "/points")
    for number, each in enumerate(points):
        maximum = asked[each.criterion].maximum
        if each.points > maximum:
            raise Rejected(
                "kasa.points_above_maximum",
                {"criterion": each.criterion, "maximum": maximum},
                f"/points/{number}/points",
            )


def points_of_share(criterion: Criterion, share: Decimal) -> int:
    """In proportion to the share, half a point up."""
    exact = criterion.maximum * share
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def assess(
    criteria: Criteria, scores: Collection[Score], inputs: Mapping[str, Input]
) -> Assessment:
    """The mean of the reviewers by criterion, and the inputs; an input that is missing counts none.

    Raises `ValueError` without a score.
    """
    if not scores:
        raise ValueError("nothing was scored")
    means = tuple(
        Mean(criterion=each.code, points=_points(each, scores, inputs))
        for each in criteria.criteria
    )
    below = tuple(
        mean.criterion
        for mean, criterion in zip(means, criteria.criteria, strict=True)
        if mean.points < criterion.minimum
    )
    total = sum((mean.points for mean in means), Decimal(0))
    return Assessment(
        means=means,
        total=total,
        below_minimum=below,
        supportable=not below and total >= criteria.minimum,
    )


def _points(
    criterion: Criterion, scores: Collection[Score], inputs: Mapping[str, Input]
) -> Decimal:
    if criterion.origin is not Origin.REVIEWER:
        found = inputs.get(criterion.code)
        return Decimal(found.points if found else 0)
    given = [p.points for each in scores for p in each.points if p.criterion == criterion.code]
    return (Decimal(sum(given)) / len(scores)).quantize(HUNDREDTH, ROUND_HALF_UP)
