"""What is known of communes by year: uploaded facts, and counts of what kasa tells."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from shared.contracts.research.vocabulary.diagnoses import Fact

ENTERPRISES: Final = "supported_enterprises"
PLACES: Final = "supported_job_places"
SOURCE: Final = "kasa"

Inputs = Mapping[str, Decimal]


@dataclass(frozen=True)
class Enterprise:
    id: UUID
    commune: str
    founded_on: date


@dataclass(frozen=True)
class JobPlace:
    """`share` is that of full time."""

    enterprise: UUID
    share: Decimal
    created_on: date
    lost_on: date | None = None

    def exists_on(self, day: date) -> bool:
        return self.created_on <= day and (self.lost_on is None or day < self.lost_on)


def counted(
    communes: Collection[str],
    enterprises: Iterable[Enterprise],
    places: Iterable[JobPlace],
    year: int,
) -> tuple[Fact, ...]:
    """Enterprises founded with support by the end of the year, and job places in full-time equivalents
    that exist on its last day. A commune without any has zero of them, which is known, not missing.
    """
    end = date(year, 12, 31)
    where = {each.id: each.commune for each in enterprises if each.founded_on <= end}
    founded = dict.fromkeys(communes, 0)
    working = dict.fromkeys(communes, Decimal(0))
    for commune in where.values():
        if commune in founded:
            founded[commune] += 1
    for place in places:
        commune = where.get(place.enterprise, "")
        if commune in working and place.exists_on(end):
            working[commune] += place.share
    return tuple(
        Fact(teryt=commune, input=name, year=year, value=value, source=SOURCE)
        for commune in sorted(communes)
        for name, value in ((ENTERPRISES, Decimal(founded[commune])), (PLACES, working[commune]))
    )


def inputs_of(facts: Iterable[Fact], year: int) -> Mapping[str, Inputs]:
    """The inputs of one year by commune; of two facts on the same input, the later one counts."""
    found: dict[str, dict[str, Decimal]] = {}
    for fact in facts:
        if fact.year == year:
            found.setdefault(fact.teryt, {})[fact.input] = fact.value
    return found
