"""Columns of all persons, or of all rows of a kind, as true on a day: what conditions run over."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.reporting.domain.history.knowledge import AsOf, Knowledge
from services.reporting.domain.history.person import History
from services.reporting.domain.history.record import Sources
from services.reporting.domain.history.rows import ABOUT_PARTICIPANTS, UNIVERSES, Row
from services.reporting.domain.indicators.vocabulary import (
    PERSON_COLUMNS,
    PERSONS,
    Column,
    Type,
)

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
UNKNOWN: Final = np.iinfo(np.int64).min
"""Stands for a number that is not known, and is in no range."""
NO_LABEL: Final = -1


def any_of(masks: Iterable[Mask], size: int) -> Mask:
    found = np.zeros(size, np.bool_)
    for mask in masks:
        found |= mask
    return found


def all_of(masks: Iterable[Mask], size: int) -> Mask:
    found = np.ones(size, np.bool_)
    for mask in masks:
        found &= mask
    return found


@dataclass(frozen=True)
class Choices:
    codes: Ints
    labels: tuple[str, ...]

    @property
    def known(self) -> Mask:
        mask: Mask = self.codes != NO_LABEL
        return mask

    def among(self, labels: Sequence[str]) -> Mask:
        wanted = [self.labels.index(label) for label in labels if label in self.labels]
        return any_of((self.codes == code for code in wanted), len(self.codes))


Tags = dict[str, Mask]
Values = Choices | Ints | Mask | Tags


@dataclass(frozen=True)
class Frame:
    """`sources(place, names)` are the facts on which the named parts of a unit rest."""

    universe: str
    units: Sequence[str]
    columns: Mapping[str, Values]
    amounts: Ints
    sources: Callable[[int, frozenset[str]], Sources]

    def __len__(self) -> int:
        return len(self.units)

    def choices(self, name: str) -> Choices:
        column = self.columns[name]
        if not isinstance(column, Choices):
            raise TypeError(f"{name} has no labels")
        return column

    def tags(self, name: str) -> Tags:
        column = self.columns[name]
        if not isinstance(column, dict):
            raise TypeError(f"{name} has no tags")
        return column

    def ints(self, name: str) -> Ints:
        column = self.columns[name]
        if not isinstance(column, np.ndarray):
            raise TypeError(f"{name} is no number")
        return column.astype(np.int64, copy=False)

    def flag(self, name: str) -> Mask:
        column = self.columns[name]
        if not isinstance(column, np.ndarray):
            raise TypeError(f"{name} is no flag")
        return column.astype(np.bool_, copy=False)

    @cached_property
    def places(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self.units)}


@dataclass(frozen=True)
class Prepared:
    """Everything that is counted on one day, ready for any set of indicators."""

    as_of: AsOf
    frames: Mapping[str, Frame]

    @property
    def on(self) -> date:
        return self.as_of.on


def prepare(knowledge: Knowledge, day: date) -> Prepared:
    as_of = knowledge.on(day)
    persons = _persons(as_of.persons)
    place_of = {history.subject: place for place, history in enumerate(as_of.persons)}

    def join(row: Row) -> int:
        nobody = len(as_of.persons)
        if row.participant is None:
            return nobody
        return place_of.get(knowledge.whom(row.participant), nobody)

    def merges(row: Row) -> Sources:
        return knowledge.merges(row.participant) if row.participant else ()

    frames = {
        universe: _rows(universe, as_of.rows[universe], day, persons, (join, merges))
        for universe in UNIVERSES
    }
    return Prepared(as_of, {PERSONS: persons, **frames})


def _persons(histories: Sequence[History]) -> Frame:
    """One place more than persons: the last stands for nobody, for rows without a participant."""
    columns = {name: _column(column, histories) for name, column in PERSON_COLUMNS.items()}

    def sources(place: int, names: frozenset[str]) -> Sources:
        known = histories[place].sources if place < len(histories) else {}
        return tuple(dict.fromkeys(each for name in names for each in known.get(name, ())))

    units = [str(history.subject) for history in histories]
    return Frame(PERSONS, units, columns, np.ones(len(units), np.int64), sources)


def _column(column: Column, histories: Sequence[History]) -> Values:
    told = [column.value(history) for history in histories]
    match column.type:
        case Type.CHOICE:
            return _choices(told, column.labels)
        case Type.NUMBER:
            return np.array([UNKNOWN if each is None else each for each in told], np.int64)
        case Type.FLAG:
            return np.array([bool(each) for each in told], np.bool_)
        case Type.TAGS:
            return {
                label: np.array([bool(each) and label in each for each in told], np.bool_)
                for label in column.labels or ()
            } | {"": np.array([each is not None for each in told], np.bool_)}


def _choices(told: Sequence[Any], labels: tuple[str, ...] | None) -> Choices:
    if labels is None:
        labels = tuple(sorted({each for each in told if each is not None}))
    code_of: dict[Any, int] = {str(label): code for code, label in enumerate(labels)}
    codes = np.array([code_of.get(each, NO_LABEL) for each in told], np.int64)
    return Choices(codes, tuple(map(str, labels)))


def _rows(
    universe: str,
    rows: Sequence[Row],
    day: date,
    persons: Frame,
    participant: tuple[Callable[[Row], int], Callable[[Row], Sources]],
) -> Frame:
    """`participant` finds the place of a row's participant, and the merges on the way there."""
    join, merges = participant
    columns: dict[str, Values] = {}
    joined: Ints | None = None
    if universe in ABOUT_PARTICIPANTS:
        joined = np.array([join(row) for row in rows], np.int64)
        columns = {name: _taken(values, joined) for name, values in persons.columns.items()}
    columns |= {
        name: _choices([row.attributes[name] for row in rows], None) for name in UNIVERSES[universe]
    }
    amounts = np.array([row.amount for row in rows], np.int64)
    columns["amount"] = amounts
    columns["open"] = np.array([row.is_open(day) for row in rows], np.bool_)

    def sources(place: int, names: frozenset[str]) -> Sources:
        row = rows[place]
        own = row.sources if row.is_open(day) else row.sources + row.closed_by
        person = () if joined is None else persons.sources(int(joined[place]), names)
        return tuple(dict.fromkeys(own + merges(row) + person))

    return Frame(universe, [row.unit for row in rows], columns, amounts, sources)


def _taken(values: Values, places: Ints) -> Values:
    """The values at some places; those of nobody are unknown."""
    match values:
        case Choices():
            return Choices(np.append(values.codes, NO_LABEL)[places], values.labels)
        case dict():
            return {label: np.append(mask, [False])[places] for label, mask in values.items()}
        case _ if values.dtype == np.bool_:
            return np.append(values, [False])[places]
        case _:
            return np.append(values, UNKNOWN)[places]
