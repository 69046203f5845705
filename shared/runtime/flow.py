"""Text, tables and pictures one under another, over as many pages as they need (A4, upright)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from shared.runtime.typesetting import (
    BRASS,
    GREY,
    HAIR,
    INK,
    MIST,
    NAVY,
    Align,
    Ink,
    Paper,
    Type,
)

LEFT: Final = 22.0
BREADTH: Final = 210 - 2 * LEFT
TOP: Final = 30.0
BOTTOM: Final = 272.0
"""Nothing but the foot stands below it."""
TEXT: Final = Type("sans", 9.5, INK)
LEADING: Final = 4.7
SMALL: Final = Type("sans", 7.5, GREY, 5)
CELL: Final = Type("sans", 8.2, INK, 5.5)
HEAD: Final = Type("sans-semibold", 7.6, NAVY, 5)
ROW: Final = 5.4


@dataclass(frozen=True)
class Column:
    title: str
    width: float
    align: Align = "L"


class Flow:
    """`dress` sets what every page has besides; it is told the number of the page."""

    def __init__(self, paper: Paper, dress: Callable[[int], None]) -> None:
        self.paper = paper
        self._dress = dress
        self.y = BOTTOM

    def page(self) -> None:
        self.paper.add_page()
        self._dress(self.paper.page_no())
        self.y = TOP

    def room(self, height: float) -> None:
        """A new page, if that much does not fit on this one."""
        if self.y + height > BOTTOM:
            self.page()

    def space(self, height: float) -> None:
        self.y += height

    def heading(self, text: str, *, keep: float = 20) -> None:
        """`keep`: so much of what follows stands on the same page."""
        self.room(12 + keep)
        self.y += 9
        self.paper.line_of(text, LEFT, self.y, BREADTH, Type("serif-semibold", 13.5, NAVY, 9))
        self.y += 2.2
        self.paper.rule(LEFT, self.y, BREADTH, BRASS, 0.25)
        self.y += 2.5

    def text(self, text: str, setting: Type = TEXT, leading: float = LEADING) -> None:
        """Paragraphs are what line breaks part."""
        for paragraph in filter(None, text.splitlines()):
            for line in self.paper.lines_for(paragraph, BREADTH, setting):
                self.room(leading)
                self.y += leading
                self.paper.line_of(line, LEFT, self.y, BREADTH, setting)
            self.y += 1.6

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """The head stands again on every page that the rows go on to."""
        self.room(4 * ROW)
        self._table_head(columns)
        for number, row in enumerate(rows):
            if self.y + ROW > BOTTOM:
                self.page()
                self._table_head(columns)
            self._table_row(columns, row, shaded=number % 2 == 1)
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), NAVY, 0.25)
        self.y += 3

    def picture(self, content: bytes, words: str, ratio: float) -> None:
        """`ratio` is height by width."""
        width = BREADTH
        height = width * ratio
        if height > BOTTOM - TOP:
            height = BOTTOM - TOP
            width = height / ratio
        self.room(height)
        self.paper.image(BytesIO(content), LEFT, self.y, width, height, alt_text=words)
        self.y += height + 2

    def _table_head(self, columns: Sequence[Column]) -> None:
        lines = [self.paper.lines_for(each.title, each.width - 2.5, HEAD)[:3] for each in columns]
        deep = max(map(len, lines))
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), NAVY, 0.35)
        x = LEFT
        for each, titles in zip(columns, lines, strict=True):
            for place, title in enumerate(titles):
                baseline = self.y + 3.6 + 3.2 * (deep - len(titles) + place)
                self._set(title, x, baseline, each, HEAD)
            x += each.width
        self.y += 1.9 + 3.2 * deep
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), NAVY, 0.2)

    def _table_row(self, columns: Sequence[Column], row: Sequence[str], *, shaded: bool) -> None:
        if shaded:
            self.paper.set_fill_color(*MIST)
            self.paper.rect(LEFT, self.y, sum(each.width for each in columns), ROW, style="F")
        x = LEFT
        for each, text in zip(columns, row, strict=True):
            setting = replace(CELL, ink=GREY) if text.startswith(":") else CELL
            self._set(text, x, self.y + 3.8, each, setting)
            x += each.width
        self.y += ROW
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), HAIR, 0.1)

    def _set(self, text: str, x: float, baseline: float, column: Column, setting: Type) -> None:
        self.paper.line_of(text, x + 1.2, baseline, column.width - 2.4, setting, column.align)

    def bar(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        if width > 0:
            self.paper.set_fill_color(*ink)
            self.paper.rect(x, y, width, height, style="F")
