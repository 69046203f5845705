"""The axes of a table: from a dimension to its categories, and to the category of each respondent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

import polars as pl

from services.research.domain.analysis.frames import Frame, option_of, presence_of
from services.research.domain.analysis.variables import Category, Kind, Presence, Variable
from shared.contracts.research.vocabulary.tables import (
    HIDDEN,
    MISSING,
    Dimension,
    Filter,
    Label,
    Span,
)
from shared.kernel.errors import Rejected

CHOSEN: Final = (
    Category("yes", Label(pl="tak", en="yes")),
    Category("no", Label(pl="nie", en="no")),
)
ABSENT: Final = {
    Presence.MISSING: Category(MISSING, Label(pl="brak odpowiedzi", en="no answer")),
    Presence.HIDDEN: Category(HIDDEN, Label(pl="nie dotyczy", en="not applicable")),
}
NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True)
class Axis:
    name: str
    label: Label
    categories: tuple[Category, ...]
    sensitive: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.categories)


def axis_of(frame: Frame, dimension: Dimension, pointer: str, *, absent: bool) -> Axis:
    """Raises `research.variable_unknown` and `research.dimension_not_fitting`.

    The categories are those that the question can have, answered or not; periods are those that occur.
    """
    variable = frame.variable(dimension.variable, f"{pointer}/variable")
    _require_fitting(variable, dimension, pointer)
    if variable.kind is Kind.DATE:
        found = frame.data.select(coded(frame, dimension).alias("code"))["code"].drop_nulls()
        periods = sorted(set(found.to_list()) - {MISSING, HIDDEN})
        categories = tuple(Category(each, Label(pl=each, en=each)) for each in periods)
    elif variable.kind in NUMBERS:
        categories = tuple(_bands(variable.kind, dimension.edges))
    elif dimension.option is not None:
        categories = CHOSEN
    else:
        categories = variable.categories
    return Axis(
        dimension.name,
        _label(variable, dimension.option),
        categories + (tuple(_absent(variable)) if absent else ()),
        variable.sensitive,
    )


def _absent(variable: Variable) -> Iterator[Category]:
    return (category for how, category in ABSENT.items() if how in variable.absences)


def coded(frame: Frame, dimension: Dimension) -> pl.Expr:
    """The code of each respondent's category."""
    variable = frame.variables[dimension.variable]
    presence = pl.col(presence_of(variable.name))
    return (
        pl.when(presence == Presence.MISSING)
        .then(pl.lit(MISSING))
        .when(presence == Presence.HIDDEN)
        .then(pl.lit(HIDDEN))
        .otherwise(_given(variable, dimension))
    )


def chosen_by(frame: Frame, filters: Sequence[Filter], pointer: str) -> Frame:
    """Those who pass every filter. Raises `research.category_unknown` for one that cannot be."""
    for number, each in enumerate(filters):
        at = f"{pointer}/{number}"
        axis = axis_of(frame, each.dimension, f"{at}/dimension", absent=True)
        unknown = sorted(set(each.any_of) - set(axis.codes))
        if unknown:
            raise Rejected("research.category_unknown", {"unknown": unknown}, f"{at}/any_of")
        frame = frame.where(coded(frame, each.dimension).is_in(list(each.any_of)))
    return frame


def _given(variable: Variable, dimension: Dimension) -> pl.Expr:
    name = variable.name
    if dimension.option is not None:
        chosen = pl.col(option_of(name, dimension.option))
        return pl.when(chosen).then(pl.lit("yes")).otherwise(pl.lit("no"))
    if variable.kind is Kind.DATE:
        return _period(pl.col(name), dimension.span)
    if variable.kind in NUMBERS:
        codes = _band_codes(dimension.edges)
        edges = [float(edge) for edge in dimension.edges]
        return pl.col(name).cut(edges, labels=codes, left_closed=True).cast(pl.String())
    return pl.col(name)


def _period(days: pl.Expr, span: Span | None) -> pl.Expr:
    year = days.dt.year().cast(pl.String())
    if span is Span.QUARTER:
        return pl.concat_str(year, pl.lit("-Q"), days.dt.quarter().cast(pl.String()))
    return days.dt.strftime("%Y-%m") if span is Span.MONTH else year


def _band_codes(edges: Sequence[Decimal]) -> list[str]:
    """`..18`, `18..30`, `30..`: the lower edge belongs to the band."""
    texts = ["", *(f"{edge.normalize():f}" for edge in edges), ""]
    return [f"{low}..{high}" for low, high in pairwise(texts)]


def _bands(kind: Kind, edges: Sequence[Decimal]) -> Iterator[Category]:
    bounds = [None, *edges, None]
    for code, low, high in zip(_band_codes(edges), bounds, bounds[1:], strict=False):
        yield Category(code, _band_label(kind, low, high))


def _band_label(kind: Kind, low: Decimal | None, high: Decimal | None) -> Label:
    whole = kind is Kind.INTEGER and all(
        edge is None or edge == edge.to_integral_value() for edge in (low, high)
    )
    if low is None:
        return Label(pl=f"poniżej {high}", en=f"below {high}")
    if high is None:
        return Label(pl=f"{low} i więcej", en=f"{low} and more")
    if whole:
        text = f"{low}" if high - low == 1 else f"{low}\N{EN DASH}{high - 1}"
        return Label(pl=text, en=text)
    return Label(pl=f"od {low} do poniżej {high}", en=f"from {low} to below {high}")


def _label(variable: Variable, option: str | None) -> Label:
    if option is None:
        return variable.label
    choice = next(each.label for each in variable.categories if each.code == option)
    return Label(
        pl=f"{variable.label.pl}: {choice.pl}"[:200], en=f"{variable.label.en}: {choice.en}"[:200]
    )


def _require_fitting(variable: Variable, dimension: Dimension, pointer: str) -> None:
    """Each kind of question is cut in its own way, and in no other."""
    options = {each.code for each in variable.categories}
    fits = {
        Kind.SELECT_ONE: dimension.option is None and not dimension.edges and not dimension.span,
        Kind.SELECT_MULTIPLE: dimension.option in options
        and not dimension.edges
        and not dimension.span,
        Kind.INTEGER: bool(dimension.edges) and dimension.option is None and not dimension.span,
        Kind.DECIMAL: bool(dimension.edges) and dimension.option is None and not dimension.span,
        Kind.DATE: dimension.span is not None and dimension.option is None and not dimension.edges,
    }
    if not fits[variable.kind]:
        raise Rejected(
            "research.dimension_not_fitting",
            {"variable": variable.name, "kind": variable.kind},
            pointer,
        )
