"""The certificate of de minimis aid as a printable document: one A4 page, in Polish and English."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from services.kasa.domain.rules.deminimis import CertificateWording
from shared.contracts.kasa.views.undertakings import Certificate
from shared.kernel.money import Money, total
from shared.runtime.typesetting import (
    BRASS,
    EN_DASH,
    GREY,
    HAIR,
    INK,
    NAVY,
    RED,
    Align,
    Paper,
    Type,
    polish_date,
)

LEFT: Final = 22.0
BREADTH: Final = 210 - 2 * LEFT
LABELS: Final = 62.0
"""Width of the column of labels."""
MOST_CHANGES: Final = 4
LEADING: Final = 0.47
"""Millimetres from line to line for each point of the type's size."""
SPACE: Final = "\N{NO-BREAK SPACE}"
LABEL: Final = Type("sans", 8.5, INK, 6)
SMALL: Final = Type("sans", 7.5, GREY, 5.5)
VALUE: Final = Type("sans-semibold", 10, INK, 7)
HEADING: Final = Type("serif-semibold", 12, NAVY)
Fact = tuple[str, str, str]
"""Label in Polish, label in English, value."""


def aid_certificate_pdf(certificate: Certificate, wording: CertificateWording) -> bytes:
    """The same certificate gives the same bytes."""
    paper = Paper(
        "portrait",
        title=f"Zaświadczenie o pomocy de minimis {certificate.number}",
        author=wording.issuer,
        on=certificate.granted_on,
    )
    paper.add_page()
    y = _head(paper, certificate, wording)
    sections = (
        ("Udzielający pomocy", "Grantor", _grantor(wording)),
        ("Beneficjent", "Beneficiary", _beneficiary(certificate)),
        ("Pomoc de minimis", "De minimis aid", _aid(certificate, wording)),
        ("Pułap", "Ceiling", _ceiling(certificate)),
        ("Zwroty i zmiany", "Recoveries and changes", _recoveries(certificate)),
    )
    for pl, en, facts in sections:
        y = _section(paper, y, pl, en, list(facts))
    _statement(paper, y, certificate)
    _foot(paper, certificate, wording)
    return bytes(paper.output())


def _head(paper: Paper, certificate: Certificate, wording: CertificateWording) -> float:
    paper.line_of(wording.issuer, LEFT, 22, BREADTH * 0.6, Type("serif-semibold", 12, NAVY, 8))
    number = f"Nr {certificate.number}"
    paper.line_of(number, LEFT, 22, BREADTH, Type("sans-semibold", 10, NAVY), "R")
    paper.rule(LEFT, 26, BREADTH, BRASS, 0.4)
    title = Type("serif", 21, NAVY, tracking=1)
    paper.line_of("ZAŚWIADCZENIE O POMOCY DE MINIMIS", LEFT, 39, BREADTH, title, "C")
    under = Type("sans", 9, BRASS, tracking=1.2)
    paper.line_of("CERTIFICATE OF DE MINIMIS AID", LEFT, 45, BREADTH, under, "C")
    last = _lines(paper, wording.template_pl, LEFT, 53, BREADTH, SMALL, "C")
    return _lines(paper, wording.template_en, LEFT, last + 4, BREADTH, SMALL, "C") + 11


def _grantor(wording: CertificateWording) -> Iterator[Fact]:
    yield "Nazwa", "Name", wording.issuer
    yield "NIP", "Tax number", wording.nip


def _beneficiary(certificate: Certificate) -> Iterator[Fact]:
    yield "Nazwa", "Name", certificate.name
    yield "NIP", "Tax number", certificate.nip


def _aid(certificate: Certificate, wording: CertificateWording) -> Iterator[Fact]:
    ground = wording.bases[certificate.basis]
    rate = f"1 EUR = {_decimal(certificate.rate, 4)} PLN · {certificate.rate_table}"
    basis = f"{ground.legal_basis_pl} · {ground.legal_basis_en}"
    yield "Dzień udzielenia", "Day of the grant", f"{certificate.granted_on:%d.%m.%Y}"
    yield "Forma pomocy", "Form of aid", f"{ground.form_pl} · {ground.form_en}"
    yield "Wartość brutto", "Gross value", _told(certificate.amount_pln)
    yield "Równowartość", "Equivalent", _told(certificate.amount)
    yield "Kurs średni NBP", "Average rate of NBP", f"{rate}, {certificate.rate_on:%d.%m.%Y}"
    yield "Rozporządzenie Komisji", "Commission Regulation", f"(UE) {certificate.regulation}"
    yield "Podstawa udzielenia", "Legal basis", basis
    yield "Decyzja lub umowa", "Decision or contract", certificate.decision
    if certificate.convention is not None:
        yield "Konwencja ekwiwalentu", "Convention", certificate.convention


