"""Scoring and admission: criteria, inputs, score, decision and decider can all be verified.

Regulation (EU) 480/2014 art. 25(1)(a) asks that the application of the selection criteria can be
verified for every participant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.registry.domain.rules import Criteria
from shared.contracts.registry.vocabulary import RecruitmentDecision
from shared.kernel.errors import Rejected
from shared.kernel.personal import Unreadable


@dataclass(frozen=True)
class Score:
    scored_on: date
    scored_by: str
    criteria_version: str
    points: Mapping[str, int] | Unreadable
    total: int


def require_points_fit(points: Mapping[str, int], criteria: Criteria) -> None:
    """Every criterion of the version has points within its range, and no other has any."""
    if points.keys() - criteria.criteria.keys():
        raise Rejected(
            "registry.criterion_unknown",
            {"criteria": sorted(criteria.criteria), "version": criteria.version},
            "/points",
        )
    for code, criterion in criteria.criteria.items():
        if code not in points:
            raise Rejected(
                "registry.criterion_missing", {"version": criteria.version}, f"/points/{code}"
            )
        if not 0 <= points[code] <= criterion.maximum:
            raise Rejected(
                "registry.points_out_of_range", {"maximum": criterion.maximum}, f"/points/{code}"
            )


def require_four_eyes(decided_by: str, earlier: str) -> None:
    """Who prepared a decision does not take it.

    Points are a judgement; had the same person scored and decided, nobody would have looked twice
    at why this person got the place (separation of functions, Reg. (EU) 1303/2013 art. 72(b)).
    """
    if decided_by == earlier:
        raise Rejected("four_eyes")


def require_enough_points(decision: RecruitmentDecision, score: Score, criteria: Criteria) -> None:
    """Nobody is admitted below the minimum of the criteria that were applied."""
    if decision is RecruitmentDecision.ADMIT and score.total < criteria.minimum_total:
        raise Rejected(
            "registry.score_below_minimum",
            {"total": score.total, "minimum": criteria.minimum_total},
        )
