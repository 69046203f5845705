"""A counted set of indicators as a document: numbers, breakdowns, the plan, and what could not be counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any, Final, NamedTuple

from services.reporting.domain.dataset import CountedNumber, Dataset
from services.reporting.domain.indicators.cells import Labels as Cell
from services.reporting.domain.indicators.cells import labels_of
from services.reporting.domain.indicators.definition import Indicator, Unit
from services.reporting.domain.indicators.vocabulary import AGE_BAND, Type, columns_of
from services.reporting.formats.labels import Imprint, Labels
from services.reporting.formats.language import EMPTY, Language
from services.reporting.formats.tables import Column, Document, Kind, Row, Table, Value

WIDEST: Final = 6
"""Values of a dimension that still go side by side; of more each has a row."""
SEX: Final = ("sex",)
DIVISORS: Final = {Unit.MINUTES: 60, Unit.GROSZ: 100, Unit.HUNDREDTHS: 100}
HUNDREDTH: Final = Decimal("0.01")
BESIDE: Final = ("incomplete", "refused", "unasked", "unreadable")


class OfReport(NamedTuple):
    """The version of a report that a document is of."""

    number: str
    version: int
    period: tuple[date, date]


def told(unit: Unit, value: int | None) -> Value:
    """Minutes as hours, grosze as zlotys, hundredths as full-time jobs; two places, half up."""
    if value is None or unit not in DIVISORS:
        return value
    return (Decimal(value) / DIVISORS[unit]).quantize(HUNDREDTH, ROUND_HALF_UP)


def manifest_of(dataset: Dataset) -> dict[str, Any]:
    """What the numbers depend on, and their digest."""
    return {
        "set": dataset.rules.code,
        "definition": dataset.version,
        "as_of": dataset.as_of.isoformat(),
        "known_at": dataset.known_at.isoformat(),
        "positions": dict(dataset.positions),
        "facts": dataset.facts,
        "dataset": dataset.digest(),
        "plan": dataset.plan and dataset.plan.number,
    }


def indicators_document(
    dataset: Dataset,
    language: Language,
    labels: Labels,
    imprint: Imprint,
    report: OfReport | None = None,
) -> Document:
    made = _Making(dataset, language, labels)
    name = language.of(dataset.rules.name)
    word = language.word
    return Document(
        kind="report" if report else "indicators",
        title=f"{word('report')} {report.number}" if report else name,
        subtitle=word("indicators"),
        facts=tuple(made.facts(name, report)),
        tables=tuple(made.tables()),
        manifest=made.manifest(report),
        told=tuple(made.told(report)),
        language=language,
        project=imprint.project.on(dataset.known_at),
        on=dataset.known_at,
        notes=(word("note_numbers"),),
    )


class _Making:
    def __init__(self, dataset: Dataset, language: Language, labels: Labels) -> None:
        self.dataset = dataset
        self.language = language
        self.labels = labels
        self.rules = dataset.rules
        self.word = language.word
        self.counted = [each for each in dataset.numbers if each.value is not None]

    def facts(self, name: str, report: OfReport | None) -> Iterator[tuple[str, str]]:
        day, word = self.language.day, self.word
        if report:
            yield word("set"), name
            yield word("period"), f" {EMPTY} ".join(map(day, report.period))
        yield word("as_of"), day(self.dataset.as_of)
        yield word("known_at"), day(self.dataset.known_at)

    def manifest(self, report: OfReport | None) -> dict[str, Any]:
        of = {"report": report.number, "version": report.version} if report else {}
        return of | manifest_of(self.dataset)

    def told(self, report: OfReport | None) -> Iterator[tuple[str, str]]:
        word, number = self.word, self.language.number
        if report:
            yield word("report_number"), report.number
            yield word("report_version"), str(report.version)
        yield word("set"), self.rules.code
        yield word("definition"), self.dataset.version
        yield word("as_of"), self.dataset.as_of.isoformat()
        yield word("known_at"), self.dataset.known_at.isoformat()
        if self.dataset.plan:
            yield word("plan_number"), str(self.dataset.plan.number)
        yield word("facts"), number(self.dataset.facts)
        for ledger, position in self.dataset.positions.items():
            label = self.labels.ledgers.get(ledger)
            name = self.language.of(label) if label else ledger
            yield f"{word('position')}: {name}", str(position)
        yield word("dataset"), self.dataset.digest()

    def tables(self) -> Iterator[Table]:
        yield self._numbers()
        if self.dataset.plan:
            yield self._plan()
        indicators = [self.rules.indicator(each.code) for each in self.counted]
        for dimensions in dict.fromkeys(d for each in indicators for d in each.breakdowns):
            if dimensions != SEX and (table := self._breakdown(dimensions)):
                yield table
        if beside := tuple(self._beside()):
            columns = (Column(each, self.word(each), Kind.NUMBER) for each in BESIDE)
            yield Table("beside", self.word("sensitive"), (*self._named(), *columns), beside)
        if reasons := tuple(self._reasons()):
            reason = Column("reason", self.word("reason"), width=82)
            yield Table("not_counted", self.word("not_counted"), (*self._named(), reason), reasons)

    def _named(self) -> tuple[Column, Column]:
        return Column("code", self.word("code"), width=19), Column("name", self.word("name"))

    def _name(self, code: str) -> dict[str, Value]:
        return {"code": code, "name": self.language.of(self.rules.indicator(code).name)}

    def _numbers(self) -> Table:
        sexes = self._values(SEX[0], (each.labels for each in self._cells(SEX)))
        rows = tuple(self._number(each, sexes) for each in self.counted)
        columns = (
            *self._named(),
            Column("unit", self.word("unit"), width=18),
            Column("number", self.word("number"), Kind.NUMBER),
            *(self._of_value(SEX[0], each) for each in sexes),
        )
        return Table("numbers", self.word("numbers"), columns, rows)

    def _number(self, number: CountedNumber, sexes: list[str]) -> Row:
        unit = self.rules.indicator(number.code).unit
        row = self._name(number.code)
        row |= {"unit": self._unit(unit), "number": told(unit, number.value)}
        if SEX in self.rules.indicator(number.code).breakdowns:
            row |= {f"sex:{each}": self._at(number, unit, (("sex", each),)) for each in sexes}
        return row

    def _plan(self) -> Table:
        columns = (
            *self._named(),
            Column("cell", self.word("cell"), width=24),
            Column("first_on", self.word("first_on"), Kind.DAY, width=17),
            Column("last_on", self.word("last_on"), Kind.DAY, width=17),
            Column("target", self.word("target"), Kind.NUMBER, width=16),
            Column("actual", self.word("actual"), Kind.NUMBER, width=17),
            Column("percent", self.word("percent"), Kind.PERCENT, ratio=("actual", "target")),
        )
        targets = self.dataset.plan.targets if self.dataset.plan else ()
        rows = []
        for each in targets:
            target, unit = each.target, self.rules.indicator(each.target.code).unit
            rows.append(
                {
                    **self._name(target.code),
                    "cell": self.cell(target.cell),
                    "first_on": target.first_on,
                    "last_on": target.last_on,
                    "target": told(unit, target.value),
                    "actual": told(unit, each.actual),
                }
            )
        note = self.word("note_percent")
        return Table("plan", self.word("plan"), columns, tuple(rows), note=note)

    def cell(self, name: str | None) -> str:
        parts = (self._value(dimension, value) for dimension, value in labels_of(name))
        return ", ".join(parts)

    def _breakdown(self, dimensions: tuple[str, ...]) -> Table | None:
        *outer, last = dimensions
        values = self._values(last, (each.labels for each in self._cells(dimensions)))
        if not values:
            return None
        names = [self.language.of(self.labels.dimension(each)).lower() for each in dimensions]
        title = f"{self.word('numbers')} {self.word('by')} {', '.join(names)}"
        name = ", ".join(names).capitalize()
        key = f"by:{','.join(dimensions)}"
        if len(values) > WIDEST:
            return replace(self._listed(key, title, dimensions), name=name)
        columns = [*self._named(), *(self._dimension(each) for each in outer)]
        columns += [self._of_value(last, each) for each in values]
        note = None
        if not self._overlaps(dimensions):
            keys = tuple(f"{last}:{each}" for each in values)
            columns.append(Column("sum", self.word("sum"), Kind.NUMBER, 15, sums=keys))
            note = self.word("note_sum") if AGE_BAND in dimensions else None
        rows = tuple(self._rows_across(tuple(outer), last, values))
        return Table(key, title, tuple(columns), rows, note=note, name=name)

    def _rows_across(self, outer: tuple[str, ...], last: str, values: list[str]) -> Iterator[Row]:
        sides = [
            self._values(each, (c.labels for c in self._cells((*outer, last)))) for each in outer
        ]
        for number, indicator in self._having((*outer, last)):
            for place in product(*sides):
                at = tuple(zip(outer, place, strict=True))
                cells = {
                    f"{last}:{each}": self._at(number, indicator.unit, (*at, (last, each)))
                    for each in values
                }
                if any(cells.values()) or not outer:
                    named = {name: self._value(name, value) for name, value in at}
                    yield {**self._name(number.code), **named, **cells}

    def _listed(self, key: str, title: str, dimensions: tuple[str, ...]) -> Table:
        columns = (
            *self._named(),
            *(self._dimension(each, 40) for each in dimensions),
            Column("number", self.word("number"), Kind.NUMBER),
        )
        having = list(self._having(dimensions))
        rows = tuple(
            {
                **self._name(number.code),
                **{name: self._value(name, value) for name, value in cell.labels},
                "number": told(indicator.unit, cell.value),
            }
            for number, indicator in having
            for cell in number.cells
            if tuple(name for name, _ in cell.labels) == dimensions
        )
        alone = len(having) == 1 and not self._overlaps(dimensions)
        return Table(key, title, columns, rows, total=self.word("total") if alone else None)

    def _overlaps(self, dimensions: tuple[str, ...]) -> bool:
        """Whether somebody may be in several cells: a sum of them would count them twice."""
        columns = [columns_of(each.universe) for _, each in self._having(dimensions)]
        return any(
            name in known and known[name].type is Type.TAGS
            for known in columns
            for name in dimensions
        )

    def _beside(self) -> Iterator[Row]:
        for each in self.counted:
            found = {name: getattr(each, name) for name in BESIDE}
            if any(found.values()):
                yield {**self._name(each.code), **found}

    def _reasons(self) -> Iterator[Row]:
        for each in self.dataset.numbers:
            if each.reason is not None:
                yield {**self._name(each.code), "reason": each.reason}

    def _having(self, dimensions: tuple[str, ...]) -> Iterator[tuple[CountedNumber, Indicator]]:
        for each in self.counted:
            indicator = self.rules.indicator(each.code)
            if dimensions in indicator.breakdowns:
                yield each, indicator

    def _cells(self, dimensions: tuple[str, ...]) -> Iterator[Any]:
        for number, _ in self._having(dimensions):
            for cell in number.cells:
                if tuple(name for name, _ in cell.labels) == dimensions:
                    yield cell

    def _values(self, dimension: str, cells: Iterable[Cell]) -> list[str]:
        """Those that occur, in the order of the labels; bands of age in their own, all of them."""
        if dimension == AGE_BAND:
            return [each.label for each in self.rules.age_bands]
        found = {value for labels in cells for name, value in labels if name == dimension}
        known = [each for each in self.labels.values.get(dimension, {}) if each in found]
        return [*known, *sorted(found - set(known))]

    def _at(self, number: CountedNumber, unit: Unit, labels: Cell) -> Value:
        cell = number.cell(labels)
        return told(unit, cell.value if cell else 0)

    def _dimension(self, name: str, width: float = 30) -> Column:
        return Column(name, self.language.of(self.labels.dimension(name)), width=width)

    def _of_value(self, dimension: str, value: str) -> Column:
        return Column(f"{dimension}:{value}", self._value(dimension, value), Kind.NUMBER, 17)

    def _value(self, dimension: str, value: str) -> str:
        return self.language.of(self.labels.value(dimension, value))

    def _unit(self, unit: Unit) -> str:
        units: Mapping[str, Any] = self.labels.units
        return self.language.of(units[unit.value])