def _ceiling(certificate: Certificate) -> Iterator[Fact]:
    days = f"{certificate.window_from:%d.%m.%Y} {EN_DASH} {certificate.window_to:%d.%m.%Y}"
    article = f"{certificate.ceiling_of}, {certificate.article}"
    yield "Pułap", "Ceiling", f"{_told(certificate.ceiling)} ({article})"
    yield "Wykorzystano przedtem", "Used before", f"{_told(certificate.used_before)} ({days})"
    yield "Oświadczenie z dnia", "Declared on", f"{certificate.declared_on:%d.%m.%Y}"


def _recoveries(certificate: Certificate) -> Iterator[Fact]:
    """One by one, or as their sum where there is no room for all of them."""
    changes = certificate.recoveries
    if len(changes) > MOST_CHANGES:
        yield f"Zmian: {len(changes)}", f"Changes: {len(changes)}", _told(_reduced(certificate))
        return
    for each in changes:
        day = f"{each.recovered_on:%d.%m.%Y}"
        yield f"Zmniejszono {day}", f"Reduced, {each.decision}", _told(each.amount)


def _reduced(certificate: Certificate) -> Money:
    amounts = (each.amount for each in certificate.recoveries)
    return total(amounts, certificate.amount.currency)


def _section(paper: Paper, y: float, pl: str, en: str, facts: list[Fact]) -> float:
    """Nothing where there are no facts. Returns where the next one begins."""
    if not facts:
        return y
    paper.line_of(pl, LEFT, y, BREADTH, HEADING)
    paper.line_of(en, LEFT, y, BREADTH, SMALL, "R")
    paper.rule(LEFT, y + 1.8, BREADTH, HAIR)
    y += 7
    for label_pl, label_en, value in facts:
        paper.line_of(label_pl, LEFT, y, LABELS / 2 - 1, LABEL)
        paper.line_of(label_en, LEFT + LABELS / 2, y, LABELS / 2 - 2, SMALL)
        y = _lines(paper, value, LEFT + LABELS, y, BREADTH - LABELS, VALUE) + 6
    return y + 3.5


def _statement(paper: Paper, y: float, certificate: Certificate) -> None:
    pl = (
        f"Zaświadcza się, że pomoc udzielona w dniu {polish_date(certificate.granted_on)}, "
        f"o wartości brutto {_told(certificate.amount_pln)}, stanowiącej równowartość "
        f"{_told(certificate.amount)}, jest pomocą de minimis spełniającą warunki rozporządzenia "
        f"Komisji (UE) {certificate.regulation}."
    )
    en = (
        f"It is certified that this aid of {_told(certificate.amount_pln)}, equal to "
        f"{_told(certificate.amount)}, is de minimis aid under Commission Regulation (EU) "
        f"{certificate.regulation}."
    )
    last = _lines(paper, pl, LEFT, y, BREADTH, Type("sans", 10, INK))
    last = _lines(paper, en, LEFT, last + 6, BREADTH, SMALL)
    if certificate.recoveries:
        counted = _told(certificate.amount - _reduced(certificate))
        words = f"Po zmianach liczy się · Counts after changes: {counted}"
        paper.line_of(words, LEFT, last + 7, BREADTH, Type("sans-semibold", 10, RED))


def _foot(paper: Paper, certificate: Certificate, wording: CertificateWording) -> None:
    place = f"{wording.place}, {polish_date(certificate.granted_on)}"
    paper.line_of(place, LEFT, 262, 70, Type("sans", 9.5, INK))
    paper.rule(LEFT, 264.5, 60)
    paper.line_of("Miejsce i data · Place and date", LEFT, 268, 60, SMALL)
    right = LEFT + BREADTH - 75
    paper.rule(right, 264.5, 75)
    paper.line_of("Podpis udzielającego pomocy · Signature", right, 268, 75, SMALL)
    reference = f"Wpis w ewidencji pomocy · Entry {certificate.aid_id}"
    paper.line_of(reference, LEFT, 280, BREADTH, SMALL, "C")


def _lines(
    paper: Paper, text: str, x: float, y: float, width: float, setting: Type, align: Align = "L"
) -> float:
    """As many lines as the text needs, at most three. Returns the baseline of the last one."""
    most = min(3, len(paper.lines_for(text, width, setting)))
    leading = setting.size * LEADING
    return paper.block_of(text, x, y, width, setting, leading=leading, most=most, align=align)


def _told(money: Money) -> str:
    """As Polish writes it: `1 200 000,00 PLN`."""
    return f"{_decimal(money.amount, 2)}{SPACE}{money.currency.value}"


def _decimal(amount: Decimal, places: int) -> str:
    return f"{amount:,.{places}f}".replace(",", SPACE).replace(".", ",")
