"""Charts as SVG and PNG: targets against actual numbers; a number over time, and where it leads."""

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import fill
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from services.reporting.domain.dataset import Dataset, ReachedTarget
from services.reporting.domain.indicators.cells import labels_of
from services.reporting.domain.indicators.definition import Unit
from services.reporting.formats.indicators import told
from services.reporting.formats.labels import Label, Labels
from services.reporting.formats.language import Language
from shared.contracts.reporting.views.plans import Trend, TrendPoint
from shared.runtime.plotting import COLOURS, DPI, GREY, HAIR, INK, Format, Plot, written
from shared.runtime.speaking import Bilingual

WIDTH: Final = 7.2
"""Inches: the text width of a report on A4."""
LETTERS: Final = 34
MOST_BARS: Final = 30
"""Targets that can still be read in one picture."""
WORDS: Final = {
    "plan": Label(pl="Wykonanie planu, stan na {day}", en="Actual against plan, true on {day}"),
    "actual": Label(pl="wykonanie", en="actual"),
    "target": Label(pl="plan", en="target"),
    "reached": Label(pl="{actual} z {target} ({percent}%)", en="{actual} of {target} ({percent}%)"),
    "beyond": Label(pl="{actual} z {target}", en="{actual} of {target}"),
    "uncounted": Label(pl="nie liczone", en="not counted"),
    "counted": Label(pl="stan na koniec miesiąca", en="true on the last day of the month"),
    "forecast": Label(
        pl="prognoza: prosta najmniejszych kwadratów",
        en="forecast: straight line of least squares",
    ),
    "honest": Label(
        pl="Prognoza przedłuża prostą przez wszystkie punkty; nie zna planów, rekrutacji ani pór roku.",
        en="The forecast goes on along the line through all points; it knows of no plans and no seasons.",
    ),
    "known_at": Label(pl="wiedza na {day}", en="known on {day}"),
}


def plan_chart(dataset: Dataset, language: Language, labels: Labels, form: Format) -> Plot:
    """A bar for each target of the plan with what was reached, and a line where the target is: as shares
    of the target, because their units differ. At most `MOST_BARS` of them, in the order of the plan.
    """
    plan = dataset.plan
    targets = plan.targets[:MOST_BARS] if plan else ()
    title = _word(language, "plan", day=language.day(dataset.as_of))
    title = f"{language.of(dataset.rules.name)}. {title}"
    spoken = [_spoken(dataset, language, each) for each in targets]
    names = [_named(dataset, language, labels, each) for each in targets]
    figure = Figure(
        figsize=(WIDTH, 1.2 + 0.42 * max(1, len(targets))), dpi=DPI, layout="constrained"
    )
    axes = figure.add_subplot()
    shares = [_share(each) for each in targets]
    reach = max([1.0, *(min(each or 0.0, 2.0) for each in shares)]) * 1.34
    for place, (share, said) in enumerate(zip(shares, spoken, strict=True)):
        end = min(share or 0.0, 2.0)
        axes.barh(place, end, 0.6, color=COLOURS[0 if end < 1 else 2], zorder=2)
        axes.plot([1, 1], [place - 0.42, place + 0.42], color=COLOURS[5], lw=1.8, zorder=3)
        text_at = max(end, 1.0) + reach * 0.012
        axes.text(text_at, place, said, va="center", size=7.5, color=INK, zorder=4)
    axes.set_yticks(range(len(names)), [fill(each, LETTERS) for each in names], size=8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, reach)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    _frame(axes, title, "x")
    words = title + " " + ". ".join(map(": ".join, zip(names, spoken, strict=True)))
    return Plot(written(figure, form, title, words), words)


def trend_chart(
    trend: Trend,
    names: Mapping[str, Bilingual],
    unit: Unit,
    language: Language,
    labels: Labels,
    form: Format,
) -> Plot:
    """The number at the ends of months, and dashed where the line through them leads. `names` are those of
    the indicators.
    """
    figure = Figure(figsize=(WIDTH, 3.9), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    title = " · ".join(
        filter(None, (language.of(names[trend.code]), _cell(trend.cell, labels, language)))
    )
    title = f"{trend.code}. {title}"
    known = [each for each in trend.points if each.value is not None]
    _line(axes, known, unit, language, dashed=False)
    if trend.forecast:
        _line(axes, [*known[-1:], *trend.forecast], unit, language, dashed=True)
    days = [each.on for each in (*trend.points, *trend.forecast)]
    marks = _apart(days)
    axes.set_xticks([_place(each) for each in marks], [f"{each:%d.%m.%Y}" for each in marks])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=unit in {Unit.PERSONS, Unit.ENTITIES}))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    _frame(axes, title, "y")
    said = [
        language.of(labels.units[unit.value]),
        _word(language, "known_at", day=language.day(trend.known_at)),
    ]
    if trend.forecast:
        said.append(_word(language, "honest"))
    axes.set_xlabel(fill("; ".join(said), 120), size=7.5, color=GREY, loc="left")
    _legend(figure, language, forecast=bool(trend.forecast))
    words = title + ". " + "; ".join(_told(each, unit, language) for each in trend.points)
    if trend.forecast:
        words += f". {_word(language, 'forecast')}: "
        words += "; ".join(_told(each, unit, language) for each in trend.forecast)
    return Plot(written(figure, form, title, words), words)


