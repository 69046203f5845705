"""The report of a diagnosis as a printable document, in Polish or in English."""

from collections.abc import Sequence
from io import BytesIO
from itertools import product
from typing import Final

from PIL import Image

from services.research.formats.language import EMPTY, MEASURES, Language
from services.research.formats.plots import is_drawable, plot
from services.research.formats.publication import LICENCES, SUPPRESSION, Publication
from services.research.formats.ranking import ranking
from shared.contracts.research.vocabulary.publication import CellStatus, PublishedTable, TableCell
from shared.contracts.research.vocabulary.tables import Label
from shared.runtime.flow import BREADTH, LEFT, SMALL, Column, Flow
from shared.runtime.typesetting import BRASS, GREY, INK, NAVY, Paper, Type

WIDEST: Final = 7
"""Categories of the last axis that still go side by side."""
WORDS: Final = {
    "kind": Label(pl="Diagnoza potrzeb lokalnych", en="Diagnosis of local needs"),
    "version": Label(pl="wersja", en="version"),
    "summary": Label(pl="Najważniejsze ustalenia", en="Main findings"),
    "need": Label(pl="Wskaźnik potrzeb gmin", en="Need index of the communes"),
    "method": Label(pl="Jak to zbadano", en="How this was studied"),
    "disclosure": Label(pl="Ochrona danych osób", en="Protection of persons"),
    "terms": Label(pl="Źródła i warunki korzystania", en="Sources and terms of use"),
    "page": Label(pl="Strona", en="Page"),
    "interval": Label(pl="Przedział ufności", en="Confidence interval"),
    "value": Label(pl="Wartość", en="Value"),
    "rule": Label(pl="Wersja reguł: {version}.", en="Version of the rules: {version}."),
    "suppressed": Label(pl="Utajnione komórki: {count}.", en="Suppressed cells: {count}."),
    "undrawn": Label(
        pl="Tabela ma zbyt wiele kategorii, aby wykres był czytelny; poniżej są same liczby.",
        en="The table has too many categories for a picture that can be read; below are its figures.",
    ),
    "index_note": Label(
        pl=(
            "0: najmniejsza, 100: największa potrzeba wśród porównywanych gmin. Gwiazdka: ilu "
            "wskaźników brakuje. Definicja {code}, wersja {version}, rok {year}."
        )[:200],
        en=(
            "0: the least, 100: the greatest need among the communes compared. Asterisk: how many "
            "indicators are missing. Definition {code}, version {version}, year {year}."
        )[:200],
    ),
}


def report_pdf(publication: Publication, language: Language) -> bytes:
    """The same publication gives the same bytes."""
    title = language.of(publication.contents.title)
    paper = Paper(
        "portrait",
        title=title,
        author=language.of(publication.publisher.name),
        on=publication.published_on,
        language="pl-PL" if language is Language.PL else "en-GB",
    )
    flow = Flow(paper, lambda number: _dress(paper, publication, language, number))
    _opening(flow, publication, language)
    _need(flow, publication, language)
    for table in publication.tables:
        _table(flow, table, language)
    _closing(flow, publication, language)
    return bytes(paper.output())


def _dress(paper: Paper, publication: Publication, language: Language, number: int) -> None:
    name = language.of(publication.publisher.name)
    paper.line_of(name, LEFT, 17, BREADTH / 2, Type("serif-semibold", 10, NAVY, 7))
    reference = f"{publication.identifier} · {language.day(publication.published_on)}"
    paper.line_of(reference, LEFT + BREADTH / 2, 17, BREADTH / 2, Type("sans", 8, GREY), "R")
    paper.rule(LEFT, 20, BREADTH, BRASS, 0.25)
    paper.flag_of_europe(LEFT, 279.5, 6.4)
    funding = language.of(publication.funding)
    paper.line_of(funding, LEFT + 12.5, 283.6, BREADTH - 40, Type("sans", 7, INK, 5))
    page = f"{language.of(WORDS['page'])} {number}"
    paper.line_of(page, LEFT + BREADTH - 25, 283.6, 25, SMALL, "R")


def _opening(flow: Flow, publication: Publication, language: Language) -> None:
    contents = publication.contents
    flow.page()
    flow.space(14)
    kind = language.of(WORDS["kind"]).upper()
    flow.paper.line_of(kind, LEFT, flow.y, BREADTH, Type("sans", 8.5, BRASS, tracking=1.4))
    setting = Type("serif", 25, NAVY, 14)
    title = language.of(contents.title)
    last = flow.paper.block_of(title, LEFT, flow.y + 12, BREADTH, setting, leading=10.5, most=3)
    flow.y = last + 8
    version = f"{language.of(WORDS['version'])} {contents.report_version}"
    days = f"{language.day(publication.first_day)} {EMPTY} {language.day(publication.last_day)}"
    facts = f"{contents.code} · {version} · {days}"
    flow.paper.line_of(facts, LEFT, flow.y, BREADTH, Type("sans", 9, GREY))
    flow.y += 3
    flow.heading(language.of(WORDS["summary"]))
    flow.text(contents.summary_pl if language is Language.PL else contents.summary_en)


