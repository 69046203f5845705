"""The codebook of a publication in DDI Codebook 2.5: what each column of each table means.

Elements stand in the order of the schema (DDI Alliance, ddi:codebook:2_5).
"""

from typing import Final
from xml.etree.ElementTree import Element

from services.research.formats.ddi import LANGUAGES, add, add_both, add_category, code_book, written
from services.research.formats.language import MEASURES
from services.research.formats.publication import (
    LICENCES,
    SUPPRESSION,
    Paragraph,
    Publication,
    table_file,
)
from services.research.formats.table_csv import FIGURES
from shared.contracts.research.vocabulary.publication import (
    CellStatus,
    Measure,
    PublishedTable,
    TableAxis,
)
from shared.contracts.research.vocabulary.tables import Label
from shared.runtime.speaking import Bilingual

STATUSES: Final = {
    CellStatus.SHOWN: Label(pl="do publikacji", en="free for publication"),
    CellStatus.SUPPRESSED: Label(pl="tajne statystycznie", en="confidential"),
    CellStatus.EMPTY: Label(pl="brak danych", en="missing"),
}
COLUMNS: Final = {
    "n": Label(pl="Liczba odpowiedzi (nieważona)", en="Number of answers (unweighted)"),
    "low": Label(pl="Dolny kraniec przedziału ufności", en="Lower bound of the interval"),
    "high": Label(pl="Górny kraniec przedziału ufności", en="Upper bound of the interval"),
    "status": Label(pl="Status (SDMX)", en="Status (SDMX)"),
}
AGGREGATION: Final = {
    Measure.COUNT: "count",
    Measure.SHARE: "percent",
    Measure.MEAN: "average",
    Measure.MEDIAN: "median",
    Measure.TOTAL: "sum",
}


def codebook_xml(publication: Publication) -> bytes:
    """The same publication gives the same bytes."""
    root = code_book(f"diagnosis-{publication.diagnosis_id}")
    _study(root, publication)
    for table in publication.tables:
        _file(root, table)
    data = add(root, "dataDscr")
    for table in publication.tables:
        _variables(data, table)
    for table in publication.tables:
        _cube(data, table)
    return written(root)


def _study(root: Element, publication: Publication) -> None:
    study = add(root, "stdyDscr")
    _citation(add(study, "citation"), publication)
    _information(add(study, "stdyInfo"), publication)
    collection = add(add(study, "method"), "dataColl")
    add_both(collection, "collMode", publication.method)
    access = add(add(study, "dataAccs"), "useStmt")
    add_both(access, "confDec", SUPPRESSION)
    address, _ = LICENCES[publication.licence]
    add(access, "conditions", f"{publication.licence}, {address}")


def _citation(citation: Element, publication: Publication) -> None:
    contents, publisher = publication.contents, publication.publisher
    titles = add(citation, "titlStmt")
    add(titles, "titl", contents.title.pl, "pl")
    add(titles, "parTitl", contents.title.en, "en")
    add(titles, "IDNo", publication.identifier)
    add(add(citation, "rspStmt"), "AuthEnty", publisher.name.pl, "pl")
    production = add(citation, "prodStmt")
    add(production, "producer", publisher.name.pl, "pl")
    funding = publication.funding
    add(production, "fundAg", funding.pl, "pl")
    add(production, "grantNo", publication.project)
    distribution = add(citation, "distStmt")
    add(distribution, "distrbtr", publisher.name.pl, "pl").set("URI", str(publisher.homepage))
    contact = add(distribution, "contact", publisher.contact_name)
    contact.set("email", publisher.contact_email)
    day = publication.published_on.isoformat()
    add(distribution, "distDate", day).set("date", day)
    version = add(add(citation, "verStmt"), "version", str(contents.report_version))
    version.set("date", day)


