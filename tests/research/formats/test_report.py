"""Plots and the report: what they show can be read back, and they never change."""

import time
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

from services.research.formats.language import Language
from services.research.formats.plots import MOST_BARS, alternative, is_drawable, plot
from services.research.formats.report import report_pdf
from shared.contracts.research.vocabulary.publication import (
    PublishedTable,
    TableAxis,
    TableCategory,
)
from shared.contracts.research.vocabulary.tables import Label
from shared.runtime.plotting import COLOURS, Format
from tests.research.formats.publications import (
    cell,
    grouped,
    publication,
    single,
    stacked,
    suppressed,
)

TABLES = [single(), stacked(), grouped()]


def test_the_same_table_is_the_same_picture() -> None:
    def draw(language: Language) -> list[bytes]:
        forms: tuple[Format, ...] = ("png", "svg")
        return [plot(table, language, form).content for table in TABLES for form in forms]

    first = draw(Language.PL)
    time.sleep(1.1)  # a picture that told its time of drawing would tell another second
    assert draw(Language.PL) == first
    assert not set(draw(Language.EN)) & set(first)


def test_a_picture_has_its_words() -> None:
    words = (
        "What the inhabitants of Ostrowiec county miss (share of respondents, %). "
        "care of the elderly: 47.0 (41.4 – 52.7). child care: 32.0 (27.0 – 37.5). "  # noqa: RUF001
        "transport: suppressed. other: no data"
    )
    assert alternative(single(), Language.EN) == words
    root = ET.fromstring(plot(single(), Language.EN, "svg").content)  # noqa: S314 - our own
    title, description = list(root)[:2]
    assert root.get("role") == "img"
    assert title.text == "What the inhabitants of Ostrowiec county miss"
    assert description.text == words
    with Image.open(BytesIO(plot(single(), Language.EN, "png").content)) as picture:
        assert picture.info["Description"] == words


def test_a_picture_in_polish_speaks_polish() -> None:
    words = plot(grouped(), Language.PL, "png").alternative
    assert "opieka nad starszymi: kobieta 34,2 (31,0 – 37,4)" in words  # noqa: RUF001
    assert "dowóz: kobieta utajnione; mężczyzna utajnione" in words


def test_parts_are_stacked_only_if_none_is_hidden() -> None:
    """Stacked bars would show a hidden share as what is left to a hundred."""
    cells = [each for each in stacked().cells if each.at != ("woman", "other")]
    hidden = stacked().model_copy(update={"cells": (*cells, suppressed("woman", "other"))})
    assert _height(hidden) > _height(stacked())


def test_colours_are_told_apart_by_everybody() -> None:
    """Of Okabe and Ito's eight, black is the text's."""
    assert len(set(COLOURS)) == 7


@pytest.mark.parametrize("language", list(Language))
def test_the_report_says_everything_in_its_language(language: Language) -> None:
    reader = PdfReader(BytesIO(report_pdf(publication(), language)))
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    said = {
        Language.PL: (
            "Potrzeby mieszkańców powiatu",
            "Największe potrzeby ma gmina Waśniów",
            "Wskaźnik potrzeb gmin",
            "Luka w usługach na 1000 mieszkańców",
            "Ostrowiec Świętokrzyski",
            "Tabela 2. Czego brakuje kobietom i mężczyznom",
            "56,3",
            "41,4 – 52,7",  # noqa: RUF001
            "1234,5",
            ":c",
            "Utajnione komórki: 4.",
            "nie można było rozpoznać",
            "Wilsona dla udziałów",
            "CC BY 4.0",
            "12.01.2026",
        ),
        Language.EN: (
            "Needs of the inhabitants of Ostrowiec county",
            "Care of the elderly is missed most",
            "Need index of the communes",
            "Table 3. Minutes on the way",
            "56.3",
            ":c",
            "Suppressed cells: 4.",
            "nobody can be recognised",
            "12 January 2026",
        ),
    }
    for words in said[language]:
        assert words in text, words


def test_the_report_is_archivable_and_never_changes() -> None:
    first = report_pdf(publication(), Language.PL)
    time.sleep(1.1)  # a file that told its time of printing would tell another second
    assert report_pdf(publication(), Language.PL) == first
    root = PdfReader(BytesIO(first)).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()  # type: ignore[index]
    assert 'pdfaid:part="2"' in metadata
    assert root["/Lang"] == "pl-PL"  # type: ignore[index]


def _height(table: PublishedTable) -> int:
    with Image.open(BytesIO(plot(table, Language.EN, "png").content)) as picture:
        return picture.height


def wide(categories: int) -> PublishedTable:
    codes = [f"c{number}" for number in range(categories)]
    axis = TableAxis(
        name="commune",
        label=Label(pl="Gmina", en="Commune"),
        categories=tuple(TableCategory(code=each, label=Label(pl=each, en=each)) for each in codes),
    )
    cells = tuple(cell((each,), 10, "10.0") for each in codes)
    return single().model_copy(update={"axes": (axis,), "cells": cells})


def test_a_picture_that_nobody_could_read_is_left_out_and_the_report_says_so() -> None:
    assert is_drawable(wide(MOST_BARS))
    assert not is_drawable(wide(MOST_BARS + 1))
    told = replace(publication(), tables=(wide(MOST_BARS + 1),))
    reader = PdfReader(BytesIO(report_pdf(told, Language.EN)))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "too many categories for a picture" in " ".join(text.split())
    assert f"c{MOST_BARS}" in text
    drawn = PdfReader(BytesIO(report_pdf(replace(told, tables=(wide(8),)), Language.EN)))
    assert "too many categories" not in " ".join(page.extract_text() for page in drawn.pages)
