"""The codebook of a publication in DDI Codebook 2.5: what each column of each table means.

Elements stand in the order of the schema (DDI Alliance, ddi:codebook:2_5).
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from services.research.formats.language import MEASURES, Bilingual
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

NAMESPACE: Final = "ddi:codebook:2_5"
XML: Final = "http://www.w3.org/XML/1998/namespace"
LANGUAGES: Final = ("pl", "en")
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
register_namespace("", NAMESPACE)


def codebook_xml(publication: Publication) -> bytes:
    """The same publication gives the same bytes."""
    root = Element(_tag("codeBook"), {"version": "2.5", f"{{{XML}}}lang": "pl"})
    root.set("ID", f"diagnosis-{publication.diagnosis_id}")
    _study(root, publication)
    for table in publication.tables:
        _file(root, table)
    data = _child(root, "dataDscr")
    for table in publication.tables:
        _variables(data, table)
    for table in publication.tables:
        _cube(data, table)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _study(root: Element, publication: Publication) -> None:
    study = _child(root, "stdyDscr")
    _citation(_child(study, "citation"), publication)
    _information(_child(study, "stdyInfo"), publication)
    collection = _child(_child(study, "method"), "dataColl")
    _both(collection, "collMode", publication.method)
    access = _child(_child(study, "dataAccs"), "useStmt")
    _both(access, "confDec", SUPPRESSION)
    address, _ = LICENCES[publication.licence]
    _child(access, "conditions", f"{publication.licence}, {address}")


def _citation(citation: Element, publication: Publication) -> None:
    contents, publisher = publication.contents, publication.publisher
    titles = _child(citation, "titlStmt")
    _child(titles, "titl", contents.title.pl, "pl")
    _child(titles, "parTitl", contents.title.en, "en")
    _child(titles, "IDNo", publication.identifier)
    _child(_child(citation, "rspStmt"), "AuthEnty", publisher.name.pl, "pl")
    production = _child(citation, "prodStmt")
    _child(production, "producer", publisher.name.pl, "pl")
    funding = publication.funding
    _child(production, "fundAg", funding.pl, "pl")
    _child(production, "grantNo", publication.project)
    distribution = _child(citation, "distStmt")
    _child(distribution, "distrbtr", publisher.name.pl, "pl").set("URI", str(publisher.homepage))
    contact = _child(distribution, "contact", publisher.contact_name)
    contact.set("email", publisher.contact_email)
    day = publication.published_on.isoformat()
    _child(distribution, "distDate", day).set("date", day)
    version = _child(_child(citation, "verStmt"), "version", str(contents.report_version))
    version.set("date", day)


def _information(information: Element, publication: Publication) -> None:
    contents = publication.contents
    subject = _child(information, "subject")
    for language, words in (("pl", publication.keywords_pl), ("en", publication.keywords_en)):
        for word in words:
            _child(subject, "keyword", word, language)
    _both(information, "abstract", Paragraph(contents.summary_pl, contents.summary_en))
    summary = _child(information, "sumDscr")
    for event, day in (("start", publication.first_day), ("end", publication.last_day)):
        collected = _child(summary, "collDate", day.isoformat())
        collected.set("date", day.isoformat())
        collected.set("event", event)
    _child(summary, "nation", "Polska", "pl").set("abbr", "PL")
    for teryt in contents.territory:
        _child(summary, "geogCover", f"{publication.commune(teryt)} (TERYT {teryt})")
    _child(summary, "dataKind", "aggregate data", "en")


def _file(root: Element, table: PublishedTable) -> None:
    described = _child(root, "fileDscr")
    described.set("ID", f"F{table.number}")
    described.set("URI", table_file(table))
    text = _child(described, "fileTxt")
    _child(text, "fileName", table_file(table))
    _child(text, "fileCont", f"{table.title.pl} · {table.title.en}")
    dimensions = _child(text, "dimensns")
    _child(dimensions, "caseQnty", str(len(table.cells)))
    _child(dimensions, "varQnty", str(3 * len(table.axes) + len(FIGURES)))
    _child(text, "fileType", "text/csv; charset=UTF-8; header=present")


def _cube(data: Element, table: PublishedTable) -> None:
    """The table itself: its axes, and what its cells hold."""
    cube = _child(data, "nCube")
    cube.set("ID", f"T{table.number}")
    cube.set("name", f"table-{table.number:02}")
    cube.set("dmnsQnty", str(len(table.axes)))
    cube.set("cellQnty", str(len(table.cells)))
    _both(cube, "labl", table.title)
    for filtered in table.filters:
        _child(cube, "universe", f"{filtered.dimension.name}: {', '.join(filtered.any_of)}")
    for rank, _ in enumerate(table.axes, start=1):
        axis = _child(cube, "dmns")
        axis.set("rank", str(rank))
        axis.set("varRef", f"V{table.number}_{rank}")
    measure = _child(cube, "measure")
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
        _both(variable, "labl", _labelled(table, name))
        if name == "status":
            for status in CellStatus:
                _category(variable, status, STATUSES[status])
        kind = "character" if name == "status" else "numeric"
        _child(variable, "varFormat").set("type", kind)


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
    _both(variable, "labl", axis.label)
    for each in axis.categories:
        _category(variable, each.code, each.label)
    _child(variable, "varFormat").set("type", "character")
    for language in LANGUAGES:
        labels = _variable(data, table, f"{rank}_{language}", f"{axis.name}_{language}")
        labels.set("intrvl", "discrete")
        _child(labels, "labl", getattr(axis.label, language), language)
        _child(labels, "varFormat").set("type", "character")


def _variable(data: Element, table: PublishedTable, part: str, name: str) -> Element:
    variable = _child(data, "var")
    variable.set("ID", f"V{table.number}_{part}")
    variable.set("name", name)
    variable.set("files", f"F{table.number}")
    return variable


def _category(variable: Element, code: str, label: Label) -> None:
    category = _child(variable, "catgry")
    _child(category, "catValu", code)
    _both(category, "labl", label)


def _both(parent: Element, name: str, texts: Bilingual) -> None:
    for language in LANGUAGES:
        _child(parent, name, getattr(texts, language), language)


def _child(parent: Element, name: str, text: str = "", language: str = "") -> Element:
    child = SubElement(parent, _tag(name))
    if text:
        child.text = text
    if language:
        child.set(f"{{{XML}}}lang", language)
    return child


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