def _need(flow: Flow, publication: Publication, language: Language) -> None:
    need = publication.contents.need
    flow.heading(language.of(WORDS["need"]), keep=45)
    note = language.of(WORDS["index_note"]).format(
        code=need.definition, version=need.version, year=need.year
    )
    flow.text(note, SMALL, 3.6)
    ranking(flow, publication, language)


def _table(flow: Flow, table: PublishedTable, language: Language) -> None:
    """The picture, where one can be read, then the figures."""
    heading = f"{language.word('table')} {table.number}. {language.of(table.title)}"
    if is_drawable(table):
        picture = plot(table, language, "png", titled=False)
        ratio = _ratio(picture.content)
        flow.heading(heading, keep=BREADTH * ratio)
        flow.picture(picture.content, picture.alternative, ratio)
    else:
        flow.heading(heading)
        flow.text(language.of(WORDS["undrawn"]), SMALL, 3.6)
    columns, rows = _crossed(table, language) if _is_narrow(table) else _listed(table, language)
    flow.table(columns, rows)
    said = f"{language.of(MEASURES[table.measure]).capitalize()}, {language.of(table.unit)}."
    if table.suppressed:
        said += " " + language.of(WORDS["suppressed"]).format(count=table.suppressed)
    flow.text(said, SMALL, 3.6)


def _is_narrow(table: PublishedTable) -> bool:
    return len(table.axes) > 1 and len(table.axes[-1].categories) <= WIDEST


def _crossed(table: PublishedTable, language: Language) -> tuple[Sequence[Column], list[list[str]]]:
    """The categories of the last axis side by side."""
    *outer, last = table.axes
    width = 18.0 if len(last.categories) > 4 else 24.0
    names = (BREADTH - width * len(last.categories)) / len(outer)
    columns = [
        *(Column(language.of(axis.label), names) for axis in outer),
        *(Column(language.of(each.label), width, "R") for each in last.categories),
    ]
    cells = table.by_place
    rows = []
    for place in product(*(axis.categories for axis in outer)):
        at = tuple(each.code for each in place)
        figures = [language.cell(cells[(*at, each.code)]) for each in last.categories]
        rows.append([*(language.of(each.label) for each in place), *figures])
    return columns, rows


def _listed(table: PublishedTable, language: Language) -> tuple[Sequence[Column], list[list[str]]]:
    """A row for each cell, with its size and its interval."""
    figures = (24.0, 24.0, 42.0)
    names = (BREADTH - sum(figures)) / len(table.axes)
    columns = [
        *(Column(language.of(axis.label), names) for axis in table.axes),
        Column(language.word("n"), figures[0], "R"),
        Column(language.of(WORDS["value"]), figures[1], "R"),
        Column(language.of(WORDS["interval"]), figures[2], "R"),
    ]
    labels = [{each.code: each.label for each in axis.categories} for axis in table.axes]
    rows = []
    for cell in table.cells:
        place = [language.of(by_code[code]) for code, by_code in zip(cell.at, labels, strict=True)]
        rows.append([*place, _size(cell, language), language.cell(cell), _interval(cell, language)])
    return columns, rows


def _size(cell: TableCell, language: Language) -> str:
    if cell.status is CellStatus.SUPPRESSED:
        return language.cell(cell)
    return EMPTY if cell.n is None else language.number(cell.n)


def _interval(cell: TableCell, language: Language) -> str:
    if cell.low is None or cell.high is None:
        return EMPTY
    return f"{language.number(cell.low)} {EMPTY} {language.number(cell.high)}"


def _closing(flow: Flow, publication: Publication, language: Language) -> None:
    flow.heading(language.of(WORDS["method"]))
    flow.text(language.of(publication.method))
    flow.heading(language.of(WORDS["disclosure"]))
    rule = language.of(WORDS["rule"]).format(version=publication.disclosure_rule)
    flow.text(f"{language.of(SUPPRESSION)} {rule}")
    flow.heading(language.of(WORDS["terms"]))
    address, _ = LICENCES[publication.licence]
    publisher = publication.publisher
    contact = f"{publisher.contact_name}, {publisher.contact_email}"
    flow.text(f"{language.of(publisher.name)}, {publisher.homepage}\n{contact}")
    flow.text(f"{publication.licence.replace('-', ' ')}: {address}")


def _ratio(picture: bytes) -> float:
    with Image.open(BytesIO(picture)) as image:
        return image.height / image.width