def _line(
    axes: Axes, points: Sequence[TrendPoint], unit: Unit, language: Language, *, dashed: bool
) -> None:
    places = [_place(each.on) for each in points]
    values = [float(told(unit, each.value) or 0) for each in points]  # type: ignore[arg-type]
    colour = COLOURS[5] if dashed else COLOURS[0]
    style = (0, (4, 2)) if dashed else "solid"
    axes.plot(places, values, color=colour, lw=1.8, ls=style, marker="o", ms=3.6, zorder=3)
    if points:
        text = language.number(told(unit, points[-1].value) or 0)  # type: ignore[arg-type]
        at = (places[-1], values[-1])
        axes.annotate(text, at, (0, 6), textcoords="offset points", size=8, color=INK, ha="center")


def _legend(figure: Figure, language: Language, *, forecast: bool) -> None:
    lines = [Line2D([], [], color=COLOURS[0], marker="o", ms=3.6, label=_word(language, "counted"))]
    if forecast:
        dashed = Line2D(
            [],
            [],
            color=COLOURS[5],
            ls=(0, (4, 2)),
            marker="o",
            ms=3.6,
            label=_word(language, "forecast"),
        )
        lines.append(dashed)
    figure.legend(
        handles=lines, loc="outside lower left", ncols=2, frameon=False, fontsize=8, labelcolor=INK
    )


def _frame(axes: Axes, title: str, grid: str) -> None:
    axes.tick_params(labelsize=7.5, labelcolor=GREY, length=0)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.grid(axis=grid, color=HAIR, lw=0.6, zorder=0)  # type: ignore[arg-type]
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(GREY)
    axes.set_title(fill(title, 78), loc="left", size=10.5, weight="semibold", color=INK, pad=8)


def _named(dataset: Dataset, language: Language, labels: Labels, each: ReachedTarget) -> str:
    target = each.target
    name = language.of(dataset.indicator(target.code).name)
    days = f"{target.first_on:%d.%m.%Y}\N{EN DASH}{target.last_on:%d.%m.%Y}"
    parts = (f"{target.code} {name}", _cell(target.cell, labels, language), days)
    return ", ".join(filter(None, parts))


def _cell(name: str | None, labels: Labels, language: Language) -> str:
    return ", ".join(language.of(labels.value(*each)) for each in labels_of(name))


def _spoken(dataset: Dataset, language: Language, each: ReachedTarget) -> str:
    if each.actual is None:
        return _word(language, "uncounted")
    unit = dataset.indicator(each.target.code).unit
    actual, target = (
        language.number(told(unit, value) or 0)  # type: ignore[arg-type]
        for value in (each.actual, each.target.value)
    )
    if not each.target.value:
        return _word(language, "beyond", actual=actual, target=target)
    percent = each.actual * 100 // each.target.value
    return _word(language, "reached", actual=actual, target=target, percent=percent)


def _share(each: ReachedTarget) -> float | None:
    if each.actual is None or not each.target.value:
        return None
    return each.actual / each.target.value


def _told(point: TrendPoint, unit: Unit, language: Language) -> str:
    value = told(unit, point.value)
    return f"{language.day(point.on)}: {language.number(value)}" if value is not None else ""  # type: ignore[arg-type]


def _apart(days: Sequence[date]) -> list[date]:
    """Those whose names do not run into each other: a tenth of the way apart."""
    if not days:
        return []
    least = (days[-1] - days[0]) / 10
    found: list[date] = []
    for day in reversed(days):
        if not found or found[-1] - day >= least:
            found.append(day)
    return found[::-1]


def _place(day: date) -> float:
    return float(day.toordinal())


def _word(language: Language, name: str, **facts: object) -> str:
    return language.of(WORDS[name]).format(**facts)
