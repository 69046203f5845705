"""The files for machines: they agree with one another and with the tables, byte for byte each time."""

import csv
import hashlib
import json
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pydantic import ValidationError

from services.research.formats.codebook import codebook_xml
from services.research.formats.dcat import dcat_jsonld
from services.research.formats.ddi import NAMESPACE
from services.research.formats.manifest import manifest_json
from services.research.formats.publication import table_file
from services.research.formats.table_csv import table_csv
from shared.contracts.research.vocabulary.diagnoses import PublishedFile
from shared.contracts.research.vocabulary.publication import (
    CellStatus,
    PublishedTable,
    TableAxis,
    TableCategory,
    TableCell,
)
from shared.contracts.research.vocabulary.tables import Label
from tests.research.formats.publications import grouped, publication, single

ADDRESS = "https://example.org/diagnoses/9"
ORDER = {
    "codeBook": ["stdyDscr", "fileDscr", "dataDscr"],
    "stdyDscr": ["citation", "stdyInfo", "method", "dataAccs"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "verStmt"],
    "titlStmt": ["titl", "parTitl", "IDNo"],
    "prodStmt": ["producer", "fundAg", "grantNo"],
    "distStmt": ["distrbtr", "contact", "distDate"],
    "stdyInfo": ["subject", "abstract", "sumDscr"],
    "sumDscr": ["collDate", "nation", "geogCover", "dataKind"],
    "useStmt": ["confDec", "conditions"],
    "fileTxt": ["fileName", "fileCont", "dimensns", "fileType"],
    "dimensns": ["caseQnty", "varQnty"],
    "dataDscr": ["var", "nCube"],
    "nCube": ["labl", "universe", "dmns", "measure"],
    "var": ["labl", "catgry", "varFormat"],
    "catgry": ["catValu", "labl"],
}
"""In which order DDI Codebook 2.5 has them; what holds text only is not listed."""


def rows(table: PublishedTable) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table_csv(table).decode(), newline="")))


def files() -> list[PublishedFile]:
    made = [
        *((table_file(table), "text/csv", table_csv(table)) for table in publication().tables),
        ("codebook.xml", "application/xml", codebook_xml(publication())),
    ]
    return [
        PublishedFile(
            name=name,
            media_type=kind,
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for name, kind, content in made
    ]


def test_a_suppressed_cell_stands_in_the_table_without_a_figure() -> None:
    assert rows(single()) == [
        _row(
            "care",
            "opieka nad starszymi",
            "care of the elderly",
            "141",
            "47.0",
            "41.4",
            "52.7",
            "F",
        ),
        _row("child", "opieka nad dziećmi", "child care", "96", "32.0", "27.0", "37.5", "F"),
        _row("transport", "dowóz", "transport", "", "", "", "", "C"),
        _row("other", "inne", "other", "0", "", "", "", "M"),
    ]


def _row(code: str, pl: str, en: str, *figures: str) -> dict[str, str]:
    placed = {"service": code, "service_pl": pl, "service_en": en}
    return placed | dict(zip(("n", "value", "low", "high", "status"), figures, strict=True))


def test_no_label_is_a_formula() -> None:
    trap = TableAxis(
        name="x",
        label=Label(pl="x", en="x"),
        categories=(TableCategory(code="-1", label=Label(pl="=1+1", en="@x")),),
    )
    cell = TableCell(at=("-1",), status=CellStatus.EMPTY)
    table = single().model_copy(update={"axes": (trap,), "cells": (cell,)})
    (row,) = rows(table)
    assert (row["x"], row["x_pl"], row["x_en"]) == ("'-1", "'=1+1", "'@x")


@pytest.mark.parametrize(
    "change",
    [
        {"cells": single().cells[1:]},
        {"cells": (*single().cells, single().cells[0])},
        {"axes": grouped().axes},
    ],
)
def test_a_table_has_every_cell_of_its_axes_once(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="cells"):
        PublishedTable.model_validate(single().model_dump() | change)


def test_a_suppressed_cell_cannot_hold_a_figure() -> None:
    with pytest.raises(ValidationError, match="suppressed"):
        TableCell(at=("a",), status=CellStatus.SUPPRESSED, n=3)


def test_the_codebook_has_its_elements_where_the_standard_has_them() -> None:
    root = ET.fromstring(codebook_xml(publication()))  # noqa: S314 - our own
    assert root.tag == f"{{{NAMESPACE}}}codeBook"
    seen = set()
    for element in root.iter():
        name = element.tag.partition("}")[2]
        order = ORDER.get(name)
        if order is None:
            continue
        seen.add(name)
        places = [order.index(child.tag.partition("}")[2]) for child in element]
        assert places == sorted(places), name
    assert seen == set(ORDER)


def test_the_codebook_names_every_column_of_every_file_and_refers_to_what_exists() -> None:
    root = ET.fromstring(codebook_xml(publication()))  # noqa: S314 - our own
    names = {"d": NAMESPACE}
    identifiers = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(identifiers)) == len(identifiers)
    for table in publication().tables:
        header = table_csv(table).decode().splitlines()[0].split(",")
        described = [
            each.get("name") for each in root.findall(f".//d:var[@files='F{table.number}']", names)
        ]
        assert described == header
        count = root.findtext(f".//d:fileDscr[@ID='F{table.number}']//d:varQnty", namespaces=names)
        assert count == str(len(header))
    for reference in root.findall(".//*[@varRef]"):
        assert reference.get("varRef") in identifiers
    assert root.find(".//d:nCube[@ID='T2']/d:universe", names) is not None


def test_the_metadata_have_what_dcat_ap_demands() -> None:
    told = json.loads(dcat_jsonld(publication(), files(), ADDRESS + "/"))
    assert told["@type"] == "dcat:Dataset"
    assert {each["@language"] for each in told["dct:title"]} == {"pl", "en"}
    assert {each["@language"] for each in told["dct:description"]} == {"pl", "en"}
    assert all(each["@value"] for each in told["dct:publisher"]["foaf:name"])
    assert len(told["dcat:distribution"]) == 4
    for distribution, file in zip(told["dcat:distribution"], files(), strict=True):
        assert distribution["dcat:accessURL"] == {"@id": f"{ADDRESS}/{file.name}"}
        assert distribution["dct:license"]["@id"].endswith("/licence/CC_BY_4_0")
        assert distribution["spdx:checksum"]["spdx:checksumValue"]["@value"] == file.digest
    prefixes = {key.split(":")[0] for key in _keys(told) if ":" in key}
    assert prefixes <= set(told["@context"])


def _keys(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_keys, node))
    if isinstance(node, dict):
        own = {key for key in node if not key.startswith("@")}
        return own.union(*(_keys(each) for key, each in node.items() if key != "@context"))
    return set()


def test_the_manifest_says_from_what_each_file_was_made() -> None:
    told = json.loads(manifest_json(publication(), files()))
    assert (told["as_of"], told["need_index"]["version"]) == (4711, 1)
    assert told["tables"][1]["filters"][0]["any_of"] == ["yes"]
    assert [table["suppressed"] for table in told["tables"]] == [1, 0, 4]
    for file, content in zip(told["files"], map(table_csv, publication().tables), strict=False):
        assert file["digest"] == hashlib.sha256(content).hexdigest()


def test_the_same_publication_is_the_same_bytes() -> None:
    assert codebook_xml(publication()) == codebook_xml(publication())
    assert manifest_json(publication(), files()) == manifest_json(publication(), files())
    assert dcat_jsonld(publication(), files(), ADDRESS) == dcat_jsonld(
        publication(), files(), ADDRESS
    )
