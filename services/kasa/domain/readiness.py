"""Whether a client is ready to apply: by the checklist in force on the day asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.kasa.domain.rules.advice import AdviceRules
from shared.contracts.kasa.vocabulary.advice import ItemCode, ReadyItem
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState


class Proof(NamedTuple):
    """Since when an item is met, and by which document."""

    on: date
    evidence: str


@dataclass(frozen=True)
class Readiness:
    """By the checklist in force since `list_from`."""

    list_from: date
    minutes: int
    minutes_required: int
    items: tuple[ReadyItem, ...]

    @property
    def ready(self) -> bool:
        return self.minutes >= self.minutes_required and all(each.met for each in self.items)


def readiness(
    consultations: Iterable[tuple[date, int]],
    met: Mapping[ItemCode, Proof],
    state: EnterpriseState,
    on: date,
    rules: AdviceRules,
) -> Readiness:
    """What was there on a day: consultations by day and minutes, and items with their proof."""
    period = rules.ready_to_apply.period_on(on, "/day")
    proofs = {item: proof for item, proof in met.items() if proof.on <= on}
    return Readiness(
        list_from=period.valid_from,
        minutes=sum(minutes for day, minutes in consultations if day <= on),
        minutes_required=period.value.minutes,
        items=tuple(
            ReadyItem(
                code=item.code,
                title_pl=item.title_pl,
                title_en=item.title_en,
                met=item.code in proofs,
                evidence=proofs[item.code].evidence if item.code in proofs else None,
            )
            for item in period.value.items
            if state in item.needed_in
        ),
    )
