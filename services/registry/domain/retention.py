"""For how long somebody's data must be kept: what stands against an erasure on a day."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from services.registry.domain.participant import Participant
from services.registry.domain.rules import (
    Beginning,
    Covered,
    Project,
    RegistryRules,
    RetentionRule,
)
from shared.contracts.registry.vocabulary import HoldGround, Obstacle
from shared.kernel.days import months_after
from shared.kernel.personal import DataClass


class Stay(NamedTuple):
    """What the terms depend on, of one record."""

    applied_on: date
    latest_on: date
    selected: bool
    supported: bool

    @classmethod
    def of(cls, participant: Participant) -> "Stay":
        return cls(
            applied_on=participant.applied_on,
            latest_on=participant.latest_on,
            selected=participant.score is not None,
            supported=participant.started_on is not None,
        )

    def covered(self, by: Covered) -> bool:
        return {
            Covered.EVERYBODY: True,
            Covered.SELECTED: self.selected,
            Covered.SUPPORTED: self.supported,
        }[by]


class Hold(NamedTuple):
    """Somebody said that the data must stay until it is lifted."""

    id: UUID
    ground: HoldGround


def obstacles(
    stays: Collection[Stay],
    holds: Collection[Hold],
    data_classes: Collection[DataClass],
    day: date,
    rules: RegistryRules,
) -> tuple[Obstacle, ...]:
    """All that stands against erasing these data classes on a day (GDPR art. 17(3)(b) and (e)).

    The effective term is the longest, so an erasure may be done once nothing is left here.
    """
    found = {
        obstacle.rule: obstacle
        for stay in stays
        for obstacle in _terms(stay, data_classes, day, rules)
    }
    articles = rules.hold_articles.on(day)
    for hold in holds:
        found[hold.ground] = Obstacle(
            rule=hold.ground, article=articles[hold.ground], may_from=None
        )
    return tuple(found[rule] for rule in sorted(found))


def _terms(
    stay: Stay, data_classes: Collection[DataClass], day: date, rules: RegistryRules
) -> Iterator[Obstacle]:
    """A stay across two programmes is bound by the law of both."""
    project = rules.project.on(day)
    bound = {rule.code: rule for on in stay[:2] for rule in rules.retention.on(on)}
    for rule in bound.values():
        if not (stay.covered(rule.covers) and rule.data_classes & set(data_classes)):
            continue
        may_from = _end(rule, stay, project)
        if may_from is None or day < may_from:
            yield Obstacle(rule=rule.code, article=rule.article, may_from=may_from)


def _end(rule: RetentionRule, stay: Stay, project: Project) -> date | None:
    """The day after the last one of the term; None while it has not begun."""
    begins = {
        Beginning.APPLICATION: stay.applied_on,
        Beginning.EXIT: stay.latest_on,
        Beginning.FINAL_BALANCE: project.final_balance_on,
        Beginning.LAST_PAYMENT: project.last_payment_on,
    }[rule.begins]
    if begins is None:
        return None
    start = date(begins.year, 12, 31) if rule.from_year_end else begins
    return months_after(start, 12 * rule.years) + timedelta(1)
