"""The columns of a table: their names, where their values go, and how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.runtime.tables.errors import Text
from shared.runtime.tables.values import Read
from shared.runtime.tables.words import Words, fold

Path = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column. `path` leads to the field that gets its values."""

    path: Path
    pl: str
    en: str
    read: Read
    expected: Text
    example: str
    also: tuple[str, ...] = ()
    words: Words | None = None
    mandatory: bool = False

    @property
    def name(self) -> Text:
        return Text(self.pl, self.en)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every name a header may use: both languages, further words, the field's own name."""
        return self.pl, self.en, *self.also, self.path[-1], "_".join(self.path[-2:])


class Table:
    """All columns that one kind of file may have."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns: Final = tuple(columns)
        self.by_path: Final[Mapping[Path, Column]] = MappingProxyType(
            {column.path: column for column in columns}
        )
        self.by_name: Final[Mapping[str, Column]] = MappingProxyType(
            {fold(header): column for column in columns for header in column.headers}
        )
