"""The certificate as a printable document: one A4 page, landscape.

What does not fit on it (many or long learning outcomes) goes whole onto a second page.
"""

from collections.abc import Sequence
from typing import Final

from services.training.domain.rules import Project
from shared.contracts.training.views import Certificate
from shared.contracts.training.vocabulary import Hour, Outcome, Result
from shared.contracts.vocabulary import PersonName
from shared.runtime.typesetting import (
    BRASS,
    EN_DASH,
    GREY,
    HAIR,
    INK,
    NAVY,
    RED,
    Paper,
    Type,
    polish_date,
)

WIDTH: Final = 297
HEIGHT: Final = 210
LEFT: Final = 30
BREADTH: Final = WIDTH - 2 * LEFT
LABEL: Final = Type("sans", 7, GREY, tracking=0.2)
SMALL: Final = Type("sans", 7, GREY, 5)
FACT: Final = Type("sans-semibold", 10.5, INK, 7)
OUTCOME: Final = Type("sans", 9, INK)
OUTCOME_LEADING: Final = 4.4
OUTCOMES_TOP: Final = 143.5
OUTCOMES_BOTTOM: Final = 161.5
GUTTER: Final = 10
RESULTS: Final = {
    Result.QUALIFICATION: ("kwalifikacja", "qualification"),
    Result.COMPETENCE: ("kompetencje", "competence"),
}
HOURS: Final = {
    Hour.DIDACTIC: ("godzin dydaktycznych (45 min)", "didactic hours of 45 min"),
    Hour.CLOCK: ("godzin zegarowych (60 min)", "clock hours"),
}


def certificate_pdf(
    certificate: Certificate, holder: PersonName, project: Project, address: str
) -> bytes:
    """The same certificate gives the same bytes. `address` is where anybody can verify it."""
    name = f"{holder.given_name} {holder.family_name}"
    paper = Paper(
        "landscape",
        title=f"Zaświadczenie {certificate.number}",
        author=project.partnership,
        on=certificate.issued_on,
    )
    paper.add_page()
    _frame(paper)
    _head(paper, certificate, project)
    _statement(paper, certificate, name)
    _facts(paper, certificate)
    fits = _outcomes(paper, certificate.outcomes)
    _signature(paper, certificate, project)
    _verification(paper, certificate, address)
    _foot(paper, certificate, project)
    if certificate.revoked_on is not None:
        _revoked(paper, certificate)
    if not fits:
        _supplement(paper, certificate, name, project)
    return bytes(paper.output())


def _frame(paper: Paper) -> None:
    for inset, ink, weight in ((9, NAVY, 0.6), (11, BRASS, 0.2)):
        paper.set_draw_color(*ink)
        paper.set_line_width(weight)
        paper.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _head(paper: Paper, certificate: Certificate, project: Project) -> None:
    paper.line_of(project.name, LEFT, 26, BREADTH / 2, Type("serif-semibold", 13, NAVY))
    paper.line_of(f"Projekt {project.number}", LEFT, 30.5, BREADTH / 2, LABEL)
    right = LEFT + BREADTH / 2
    number = f"Nr {certificate.number}"
    paper.line_of(number, right, 26, BREADTH / 2, Type("sans-semibold", 10.5, NAVY), "R")
    paper.line_of(
        "Rejestr zaświadczeń · Register of certificates", right, 30.5, BREADTH / 2, LABEL, "R"
    )


