"""The certificate: everything it must say can be read back from it, and it never changes."""

import hashlib
import time
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from services.training.formats.certificate import certificate_pdf
from shared.contracts.training.vocabulary import Outcome
from shared.contracts.vocabulary import PersonName
from tests.training.formats.documents import ADDRESS, HOLDER, PROJECT, certificate, pages

LONG = "potrafi współpracować w zespole i rozwiązywać spory bez eskalacji, także pod presją czasu"


def test_it_says_what_was_recorded() -> None:
    (page,) = pages(certificate_pdf(certificate(), HOLDER, PROJECT, ADDRESS))
    for words in (
        "ZAŚWIADCZENIE",
        "Żaneta Łucja Brzęczyszczykiewicz-Źdźbło",
        "Nr TJP/2026/0001",
        "Prowadzenie przedsiębiorstwa społecznego",
        "Running a social enterprise",
        "57 / 60",
        "godzin dydaktycznych (45 min)",
        "02.02.2026",
        "24.04.2026",
        "Ostrowiec Świętokrzyski",
        "PS/2026/1",
        "kompetencje",
        "potrafi zażółcić gęślą jaźń",
        "4\N{NO-BREAK SPACE}maja\N{NO-BREAK SPACE}2026",
        "Tu jest praca",
        "D0456",
        "środków Europejskiego Funduszu Społecznego",
        "x7Kp2mQvT9aLr4WzYc8NbA",
        "Ledger entry 1843",
        "training/00000000-0000-0000-0000-000000000004/7",
    ):
        assert words in page


def test_the_same_certificate_is_the_same_bytes_whenever_it_is_printed() -> None:
    first = certificate_pdf(certificate(), HOLDER, PROJECT, ADDRESS)
    time.sleep(1.1)  # a file that told its time of printing would tell another second
    again = certificate_pdf(certificate(), HOLDER, PROJECT, ADDRESS)
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(first).hexdigest()
    other = certificate(number="TJP/2026/0002")
    assert certificate_pdf(other, HOLDER, PROJECT, ADDRESS) != first


def test_it_is_an_archivable_document_with_its_fonts_and_the_address_to_verify_it() -> None:
    reader = PdfReader(BytesIO(certificate_pdf(certificate(), HOLDER, PROJECT, ADDRESS)))
    metadata = str(reader.trailer["/Root"]["/Metadata"].get_data(), "utf-8")  # type: ignore[index]
    assert 'pdfaid:part="2" pdfaid:conformance="U"' in metadata
    assert "Zaświadczenie TJP/2026/0001" in metadata
    (page,) = reader.pages
    assert page.annotations is not None
    (link,) = page.annotations
    assert link.get_object()["/A"]["/URI"] == ADDRESS
    resources: Any = page["/Resources"]
    for font in resources["/Font"].values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"]


def test_outcomes_that_do_not_fit_go_whole_onto_further_pages() -> None:
    outcomes = tuple(Outcome(code=f"E{n}", text=f"{n}) {LONG}") for n in range(1, 61))
    first, *others = pages(
        certificate_pdf(certificate(outcomes=outcomes), HOLDER, PROJECT, ADDRESS)
    )
    assert "Wykaz 60 efektów" in first
    assert len(others) > 1
    for n in range(1, 61):
        assert sum(f"{n}) potrafi" in page for page in others) >= 1
    for page in others:
        assert "Nr TJP/2026/0001" in page
        assert "Żaneta Łucja" in page


@pytest.mark.parametrize("length", [1, 60, 200])
def test_texts_of_any_length_stay_on_the_page(length: int) -> None:
    text = ("W" * 11 + " ") * 20
    long = text[:length].strip()
    told = certificate(title_pl=long, title_en=long, place=long)
    document = certificate_pdf(
        told, PersonName(given_name=long, family_name=long), PROJECT, ADDRESS
    )
    assert len(pages(document)) == 1


def test_letters_of_other_languages_are_printed() -> None:
    name = PersonName(given_name="Олександра", family_name="Ґжегожевська")
    told = certificate(title_en="Догляд")
    (page,) = pages(certificate_pdf(told, name, PROJECT, ADDRESS))
    assert "Олександра Ґжегожевська" in page
    assert "Догляд" in page


def test_a_revoked_certificate_says_so() -> None:
    told = certificate(revoked_on=date(2026, 6, 1))
    (page,) = pages(certificate_pdf(told, HOLDER, PROJECT, ADDRESS))
    assert "UNIEWAŻNIONE · REVOKED · 01.06.2026" in page
