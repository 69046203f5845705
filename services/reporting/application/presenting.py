"""A dataset as it is told: with the names of its own definition, and no small numbers to a researcher."""

from collections.abc import Iterator

from services.reporting.application.disclosure import Threshold
from services.reporting.application.sets import require_indicator
from services.reporting.domain.dataset import CountedNumber, Dataset
from services.reporting.domain.indicators.definition import Indicator, IndicatorSet
from shared.contracts.reporting.views import indicators as views
from shared.kernel.errors import Rejected


def presented(
    dataset: Dataset, threshold: Threshold, code: str | None = None, breakdown: str | None = None
) -> views.Indicators:
    """Refused as `reporting.indicator_unknown` and `reporting.breakdown_unknown`."""
    rules = dataset.rules
    if code is not None:
        require_indicator(rules, code)
    told = [each for each in dataset.numbers if code in (None, each.code)]
    if breakdown is not None:
        _require_offered(breakdown, [rules.indicator(each.code) for each in told])
    return views.Indicators(
        set_code=rules.code,
        name_pl=rules.name.pl,
        name_en=rules.name.en,
        version=dataset.version,
        as_of=dataset.as_of,
        known_at=dataset.known_at,
        positions=tuple(
            views.LedgerPosition(ledger=ledger, position=position)
            for ledger, position in dataset.positions.items()
        ),
        facts=dataset.facts,
        items=tuple(_number(rules, each, threshold, breakdown) for each in told),
    )


def _require_offered(breakdown: str, indicators: list[Indicator]) -> None:
    offered = sorted({each for indicator in indicators for each in breakdowns_of(indicator)})
    if breakdown not in offered:
        raise Rejected("reporting.breakdown_unknown", {"known": offered}, "/breakdown")


def breakdowns_of(indicator: Indicator) -> tuple[str, ...]:
    return tuple(",".join(dimensions) for dimensions in indicator.breakdowns)


def _number(
    rules: IndicatorSet, number: CountedNumber, threshold: Threshold, breakdown: str | None
) -> views.IndicatorNumber:
    indicator = rules.indicator(number.code)
    few = len(number.cells[0].units) if number.cells else 0
    withheld = is_small(few, threshold)
    beside = {
        name: _told(getattr(number, name), threshold)
        for name in ("incomplete", "unreadable", "refused", "unasked")
    }
    return views.IndicatorNumber(
        code=number.code,
        name_pl=indicator.name.pl,
        name_en=indicator.name.en,
        unit=indicator.unit.value,
        value=None if withheld else number.value,
        withheld=withheld,
        reason=number.reason,
        breakdowns=breakdowns_of(indicator),
        cells=() if withheld else tuple(_cells(number, threshold, breakdown)),
        source=indicator.source,
        verified=indicator.verified,
        **beside,
    )


def _cells(
    number: CountedNumber, threshold: Threshold, breakdown: str | None
) -> Iterator[views.IndicatorCell]:
    """Of a breakdown with a small cell no cell is told: with the others it could be computed."""
    if breakdown is None:
        return
    dimensions = tuple(breakdown.split(","))
    asked = [each for each in number.cells if tuple(name for name, _ in each.labels) == dimensions]
    covered = sum(len(each.units) for each in asked)
    everybody = len(number.cells[0].units) if number.cells else 0
    hidden = any(is_small(len(each.units), threshold) for each in asked)
    hidden = hidden or is_small(everybody - covered, threshold)
    for each in asked:
        yield views.IndicatorCell(
            labels=tuple(
                views.CellLabel(dimension=name, value=value) for name, value in each.labels
            ),
            value=None if hidden else each.value,
        )


def _told(value: int, threshold: Threshold) -> int | None:
    return None if is_small(value, threshold) else value


def is_small(units: int, threshold: Threshold) -> bool:
    return threshold is not None and 0 < units < threshold