def _statement(paper: Paper, certificate: Certificate, name: str) -> None:
    kind = Type("serif", 31, NAVY, tracking=3.5)
    paper.line_of("ZAŚWIADCZENIE", LEFT, 49.5, BREADTH, kind, "C")
    under = Type("sans", 9, BRASS, tracking=1.4)
    paper.line_of("CERTIFICATE OF COMPLETION", LEFT, 56, BREADTH, under, "C")
    says = Type("sans", 10, GREY)
    paper.line_of("Zaświadcza się, że · This is to certify that", LEFT, 69, BREADTH, says, "C")
    paper.line_of(name, LEFT, 82, BREADTH, Type("serif-semibold", 29, INK, 14), "C")
    paper.rule(WIDTH / 2 - 45, 87, 90, BRASS, 0.25)
    done = "ukończył(a) szkolenie · has completed the course"
    paper.line_of(done, LEFT, 94, BREADTH, says, "C")
    title = Type("serif-semibold", 18, NAVY, 11)
    last = paper.block_of(
        certificate.title_pl, LEFT, 103, BREADTH, title, leading=6.8, most=2, align="C"
    )
    english = Type("serif-italic", 11.5, GREY, 8)
    paper.block_of(
        certificate.title_en, LEFT, last + 6.2, BREADTH, english, leading=5, most=1, align="C"
    )


def _facts(paper: Paper, certificate: Certificate) -> None:
    hours_pl, hours_en = HOURS[certificate.hour]
    result_pl, result_en = RESULTS[certificate.result]
    days = f"{certificate.first_day:%d.%m.%Y} {EN_DASH} {certificate.last_day:%d.%m.%Y}"
    facts = (
        (
            "Wymiar · Hours",
            f"{certificate.hours} / {certificate.planned_hours}",
            hours_pl,
            hours_en,
        ),
        ("Termin · Dates", days, "", ""),
        ("Miejsce · Place", certificate.place, "", ""),
        ("Edycja · Edition", certificate.edition_code, f"program {certificate.programme_code}", ""),
        ("Rezultat · Result", result_pl, result_en, ""),
    )
    widths = (48, 48, 62, 42, 37)
    paper.rule(LEFT, 119, BREADTH)
    x = float(LEFT)
    for (label, value, *notes), width in zip(facts, widths, strict=True):
        paper.line_of(label, x, 123.8, width - 4, LABEL)
        if label.startswith("Miejsce"):
            paper.block_of(value, x, 128.9, width - 4, FACT, leading=4.4, most=2)
        else:
            paper.line_of(value, x, 128.9, width - 4, FACT)
        for place, note in enumerate(filter(None, notes)):
            paper.line_of(note, x, 132.6 + 3.1 * place, width - 4, SMALL)
        x += width
    paper.rule(LEFT, 137.5, BREADTH)


def _outcomes(paper: Paper, outcomes: Sequence[Outcome]) -> bool:
    """Set them in two columns if there is room; says whether there was."""
    label = "Efekty uczenia się · Learning outcomes"
    for size, leading in ((9.0, 4.4), (8.0, 3.8), (7.2, 3.4)):
        setting = Type("sans", size, INK)
        width = (BREADTH - GUTTER) / 2
        columns = _columns(paper, outcomes, width, setting)
        room = int((OUTCOMES_BOTTOM - OUTCOMES_TOP) / leading)
        if max(sum(len(lines) for lines in column) for column in columns) <= room:
            paper.line_of(label, LEFT, OUTCOMES_TOP, BREADTH, LABEL)
            for place, column in enumerate(columns):
                x = LEFT + place * (width + GUTTER)
                _bullets(paper, column, x, OUTCOMES_TOP + leading + 0.6, width, setting, leading)
            return True
    paper.line_of(label, LEFT, OUTCOMES_TOP, BREADTH, LABEL)
    see = f"Wykaz {len(outcomes)} efektów znajduje się na stronie 2 · Listed on page 2"
    paper.line_of(see, LEFT, OUTCOMES_TOP + 5, BREADTH, OUTCOME)
    return False


def _columns(
    paper: Paper, outcomes: Sequence[Outcome], width: float, setting: Type
) -> tuple[list[list[str]], list[list[str]]]:
    """The lines of each outcome, the longer half of them first."""
    items = [paper.lines_for(outcome.text, width - 4, setting) for outcome in outcomes]
    whole = sum(map(len, items))
    taken, split = 0, 0
    while split < len(items) and taken < whole / 2:
        taken += len(items[split])
        split += 1
    return items[:split], items[split:]