def _information(information: Element, publication: Publication) -> None:
    contents = publication.contents
    subject = add(information, "subject")
    for language, words in (("pl", publication.keywords_pl), ("en", publication.keywords_en)):
        for word in words:
            add(subject, "keyword", word, language)
    add_both(information, "abstract", Paragraph(contents.summary_pl, contents.summary_en))
    summary = add(information, "sumDscr")
    for event, day in (("start", publication.first_day), ("end", publication.last_day)):
        collected = add(summary, "collDate", day.isoformat())
        collected.set("date", day.isoformat())
        collected.set("event", event)
    add(summary, "nation", "Polska", "pl").set("abbr", "PL")
    for teryt in contents.territory:
        add(summary, "geogCover", f"{publication.commune(teryt)} (TERYT {teryt})")
    add(summary, "dataKind", "aggregate data", "en")


def _file(root: Element, table: PublishedTable) -> None:
    described = add(root, "fileDscr")
    described.set("ID", f"F{table.number}")
    described.set("URI", table_file(table))
    text = add(described, "fileTxt")
    add(text, "fileName", table_file(table))
    add(text, "fileCont", f"{table.title.pl} · {table.title.en}")
    dimensions = add(text, "dimensns")
    add(dimensions, "caseQnty", str(len(table.cells)))
    add(dimensions, "varQnty", str(3 * len(table.axes) + len(FIGURES)))
    add(text, "fileType", "text/csv; charset=UTF-8; header=present")


def _cube(data: Element, table: PublishedTable) -> None:
    """The table itself: its axes, and what its cells hold."""
    cube = add(data, "nCube")
    cube.set("ID", f"T{table.number}")
    cube.set("name", f"table-{table.number:02}")
    cube.set("dmnsQnty", str(len(table.axes)))
    cube.set("cellQnty", str(len(table.cells)))
    add_both(cube, "labl", table.title)
    for filtered in table.filters:
        add(cube, "universe", f"{filtered.dimension.name}: {', '.join(filtered.any_of)}")
    for rank, _ in enumerate(table.axes, start=1):
        axis = add(cube, "dmns")
        axis.set("rank", str(rank))
        axis.set("varRef", f"V{table.number}_{rank}")
    measure = add(cube, "measure")
    measure.set("varRef", f"V{table.number}_value")
    measure.set("aggrMeth", AGGREGATION[table.measure])
    measure.set("measUnit", table.unit.en)


def _variables(data: Element, table: PublishedTable) -> None:
    for rank, axis in enumerate(table.axes, start=1):
        _axis(data, table, rank, axis)
    for name in FIGURES:
        variable = _variable(data, table, name, name)
        continuous = name not in {"n", "status"}
        variable.set("intrvl", "contin" if continuous else "discrete")
        add_both(variable, "labl", _labelled(table, name))
        if name == "status":
            for status in CellStatus:
                add_category(variable, status, STATUSES[status])
        kind = "character" if name == "status" else "numeric"
        add(variable, "varFormat").set("type", kind)


def _labelled(table: PublishedTable, name: str) -> Bilingual:
    if name != "value":
        return COLUMNS[name]
    measure = MEASURES[table.measure]
    return Paragraph(
        pl=f"{measure.pl} ({table.unit.pl})".capitalize(),
        en=f"{measure.en} ({table.unit.en})".capitalize(),
    )


def _axis(data: Element, table: PublishedTable, rank: int, axis: TableAxis) -> None:
    """The code, and beside it the labels in both languages."""
    variable = _variable(data, table, str(rank), axis.name)
    variable.set("intrvl", "discrete")
    add_both(variable, "labl", axis.label)
    for each in axis.categories:
        add_category(variable, each.code, each.label)
    add(variable, "varFormat").set("type", "character")
    for language in LANGUAGES:
        labels = _variable(data, table, f"{rank}_{language}", f"{axis.name}_{language}")
        labels.set("intrvl", "discrete")
        add(labels, "labl", getattr(axis.label, language), language)
        add(labels, "varFormat").set("type", "character")


def _variable(data: Element, table: PublishedTable, part: str, name: str) -> Element:
    variable = add(data, "var")
    variable.set("ID", f"V{table.number}_{part}")
    variable.set("name", name)
    variable.set("files", f"F{table.number}")
    return variable
