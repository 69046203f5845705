"""A document as tables: what every form of it is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from services.reporting.formats.labels import Project
from services.reporting.formats.language import Language

Value = str | int | Decimal | date | None
Row = Mapping[str, Value]


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """`width` in millimetres of paper; 0: what the others leave. `sums` and `ratio` name the columns a
    value is made from: the sum of neighbours, or the first by the second.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: float = 0
    sums: tuple[str, ...] = ()
    ratio: tuple[str, str] | None = None

    def value(self, row: Row) -> Value:
        """What stands in a row, computed where the column is."""
        if self.sums:
            return total(row.get(key) for key in self.sums)
        if self.ratio:
            return share(*(row.get(key) for key in self.ratio))
        return row.get(self.key)


@dataclass(frozen=True)
class Table:
    """`total`: the label of a last row that sums the columns of numbers; None: there is none. `name`: a
    short title for a sheet.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: str | None = None
    note: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Document:
    """`facts` stand under the title; `manifest` is for machines, `told` the same for people."""

    kind: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    manifest: Mapping[str, Any]
    told: tuple[tuple[str, str], ...]
    language: Language
    project: Project
    on: date
    """The day that the document is dated."""
    notes: tuple[str, ...] = field(default=())


def total(values: Any) -> int | Decimal | None:
    """None when there is nothing to add."""
    known = [each for each in values if isinstance(each, int | Decimal)]
    return sum(known) if known else None


def share(part: Value, whole: Value) -> Decimal | None:
    """Cut off to whole per cents, so that 100 is said only of what is reached."""
    if not isinstance(part, int | Decimal) or not isinstance(whole, int | Decimal) or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_DOWN)
