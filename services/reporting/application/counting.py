"""Counting: what a set of indicators says of a day, as known at another one. Writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Self

from services.reporting.application.known import KnownFacts, Progress, silent
from services.reporting.application.sets import Sets
from services.reporting.domain.dataset import Dataset, Planned
from services.reporting.domain.history.facts import Fact, Known
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import Counted, count
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.frames import prepare
from services.reporting.domain.progress import days_needed, planned
from shared.contracts.reporting.vocabulary.indicators import AsOf
from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected

AT_ONCE: Final = 10_000
"""Facts that are counted while the caller waits; of more a count is ordered."""


class PlannedTargets(NamedTuple):
    """The version of a plan that numbers are set against."""

    number: int
    targets: tuple[Target, ...]

    @classmethod
    def again(cls, plan: Planned) -> Self:
        return cls(plan.number, tuple(each.target for each in plan.targets))


@dataclass(frozen=True)
class Counting:
    """`patient`: for who waits for a job, hence for any number of facts."""

    known: KnownFacts
    sets: Sets
    today: Callable[[], date]
    patient: bool = False

    def axes(self, asked: AsOf) -> tuple[date, date]:
        """True on which day, known on which; today where nothing is said.

        Refused as `date_in_future`.
        """
        today = self.today()
        as_of, known_at = asked.as_of or today, asked.known_at or today
        require_come(as_of, today, "/as_of")
        require_come(known_at, today, "/known_at")
        return as_of, known_at

    def require_few(self, known_at: date) -> None:
        """Refused as `reporting.too_many_facts`."""
        facts = 0 if self.patient else self.known.number(known_at)
        if facts > AT_ONCE:
            raise Rejected("reporting.too_many_facts", {"facts": facts, "at_most": AT_ONCE})

    def at_once(
        self, rules: IndicatorSet, as_of: date, known_at: date, *, with_facts: bool
    ) -> Dataset:
        """While the caller waits. Refused as `reporting.too_many_facts`."""
        self.require_few(known_at)
        return self.dataset(rules, as_of, known_at, with_facts=with_facts)

    def on_days(
        self, rules: IndicatorSet, days: Sequence[date], known_at: date
    ) -> dict[date, Counted]:
        """The same knowledge looked at on several days."""
        knowledge = Knowledge.of(self.known.read(known_at), Known(known_at))
        return {day: count(rules, prepare(knowledge, day)) for day in days}

    def dataset(
        self,
        rules: IndicatorSet,
        as_of: date,
        known_at: date,
        progress: Progress = silent,
        plan: PlannedTargets | None = None,
        *,
        with_facts: bool,
    ) -> Dataset:
        facts = self.known.read(known_at, progress)
        known = Known(known_at, through(facts))
        return self.made(rules, facts, as_of, known, plan, with_facts=with_facts)

    def made(
        self,
        rules: IndicatorSet,
        facts: list[Fact],
        as_of: date,
        known: Known,
        plan: PlannedTargets | None,
        *,
        with_facts: bool,
    ) -> Dataset:
        """The dataset of these facts, as far as they were known."""
        knowledge = Knowledge.of(facts, known)
        days = days_needed(plan.targets, as_of) if plan else set()
        counted = {day: count(rules, prepare(knowledge, day)) for day in {as_of, *days}}
        return Dataset.of(
            counted[as_of],
            known.positions or {},
            len(facts),
            with_facts=with_facts,
            plan=plan and planned(plan.number, plan.targets, as_of, counted),
        )


def counted_of(rules: IndicatorSet, facts: list[Fact], as_of: date, known: Known) -> Counted:
    return count(rules, prepare(Knowledge.of(facts, known), as_of))


def through(facts: list[Fact]) -> Mapping[str, int]:
    """The last position of each ledger."""
    reached: dict[str, int] = {}
    for fact in facts:
        ledger, position, _ = fact.origin
        reached[ledger] = max(position, reached.get(ledger, 0))
    return reached
