"""From answers to codes, some thousand at a time: however many there are, they are never in memory at
once, only a small number for each answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Final, TypeVar

import numpy as np

from services.research.domain.analysis.axes import Axis, axis_of, chosen_by, coded
from services.research.domain.analysis.frames import ID, Frame, answer_frame
from services.research.domain.analysis.questions import respondent, shown_to, variables_of
from services.research.domain.analysis.variables import Category, Kind
from services.research.domain.answered import Answered
from services.research.domain.export.protecting import Ints
from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.tables import Dimension, Filter, Label

AT_ONCE: Final = 2_000
T = TypeVar("T")


@dataclass(frozen=True)
class Population:
    """Whose answers: those of an edition that pass every filter."""

    filters: tuple[Filter, ...]
    position: int


@dataclass(frozen=True)
class Coded:
    """`codes` (rows x columns): the number of the category on the axis of each column."""

    axes: tuple[Axis, ...]
    identities: Sequence[str]
    codes: Ints
    units: int
    """Answers of the edition, whatever the filters."""


class Coding:
    """How the answers to a questionnaire become codes of the columns that are wanted.

    Raises `research.variable_unknown`, `research.dimension_not_fitting` and
    `research.category_unknown` when it is made.
    """

    def __init__(
        self, form: Form, columns: Sequence[Dimension], filters: Sequence[Filter] = ()
    ) -> None:
        self._form = form
        wanted = {each.variable for each in columns}
        wanted |= {each.dimension.variable for each in filters}
        every = variables_of(form.definition)
        self._variables = tuple(each for each in every if each.name in wanted)
        self._columns = columns
        empty = self._frame(())
        self.axes = tuple(
            axis_of(empty, each, f"/columns/{number}/dimension", absent=True)
            for number, each in enumerate(columns)
        )
        chosen_by(empty, filters, "/filters")

    def kind_of(self, variable: str) -> Kind:
        return next(each.kind for each in self._variables if each.name == variable)

    def coded(self, answers: Iterable[Answered], filters: Sequence[Filter]) -> Coded:
        found = [{code: n for n, code in enumerate(axis.codes)} for axis in self.axes]
        identities: list[str] = []
        parts = [np.zeros((0, len(self.axes)), dtype=np.int16)]
        units = 0
        for some in _batches(answers):
            units += len(some)
            frame = chosen_by(self._frame(some), filters, "/filters")
            texts = frame.data.select(
                coded(frame, each).alias(str(number)) for number, each in enumerate(self._columns)
            )
            parts.append(
                np.array(
                    [
                        [known.setdefault(code, len(known)) for code in texts[str(number)]]
                        for number, known in enumerate(found)
                    ],
                    dtype=np.int16,
                ).T
            )
            identities += frame.data[ID].to_list()
        axes = tuple(map(_with_periods, self.axes, found))
        return Coded(axes, identities, np.concatenate(parts), units)

    def differences(
        self,
        editions: Mapping[int, Iterable[Answered]],
        mine: Population,
        others: Sequence[Population],
    ) -> Sequence[int]:
        """By how many units this population differs from each of the others."""
        totals = [0] * len(others)
        for some in _batches(_units(editions)):
            frame = self._frame([unit for unit, _ in some])
            there = {unit.identity: positions for unit, positions in some}
            own = _within(frame, there, mine)
            for number, other in enumerate(others):
                totals[number] += len(own ^ _within(frame, there, other))
        return totals

    def _frame(self, answers: Sequence[Answered]) -> Frame:
        return answer_frame(
            self._variables,
            (
                respondent(
                    each.identity, each.answers, shown_to(self._form, each.answers), self._variables
                )
                for each in answers
            ),
        )


def _units(
    editions: Mapping[int, Iterable[Answered]],
) -> Iterator[tuple[Answered, frozenset[int]]]:
    """Each version of a response, and the editions that it is in; answers come in order of the ids."""
    placed = [((each, position) for each in by) for position, by in editions.items()]
    for _, same in groupby(
        merge(*placed, key=lambda pair: str(pair[0].response_id)), lambda pair: pair[0].response_id
    ):
        versions: dict[str, tuple[Answered, set[int]]] = {}
        for each, position in same:
            versions.setdefault(each.identity, (each, set()))[1].add(position)
        for each, positions in versions.values():
            yield each, frozenset(positions)


def _within(
    frame: Frame, there: Mapping[str, frozenset[int]], population: Population
) -> frozenset[str]:
    chosen = chosen_by(frame, population.filters, "/filters").data[ID].to_list()
    return frozenset(each for each in chosen if population.position in there[each])


def _with_periods(axis: Axis, found: Mapping[str, int]) -> Axis:
    """Periods are known only when they occur."""
    later = [Category(code, Label(pl=code, en=code)) for code in list(found)[len(axis.codes) :]]
    return Axis(axis.name, axis.label, (*axis.categories, *later), axis.sensitive)


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    upcoming = iter(items)
    while batch := list(islice(upcoming, AT_ONCE)):
        yield batch
