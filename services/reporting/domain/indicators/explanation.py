"""Why two counts differ: every unit of the difference with exactly one cause, closing always.

The way from one count to the other goes in four steps, and each unit that a step changes in a cell is
one movement, so the movements of a cell sum to its difference:

1. what was frozen then against the same count today: only keys destroyed since can tell them apart;
2. from what was known then to what is known now, for the earlier day;
3. from the earlier day to the later one;
4. from the rules of then to the rules of now.

Within a step the facts that the unit newly rests on, or no longer rests on, name the cause, in the
second step those that only one of the counts knew; of several the first that applies: 2. merged, erased, corrected (or left, when it takes somebody out), re-entered,
late; 3. re-entered, new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from services.reporting.domain.history.facts import Fact, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import Counted, Label, tally
from services.reporting.domain.indicators.frames import prepare

Cell = tuple[str, Label]
Contributions = Mapping[Cell, Mapping[str, int]]


class Cause(StrEnum):
    NEW = "new"
    """Became true between the two days."""
    LATE = "late"
    """Was true by the first day, and became known after the first count."""
    CORRECTED = "corrected"
    LEFT = "left"
    """A correction took it out."""
    RE_ENTERED = "re_entered"
    """Support started again, so a result is taken back until the final exit."""
    MERGED = "merged"
    """Two records proved to be one person, or the other way round."""
    ERASED = "erased"
    """Keys were destroyed, so it cannot be judged any more."""
    RULE_CHANGED = "rule_changed"


MERGES: Final = frozenset({"registry.participant_merged.v1", "registry.merge_undone.v1"})
CORRECTIONS: Final = frozenset(
    {
        "registry.participant_corrected.v1",
        "registry.steps_corrected.v1",
        "training.attendance_corrected.v1",
    }
)
RE_ENTRIES: Final = frozenset({"registry.participant_re_entered.v1"})
ERASURES: Final = frozenset({"registry.participant_erased.v1"})


class Movement(NamedTuple):
    """One unit in one cell. `facts` are those that the cause was read from; none for a rule."""

    code: str
    label: Label
    unit: str
    change: int
    cause: Cause
    facts: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Difference:
    """The movements of every cell of two counts."""

    movements: tuple[Movement, ...]

    def of(self, code: str, label: Label = ()) -> tuple[Movement, ...]:
        return tuple(each for each in self.movements if (each.code, each.label) == (code, label))

    def by_cause(self, code: str, label: Label = ()) -> dict[Cause, int]:
        """The net change by cause; their sum is the difference of the two numbers."""
        totals: dict[Cause, int] = {}
        for each in self.of(code, label):
            totals[each.cause] = totals.get(each.cause, 0) + each.change
        return totals


def explain(
    before: Counted,
    after: Counted,
    facts: Sequence[Fact],
    frozen: Contributions | None = None,
) -> Difference:
    """From `before`, as it can be counted today, or as it was `frozen` then, to `after`.

    `facts` are all that either count knew.
    """
    kinds = {fact.origin: fact.kind for fact in facts}
    learned = prepare(Knowledge.of(facts, after.known), before.on)
    active = [each for each in before.rules.indicators if each.code in before.masks]
    known_now = tally(before.rules, learned, active)
    day_now = tally(before.rules, after.prepared, active)
    at_first = before.contributions()
    movements = [
        *_plain(at_first if frozen is None else frozen, at_first, Cause.ERASED),
        *_told(before, known_now, kinds, _learned, _known_to_one(before, after, facts)),
        *_told(known_now, day_now, kinds, _happened),
        *_plain(day_now.contributions(), after.contributions(), Cause.RULE_CHANGED),
    ]
    return Difference(tuple(movements))


def _known_to_one(before: Counted, after: Counted, facts: Sequence[Fact]) -> AbstractSet[Origin]:
    one, other = ({fact.origin for fact in each.known.of(list(facts))} for each in (before, after))
    return one ^ other


def _plain(one: Contributions, other: Contributions, cause: Cause) -> Iterator[Movement]:
    for code, label, unit, change in _changes(one, other):
        yield Movement(code, label, unit, change, cause)


def _told(
    one: Counted,
    other: Counted,
    kinds: Mapping[Origin, str],
    cause_of: Callable[[AbstractSet[str], int], Cause],
    fresh: AbstractSet[Origin] = frozenset(),
) -> Iterator[Movement]:
    """`fresh` facts name the cause wherever there are some among those that changed."""
    for code, label, unit, change in _changes(one.contributions(), other.contributions()):
        names = one.rules.sources(code)
        changed = one.sources(code, unit, names) ^ other.sources(code, unit, names)
        facts = sorted(changed & fresh or changed)
        cause = cause_of({kinds[origin] for origin in facts}, change)
        yield Movement(code, label, unit, change, cause, tuple(facts))


def _changes(one: Contributions, other: Contributions) -> Iterator[tuple[str, Label, str, int]]:
    for cell in dict.fromkeys([*one, *other]):
        was, now = one.get(cell, {}), other.get(cell, {})
        if was == now:
            continue
        for unit in dict.fromkeys([*was, *now]):
            if change := now.get(unit, 0) - was.get(unit, 0):
                yield *cell, unit, change


def _learned(kinds: AbstractSet[str], change: int) -> Cause:
    """Why more knowledge of the same day changes a unit."""
    if kinds & MERGES:
        return Cause.MERGED
    if kinds & ERASURES:
        return Cause.ERASED
    if kinds & CORRECTIONS:
        return Cause.CORRECTED if change > 0 else Cause.LEFT
    return Cause.RE_ENTERED if change < 0 and kinds & RE_ENTRIES else Cause.LATE


def _happened(kinds: AbstractSet[str], change: int) -> Cause:
    """Why a later day changes a unit."""
    return Cause.RE_ENTERED if change < 0 and kinds & RE_ENTRIES else Cause.NEW
