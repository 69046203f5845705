"""The rules of founding a social cooperative, and the duties that follow from it.

All figures come from the dated rule in force on the day of the entry in the register.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.kasa.domain.enterprise_history import EnterpriseHistory, Member
from services.kasa.domain.rules.enterprises import EnterpriseRules, Founding
from shared.contracts.kasa.vocabulary.enterprises import (
    DutyKind,
    EnterpriseKind,
    FoundingGap,
    Nature,
)
from shared.kernel.days import months_after

PER_CENT: Final = 100


@dataclass(frozen=True)
class Gap:
    """What is missing; `have` and `required` are numbers of people."""

    kind: FoundingGap
    have: int
    required: int


@dataclass(frozen=True)
class Duty:
    """To be done by the end of `due_on`; open as long as `have` is less than `required`."""

    kind: DutyKind
    article: str
    have: int
    required: int
    due_on: date

    @property
    def is_open(self) -> bool:
        return self.have < self.required


def entitled_needed(people: int, percent: int | None) -> int:
    """How many of so many people must be entitled persons: a share is reached, never rounded down."""
    return -(-people * (percent or 0) // PER_CENT)


def founding_gaps(
    founders: Sequence[Member], rule: Founding, nature: Nature, *, converted: bool
) -> tuple[Gap, ...]:
    """What the group still lacks by the rule; empty when it may found."""
    return tuple(_gaps(founders, rule, nature, converted=converted))


def _gaps(
    founders: Sequence[Member], rule: Founding, nature: Nature, *, converted: bool
) -> Iterator[Gap]:
    have = len(founders)
    fitting = sum(each.nature is nature for each in founders)
    if fitting < have:
        yield Gap(FoundingGap.NATURE, fitting, have)
    if have < rule.founders:
        yield Gap(FoundingGap.FOUNDERS, have, rule.founders)
    entitled = sum(each.entitled for each in founders)
    if entitled < (needed := entitled_needed(have, rule.entitled_percent)):
        yield Gap(FoundingGap.ENTITLED, entitled, needed)
    if have > rule.members_maximum and not may_exceed(rule, converted=converted):
        yield Gap(FoundingGap.MEMBERS_MAXIMUM, have, rule.members_maximum)


def may_exceed(rule: Founding, *, converted: bool) -> bool:
    """Converted cooperatives of invalids and of the blind may have more members, where the rule says so."""
    return converted and not rule.maximum_of_converted


def duties(enterprise: EnterpriseHistory, rules: EnterpriseRules) -> tuple[Duty, ...]:
    """What the cooperative owes since its entry in the register, done or not."""
    founded = enterprise.founded
    if founded is None or enterprise.terms.kind is not EnterpriseKind.SOCIAL_COOPERATIVE:
        return ()
    rule = rules.founding(enterprise.terms.founded_by).on(founded.occurred_on)
    return tuple(_duties(enterprise, rule, founded.occurred_on))


def _duties(enterprise: EnterpriseHistory, rule: Founding, founded_on: date) -> Iterator[Duty]:
    members = len(enterprise.current_members)
    admit_by = months_after(founded_on, rule.members_within_months)
    if rule.employ_entitled:
        yield Duty(
            DutyKind.EMPLOY_ENTITLED,
            rule.article,
            sum(each.entitled for each in enterprise.employed),
            rule.employ_entitled,
            months_after(founded_on, rule.employ_within_months),
        )
    if rule.members > rule.founders:
        yield Duty(DutyKind.ADMIT_MEMBERS, rule.article, members, rule.members, admit_by)
    if members < rule.members:
        since = below_since(enterprise.members.values(), rule.members, founded_on)
        due_on = months_after(max(since, admit_by), rule.below_months)
        yield Duty(DutyKind.RESTORE_MEMBERS, rule.article, members, rule.members, due_on)


def below_since(members: Iterable[Member], minimum: int, founded_on: date) -> date:
    """The first day of the present time with fewer members than the least number."""
    changes: dict[date, int] = {founded_on: 0}
    for each in members:
        changes[each.since] = changes.get(each.since, 0) + 1
        if each.until is not None:
            changes[each.until] = changes.get(each.until, 0) - 1
    number, since = 0, founded_on
    for day in sorted(changes):
        before, number = number, number + changes[day]
        if before >= minimum > number:
            since = day
    return since
