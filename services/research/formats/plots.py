"""Bar charts of published tables, as PNG and SVG.

The same table gives the same bytes. A suppressed cell is a hatched place without a length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from services.research.formats.language import MEASURES, Language
from shared.contracts.research.vocabulary.publication import (
    TOTAL,
    CellStatus,
    Measure,
    PublishedTable,
    TableAxis,
    TableCategory,
    TableCell,
)
from shared.runtime.plotting import COLOURS, DPI, GREY, HAIR, INK, Format, Plot, written
from shared.runtime.typesetting import EN_DASH

HATCH: Final = "////"
WIDTH: Final = 7.2
"""Inches: the text width of a report on A4."""
LABEL_LETTERS: Final = 34

MOST_BARS: Final = 40
"""Groups of bars, or bars, that can still be read in one picture."""


def is_drawable(table: PublishedTable) -> bool:
    """Whether a picture of it could be read; colours are told apart for so many parts only."""
    series = len(_series(table))
    return series <= len(COLOURS) and len(_rows(table)) * series <= MOST_BARS


def plot(table: PublishedTable, language: Language, form: Format, *, titled: bool = True) -> Plot:
    """One axis gives bars with whiskers. With more, the last gives the parts: stacked where the figures
    are shares that sum to a whole and none is suppressed, side by side otherwise. `titled`: with the
    title in the picture, for where no text beside it says it.
    """
    rows, series = _rows(table), _series(table)
    drawing = _Drawing(table, language, rows, series, titled)
    figure = drawing.figure()
    words = alternative(table, language)
    return Plot(written(figure, form, language.of(table.title), words), words)


def alternative(table: PublishedTable, language: Language) -> str:
    """The title, and every figure of the picture in its order."""
    cells = table.by_place
    parts = []
    for row in _rows(table):
        figures = "; ".join(
            f"{_named(language, each)}{_spoken(language, cells[(*row.at, *_at(each))])}"
            for each in _series(table)
        )
        parts.append(f"{row.name(language)}: {figures}")
    measure = language.of(MEASURES[table.measure])
    return f"{language.of(table.title)} ({measure}, {language.of(table.unit)}). " + ". ".join(parts)


@dataclass(frozen=True)
class _Row:
    """A group of bars: one category of each axis but the one of the series."""

    at: tuple[str, ...]
    categories: tuple[TableCategory, ...]

    def name(self, language: Language) -> str:
        return ", ".join(language.of(each.label) for each in self.categories)


def _rows(table: PublishedTable) -> Sequence[_Row]:
    """A frequency table without its total, beside which its parts would look small."""
    alone = len(table.axes) == 1
    places: list[tuple[TableCategory, ...]] = [()]
    for axis in table.axes if alone else table.axes[:-1]:
        categories = _parts(axis) if alone else axis.categories
        places = [(*place, each) for place in places for each in categories]
    return [_Row(tuple(each.code for each in place), place) for place in places]


def _series(table: PublishedTable) -> Sequence[TableCategory | None]:
    return [None] if len(table.axes) == 1 else _parts(table.axes[-1])


def _parts(axis: TableAxis) -> Sequence[TableCategory]:
    """All but the total, unless there is nothing else."""
    return [each for each in axis.categories if each.code != TOTAL] or axis.categories


def _at(category: TableCategory | None) -> tuple[str, ...]:
    return () if category is None else (category.code,)


def _named(language: Language, category: TableCategory | None) -> str:
    return "" if category is None else f"{language.of(category.label)} "


def _spoken(language: Language, cell: TableCell) -> str:
    if cell.status is CellStatus.SUPPRESSED:
        return language.word("suppressed")
    if cell.value is None:
        return language.word("empty")
    if cell.low is None or cell.high is None:
        return language.number(cell.value)
    low, high = language.number(cell.low), language.number(cell.high)
    return f"{language.number(cell.value)} ({low} {EN_DASH} {high})"


@dataclass(frozen=True)
class _Drawing:
    table: PublishedTable
    language: Language
    rows: Sequence[_Row]
    series: Sequence[TableCategory | None]
    titled: bool

    @property
    def cells(self) -> Mapping[tuple[str, ...], TableCell]:
        return self.table.by_place

    @property
    def stacked(self) -> bool:
        shown = (self._cell(row, each).status for row in self.rows for each in self.series)
        return (
            len(self.series) > 1
            and self.table.measure is Measure.SHARE
            and CellStatus.SUPPRESSED not in shown
        )

    def figure(self) -> Figure:
        lanes = 1 if self.stacked else len(self.series)
        height = 1.15 + len(self.rows) * (0.2 + 0.22 * lanes) + 0.25 * (len(self.series) > 1)
        figure = Figure(figsize=(WIDTH, min(height, 10.0)), dpi=DPI, layout="constrained")
        axes = figure.add_subplot()
        reach = self._reach()
        (self._stack if self.stacked else self._bars)(axes, reach)
        self._frame(axes, reach)
        self._legend(figure)
        return figure

    def _cell(self, row: _Row, category: TableCategory | None) -> TableCell:
        return self.cells[(*row.at, *_at(category))]

    def _reach(self) -> float:
        """The end of the axis: 100 for shares, else what the longest bar or whisker needs."""
        if self.table.measure is Measure.SHARE:
            return 100.0
        drawn = (self._cell(row, each) for row in self.rows for each in self.series)
        ends = [float(cell.high or cell.value or 0) for cell in drawn]
        return max(ends, default=0.0) * 1.08 or 1.0

    def _bars(self, axes: Axes, reach: float) -> None:
        lane = 0.8 / len(self.series)
        for number, category in enumerate(self.series):
            for place, row in enumerate(self.rows):
                middle = place - 0.4 + lane * (number + 0.5)
                self._bar(axes, self._cell(row, category), middle, lane, number, reach)

    def _bar(
        self, axes: Axes, cell: TableCell, middle: float, lane: float, number: int, reach: float
    ) -> None:
        if cell.value is None:
            self._absent(axes, cell, middle, lane, reach)
            return
        value = float(cell.value)
        axes.barh(middle, value, lane * 0.86, color=COLOURS[number % len(COLOURS)], zorder=2)
        end = value
        if cell.low is not None and cell.high is not None:
            low, high = float(cell.low), float(cell.high)
            around = [[max(0.0, value - low)], [max(0.0, high - value)]]
            axes.errorbar(
                value, middle, xerr=around, ecolor=INK, elinewidth=0.9, capsize=2, zorder=3
            )
            end = max(end, high)
        text = self.language.number(cell.value)
        self._write(axes, text, end, middle, reach, INK)

    def _absent(
        self, axes: Axes, cell: TableCell, middle: float, lane: float, reach: float
    ) -> None:
        """A hatched place of one length always: it tells nothing of the figure."""
        text = self.language.word("empty")
        end = 0.0
        if cell.status is CellStatus.SUPPRESSED:
            text, end = self.language.word("suppressed"), reach * 0.12
            axes.barh(
                middle,
                end,
                lane * 0.86,
                color="none",
                edgecolor=GREY,
                hatch=HATCH,
                lw=0.5,
                zorder=2,
            )
        self._write(axes, text, end, middle, reach, GREY)

    def _write(
        self, axes: Axes, text: str, end: float, middle: float, reach: float, ink: str
    ) -> None:
        """Behind the bar, or within the picture where the bar ends at its edge."""
        fits = end < reach * 0.93
        axes.text(
            end + reach * 0.008 if fits else reach * 0.992,
            middle,
            text,
            va="center",
            ha="left" if fits else "right",
            size=7.5,
            color=ink,
            zorder=4,
            bbox=None if fits else {"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )

    def _stack(self, axes: Axes, reach: float) -> None:
        for place, row in enumerate(self.rows):
            start = 0.0
            for number, category in enumerate(self.series):
                cell = self._cell(row, category)
                if cell.value is None:
                    continue
                value = float(cell.value)
                colour = COLOURS[number % len(COLOURS)]
                axes.barh(
                    place,
                    value,
                    0.66,
                    left=start,
                    color=colour,
                    edgecolor="white",
                    lw=0.8,
                    zorder=2,
                )
                if value >= reach * 0.045:
                    text = self.language.number(cell.value)
                    ink = "white" if number % len(COLOURS) in {0, 2, 5} else INK
                    axes.text(
                        start + value / 2,
                        place,
                        text,
                        va="center",
                        ha="center",
                        size=7.5,
                        color=ink,
                    )
                start += value
            if not start:
                self._write(axes, self.language.word("empty"), 0.0, place, reach, GREY)

    def _frame(self, axes: Axes, reach: float) -> None:
        names = [fill(row.name(self.language), LABEL_LETTERS) for row in self.rows]
        axes.set_yticks(range(len(self.rows)), names, size=8.5, color=INK)
        axes.set_ylim(len(self.rows) - 0.4, -0.6)
        axes.set_xlim(0, reach)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.tick_params(axis="x", labelsize=7.5, labelcolor=GREY, length=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=HAIR, lw=0.6, zorder=0)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        axes.spines["left"].set_color(GREY)
        axes.set_xlabel(self._caption(), size=7.5, color=GREY, loc="left")
        if self.titled:
            title = fill(self.language.of(self.table.title), 78)
            axes.set_title(title, loc="left", size=10.5, weight="semibold", color=INK, pad=8)

    def _caption(self) -> str:
        measure = self.language.of(MEASURES[self.table.measure])
        said = [f"{measure}, {self.language.of(self.table.unit)}"]
        whiskers = any(cell.low is not None for cell in self.table.cells) and not self.stacked
        if self.table.level is not None and whiskers:
            level = self.language.number(self.table.level)
            said.append(self.language.word("whiskers", level=level))
        return "; ".join(said)

    def _legend(self, figure: Figure) -> None:
        if len(self.series) == 1:
            return
        marks = [
            Patch(color=COLOURS[number % len(COLOURS)], label=_named(self.language, each).strip())
            for number, each in enumerate(self.series)
        ]
        figure.legend(
            handles=marks,
            loc="outside lower left",
            ncols=min(4, len(marks)),
            frameon=False,
            fontsize=8,
            labelcolor=INK,
            handlelength=1,
            handleheight=1,
        )
