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
STRONG: Final = Type("sans-semibold", 8.2, INK, 5.5)
ROW: Final = 5.4
LINE: Final = 3.5
"""What each further line of a row adds to its height."""


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

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, totalled: bool = False
    ) -> None:
        """The head stands again on every page that the rows go on to; `totalled`: the last row is a sum.

        A long text takes up to three lines of its row.
        """
        self.room(4 * ROW)
        self._table_head(columns)
        for number, row in enumerate(rows):
            strong = totalled and number == len(rows) - 1
            lines = [self._lines(*each, strong=strong) for each in zip(columns, row, strict=True)]
            height = ROW + (max(map(len, lines)) - 1) * LINE
            if self.y + height > BOTTOM:
                self.page()
                self._table_head(columns)
            self._table_row(columns, lines, height, shaded=number % 2 == 1, strong=strong)
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
        heads = [self._head_for(each) for each in columns]
        lines = [
            self.paper.lines_for(each.title, each.width - 2.5, head)[:3]
            for each, head in zip(columns, heads, strict=True)
        ]
        deep = max(map(len, lines))
        if not any(each.title for each in columns):
            return
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), NAVY, 0.35)
        x = LEFT
        for each, titles, head in zip(columns, lines, heads, strict=True):
            for place, title in enumerate(titles):
                baseline = self.y + 3.6 + 3.2 * (deep - len(titles) + place)
                self._set(title, x, baseline, each, head)
            x += each.width
        self.y += 1.9 + 3.2 * deep
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), NAVY, 0.2)

    def _head_for(self, column: Column) -> Type:
        """Smaller where a word would have to be broken."""
        longest = max(column.title.split(), key=len, default="")
        self.paper.use(HEAD, longest, column.width - 2.8)
        return replace(HEAD, size=self.paper.font_size_pt)

    def _lines(self, column: Column, text: str, *, strong: bool) -> list[str]:
        """One line where it fits, set smaller if need be where it is a figure."""
        setting = STRONG if strong else CELL
        self.paper.use(setting, text)
        room = column.width - 2.4
        if column.align != "L" or self.paper.get_string_width(text) <= room:
            return [text]
        lines = self.paper.lines_for(text, room, setting)
        return [*lines[:2], " ".join(lines[2:])] if len(lines) > 3 else lines

    def _table_row(
        self,
        columns: Sequence[Column],
        row: Sequence[Sequence[str]],
        height: float,
        *,
        shaded: bool,
        strong: bool,
    ) -> None:
        width = sum(each.width for each in columns)
        if shaded or strong:
            self.paper.set_fill_color(*MIST)
            self.paper.rect(LEFT, self.y, width, height, style="F")
        x = LEFT
        for each, lines in zip(columns, row, strict=True):
            setting = replace(CELL, ink=GREY) if lines[0].startswith(":") else CELL
            for place, text in enumerate(lines):
                baseline = self.y + 3.8 + place * LINE
                self._set(text, x, baseline, each, STRONG if strong else setting)
            x += each.width
        self.y += height
        self.paper.rule(LEFT, self.y, sum(each.width for each in columns), HAIR, 0.1)

    def _set(self, text: str, x: float, baseline: float, column: Column, setting: Type) -> None:
        self.paper.line_of(text, x + 1.2, baseline, column.width - 2.4, setting, column.align)

    def bar(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        if width > 0:
            self.paper.set_fill_color(*ink)
            self.paper.rect(x, y, width, height, style="F")
