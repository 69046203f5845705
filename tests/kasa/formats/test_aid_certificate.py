"""The certificate of aid: all that was granted can be read back from it, and it never changes."""

import hashlib
import json
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from services.kasa.bootstrap import _rules
from services.kasa.formats.aid_certificate import aid_certificate_pdf
from shared.contracts.kasa.views.undertakings import Certificate
from shared.contracts.kasa.vocabulary.undertakings import AidBasis

EXAMPLES = json.loads(Path("shared/contracts/kasa/examples.json").read_text())
WORDING = _rules().deminimis.certificate.on(date(2026, 3, 2))


def certificate(**changes: Any) -> Certificate:
    return Certificate.model_validate(EXAMPLES["get_aid_certificate"]["reply"] | changes)


def text_of(document: bytes) -> str:
    (page,) = PdfReader(BytesIO(document)).pages
    return " ".join(page.extract_text().replace("\N{NO-BREAK SPACE}", " ").split())


def test_it_says_what_was_granted_to_whom_and_under_which_regulation() -> None:
    said = text_of(aid_certificate_pdf(certificate(), WORDING))
    for words in (
        "ZAŚWIADCZENIE O POMOCY DE MINIMIS",
        "CERTIFICATE OF DE MINIMIS AID",
        "Nr DM/2026/4ADE46BC17",
        "Spółdzielnia Socjalna 0",
        "9990000008",
        "02.03.2026",
        "1 200 000,00 PLN",
        "300 000,00 EUR",
        "1 EUR = 4,0000 PLN",
        "58/A/NBP/2026",
        "(UE) 2023/2831",
        "art. 3(2)",
        "DEC/1/2026",
        "Regulamin dotacji funduszu",
        "2 marca 2026",
        WORDING.issuer,
        WORDING.nip,
    ):
        assert words in said


def test_what_was_recovered_is_told_with_what_counts_still() -> None:
    changed = certificate()
    (recovery,) = changed.recoveries
    said = text_of(aid_certificate_pdf(changed, WORDING))
    assert recovery.decision in said
    assert "Counts after changes: 200 000,00 EUR" in said
    assert "Counts after changes" not in text_of(
        aid_certificate_pdf(certificate(recoveries=[]), WORDING)
    )


def test_more_changes_than_there_is_room_for_are_told_as_their_sum() -> None:
    (recovery,) = EXAMPLES["get_aid_certificate"]["reply"]["recoveries"]
    small = recovery | {"amount": {"amount": "10000.00", "currency": "EUR"}}
    said = text_of(aid_certificate_pdf(certificate(recoveries=[small] * 7), WORDING))
    assert "Zmian: 7" in said
    assert "70 000,00 EUR" in said
    assert "Counts after changes: 230 000,00 EUR" in said


@pytest.mark.parametrize("basis", AidBasis)
def test_every_form_of_aid_has_its_wording(basis: AidBasis) -> None:
    said = text_of(aid_certificate_pdf(certificate(basis=basis), WORDING))
    assert WORDING.bases[basis].form_pl in said


def test_the_same_certificate_is_the_same_bytes_whenever_it_is_printed() -> None:
    first = aid_certificate_pdf(certificate(), WORDING)
    time.sleep(1.1)  # a file that told its time of printing would tell another second
    again = aid_certificate_pdf(certificate(), WORDING)
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(first).hexdigest()
    assert aid_certificate_pdf(certificate(decision="DEC/2/2026"), WORDING) != first


def test_long_names_stay_on_the_page() -> None:
    name = "Wielobranżowa Spółdzielnia Socjalna „Źródło i Ujście” im. Założycieli " * 2
    said = text_of(aid_certificate_pdf(certificate(name=name.strip()[:200]), WORDING))
    assert "Źródło i Ujście" in said
