"""Documents on paper (PDF/A): title, facts, tables, and the manifest at the end."""

from datetime import date
from decimal import Decimal
from typing import Final

from services.reporting.formats.language import EMPTY, Language
from services.reporting.formats.tables import Column, Document, Kind, Table, Value, total
from shared.runtime.flow import BREADTH, LEFT, SMALL, Flow
from shared.runtime.flow import Column as Printed
from shared.runtime.typesetting import BRASS, GREY, INK, NAVY, Paper, Type

WIDTHS: Final = {Kind.TEXT: 26.0, Kind.NUMBER: 18.0, Kind.PERCENT: 18.0, Kind.DAY: 19.0}
LABEL: Final = Type("sans", 8.5, GREY, 6)
FACT: Final = Type("sans-semibold", 9.5, INK, 6)
HALF: Final = BREADTH / 2


def as_pdf(document: Document) -> bytes:
    """The same document gives the same bytes."""
    paper = Paper(
        "portrait",
        title=document.title,
        author=document.language.of(document.project.partnership),
        on=document.on,
        language=document.language.tag,
    )
    flow = Flow(paper, lambda number: _dress(paper, document, number))
    _opening(flow, document)
    for table in document.tables:
        _table(flow, document.language, table)
    _manifest(flow, document)
    return bytes(paper.output())


def _dress(paper: Paper, document: Document, number: int) -> None:
    language, project = document.language, document.project
    name = f"{language.of(project.partnership)} · {project.number}"
    paper.line_of(name, LEFT, 17, HALF, Type("serif-semibold", 10, NAVY, 7))
    paper.line_of(document.subtitle, LEFT + HALF, 17, HALF, Type("sans", 8, GREY, 5), "R")
    paper.rule(LEFT, 20, BREADTH, BRASS, 0.25)
    paper.flag_of_europe(LEFT, 279.5, 6.4)
    funding = language.of(project.funding)
    paper.line_of(funding, LEFT + 12.5, 283.6, BREADTH - 40, Type("sans", 7, INK, 5))
    page = f"{language.word('page')} {number}"
    paper.line_of(page, LEFT + BREADTH - 25, 283.6, 25, SMALL, "R")


def _opening(flow: Flow, document: Document) -> None:
    flow.page()
    flow.space(8)
    kind = document.subtitle.upper()
    flow.paper.line_of(kind, LEFT, flow.y, BREADTH, Type("sans", 8.5, BRASS, tracking=1.4))
    title = Type("serif", 22, NAVY, 13)
    last = flow.paper.block_of(
        document.title, LEFT, flow.y + 10.5, BREADTH, title, leading=9.5, most=3
    )
    flow.y = last + 7
    _facts(flow, document.facts)
    for note in document.notes:
        flow.text(note, SMALL, 3.6)


def _facts(flow: Flow, facts: tuple[tuple[str, str], ...]) -> None:
    """Two beside each other, each with its label above it."""
    for place in range(0, len(facts), 2):
        for side, (label, value) in enumerate(facts[place : place + 2]):
            x = LEFT + side * HALF
            flow.paper.line_of(label, x, flow.y, HALF - 4, LABEL)
            flow.paper.line_of(value, x, flow.y + 4.6, HALF - 4, FACT)
        flow.y += 11.5
    flow.y -= 4


def _table(flow: Flow, language: Language, table: Table) -> None:
    flow.heading(table.title, keep=24)
    columns = _columns(table)
    rows = [
        [_text(language, each, each.value(row)) for each in table.columns] for row in table.rows
    ]
    if table.total is not None and table.rows:
        rows.append([_sum(language, table, place) for place in range(len(table.columns))])
    flow.table(columns, rows, totalled=table.total is not None)
    if table.note:
        flow.text(table.note, SMALL, 3.6)


def _columns(table: Table) -> list[Printed]:
    """Columns without a width share what the others leave, the long ones more."""
    fixed = [each.width or (0 if _is_wide(each) else WIDTHS[each.kind]) for each in table.columns]
    wide = [place for place, width in enumerate(fixed) if not width]
    left = BREADTH - sum(fixed)
    if not wide or left < 20 * len(wide):
        scale = BREADTH / (sum(fixed) + 40 * len(wide))
        fixed = [(width or 40) * scale for width in fixed]
    else:
        fixed = [width or left / len(wide) for width in fixed]
    return [
        Printed(each.title, width, "L" if each.kind is Kind.TEXT else "R")
        for each, width in zip(table.columns, fixed, strict=True)
    ]


def _is_wide(column: Column) -> bool:
    return column.kind is Kind.TEXT and not column.width


def _sum(language: Language, table: Table, place: int) -> str:
    column = table.columns[place]
    if column.kind is Kind.NUMBER:
        return _text(language, column, total(column.value(row) for row in table.rows))
    return table.total or "" if place == 0 else ""


def _text(language: Language, column: Column, value: Value) -> str:
    if value is None:
        return "" if column.kind is Kind.TEXT else EMPTY
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if column.kind is Kind.PERCENT:
        return f"{language.number(int(Decimal(value) * 100))}%"
    return language.number(value)


def _manifest(flow: Flow, document: Document) -> None:
    flow.heading(document.language.word("manifest"), keep=40)
    flow.table(
        [Printed("", 58), Printed("", BREADTH - 58)],
        [[label, value] for label, value in document.told],
    )