def _bullets(
    paper: Paper,
    items: Sequence[Sequence[str]],
    x: float,
    baseline: float,
    width: float,
    setting: Type,
    leading: float,
) -> float:
    for lines in items:
        paper.set_fill_color(*BRASS)
        paper.circle(x + 0.7, baseline - setting.size * 0.085, 0.55, style="F")
        for line in lines:
            paper.line_of(line, x + 4, baseline, width - 4, setting)
            baseline += leading
    return baseline


def _signature(paper: Paper, certificate: Certificate, project: Project) -> None:
    paper.line_of(polish_date(certificate.issued_on), LEFT, 175, 80, Type("sans", 9.5, INK))
    paper.rule(LEFT, 177.5, 60)
    paper.line_of("Data wydania · Date of issue", LEFT, 181, 60, SMALL)
    middle = LEFT + 72
    paper.rule(middle, 177.5, 90)
    paper.line_of(f"Podpis, {project.partnership} · Signature", middle, 181, 90, SMALL)


def _verification(paper: Paper, certificate: Certificate, address: str) -> None:
    side, x, y = 21.0, LEFT + BREADTH - 21.0, 163.0
    paper.qr(address, x, y, side)
    paper.link(x, y, side, side, address)
    width = 40.0
    words = x - width - 3
    paper.line_of("Sprawdź autentyczność", words, 167, width, Type("sans-semibold", 8, NAVY), "R")
    paper.line_of("Verify this certificate", words, 170.4, width, SMALL, "R")
    code = Type("sans", 7.5, INK)
    paper.line_of(certificate.verification_code, words, 181, width, code, "R")


def _foot(paper: Paper, certificate: Certificate, project: Project) -> None:
    paper.flag_of_europe(LEFT, 187.4, 6.4)
    x, width = LEFT + 12.5, BREADTH - 12.5 - 62
    paper.line_of(project.funding_pl, x, 190, width, Type("sans", 7, INK, 5))
    paper.line_of(project.funding_en, x, 193.4, width, SMALL)
    event = certificate.completion
    reference = f"{event.ledger}/{event.stream}/{event.version}"
    right = LEFT + BREADTH - 60
    paper.line_of(f"Wpis w rejestrze zdarzeń · Ledger entry {event.position}", right, 190, 60, SMALL, "R")  # fmt: skip
    paper.line_of(reference, right, 193.4, 60, Type("sans", 5.5, GREY, 4), "R")


def _revoked(paper: Paper, certificate: Certificate) -> None:
    text = f"UNIEWAŻNIONE · REVOKED · {certificate.revoked_on:%d.%m.%Y}"
    paper.line_of(text, LEFT, 37, BREADTH, Type("sans-semibold", 13, RED, tracking=1), "C")


def _supplement(paper: Paper, certificate: Certificate, name: str, project: Project) -> None:
    """All outcomes over as many pages as they need."""
    leading, width, bottom = 4.6, BREADTH, 180.0
    baseline = bottom + 1
    for outcome in certificate.outcomes:
        lines = paper.lines_for(outcome.text, width - 4, OUTCOME)
        if baseline + leading * len(lines) > bottom:
            paper.add_page()
            _frame(paper)
            _head(paper, certificate, project)
            paper.line_of(name, LEFT, 42, BREADTH, Type("serif-semibold", 14, INK, 9))
            title = Type("serif", 11, GREY, 7)
            paper.line_of(certificate.title_pl, LEFT, 48, BREADTH, title)
            paper.rule(LEFT, 52, BREADTH, HAIR)
            paper.line_of("Efekty uczenia się · Learning outcomes", LEFT, 58, BREADTH, LABEL)
            _foot(paper, certificate, project)
            baseline = 64.5
        baseline = _bullets(paper, [lines], LEFT, baseline, width, OUTCOME, leading) + 1.2
