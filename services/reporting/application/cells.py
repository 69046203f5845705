"""Cells by the names that callers give them."""

from services.reporting.application.sets import require_indicator
from services.reporting.domain.dataset import CountedCell, Dataset
from services.reporting.domain.indicators.cells import Labels, labels_of
from services.reporting.domain.indicators.definition import IndicatorSet
from shared.kernel.errors import Rejected


def offered(rules: IndicatorSet, code: str, labels: Labels, pointer: str = "/cell") -> None:
    """Refused as `reporting.cell_unknown` when the indicator has no such breakdown."""
    dimensions = tuple(dimension for dimension, _ in labels)
    known = rules.indicator(code).breakdowns
    if dimensions and dimensions not in known:
        details = {"known": [",".join(each) for each in known]}
        raise Rejected("reporting.cell_unknown", details, pointer)


def cell_of(dataset: Dataset, code: str, name: str | None) -> CountedCell:
    """Refused as `reporting.indicator_unknown`, `reporting.not_counted`, `reporting.cell_unknown`.

    A cell that nobody is in is empty; one that is no cell at all is refused.
    """
    rules, labels = dataset.rules, labels_of(name)
    require_indicator(rules, code)
    offered(rules, code, labels)
    number = dataset.number(code)
    if number is None or number.value is None:
        raise Rejected("reporting.not_counted", {"reason": number and number.reason}, "/code")
    return number.cell(labels) or CountedCell(labels=labels, value=0, units=())
