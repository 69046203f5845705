"""What the demonstration shows of research: a published diagnosis, and how little of it is hidden."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from demo.fund_report import titled
from demo.survey import COUNTY, RESPONDENTS


def parts(research: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Nothing before the day on which there is something to publish."""
    if research:
        yield _tables(research)
        yield _needs(research)
        yield f"For everybody, without a token: /public/diagnoses/{research['diagnosis']}\n"


def _tables(research: Mapping[str, Any]) -> Table:
    table = titled(f"Research: tables of {RESPONDENTS} answers, as published")
    table.add_column("table", no_wrap=True)
    table.add_column("by")
    for name in ("cells", "suppressed"):
        table.add_column(name, justify="right")
    for each in research["tables"]:
        figures = (str(each[name]) for name in ("cells", "suppressed"))
        table.add_row(each["title"]["en"], ", ".join(each["axes"]), *figures)
    return table


def _needs(research: Mapping[str, Any]) -> Table:
    table = titled("Research: need index of the county's communes, which the fund scores with")
    table.add_column("commune", no_wrap=True)
    table.add_column("index", justify="right")
    table.add_column("most of it from")
    for each in sorted(research["communes"], key=lambda each: int(each["rank"])):
        most = max(each["contributions"], key=lambda part: Decimal(part["points"]))
        table.add_row(COUNTY[each["teryt"]], each["index"], most["indicator"])
    return table
