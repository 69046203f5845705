"""The sign-in list of a session: A4 sheets to be signed by hand, one row per participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.training.domain.rules import Project
from shared.contracts.training.views import SessionSheet
from shared.contracts.training.vocabulary import Mode
from shared.contracts.vocabulary import PersonName
from shared.runtime.typesetting import (
    EN_DASH,
    GREY,
    HAIR,
    INK,
    MIST,
    NAVY,
    Align,
    Paper,
    Type,
    polish_date,
    polish_order,
)

LEFT: Final = 18.0
BREADTH: Final = 210 - 2 * LEFT
ROW: Final = 9.5
FIRST_ROW: Final = 92.5
LAST_LINE: Final = 270.0
"""No row reaches below it."""
CLOSING: Final = 34.0
"""Height of the trainer's confirmation, which stands under the last row."""
LABEL: Final = Type("sans", 7, GREY, tracking=0.2)
SMALL: Final = Type("sans", 7, GREY, 5)
FACT: Final = Type("sans-semibold", 9.5, INK, 6)
NAME: Final = Type("sans", 10.5, INK, 8)
ROWS: Final = int((LAST_LINE - FIRST_ROW) / ROW)
LAST_ROWS: Final = int((LAST_LINE - FIRST_ROW - CLOSING) / ROW)
"""Rows of the last page, which has the confirmation as well."""
KEPT_TOGETHER: Final = 3
"""Rows that go with the confirmation, so that it never stands alone."""


@dataclass(frozen=True)
class _Column:
    title: str
    english: str
    width: float
    align: Align = "L"


COLUMNS: Final = (
    _Column("Lp.", "No.", 11, "R"),
    _Column("Nazwisko i imię", "Name", 68),
    _Column("Minuty plan.", "Planned", 19, "R"),
    _Column("Minuty obecności", "Attended", 25, "R"),
    _Column("Podpis uczestnika", "Signature", 51),
)


def sign_in_list_pdf(
    sheet: SessionSheet, names: Mapping[UUID, PersonName], project: Project
) -> bytes:
    """In order of the Polish alphabet. Whose name is not given stands with the participant's id."""
    paper = Paper(
        "portrait",
        title=f"Lista obecności {sheet.edition_code} {sheet.session.day.isoformat()}",
        author=project.partnership,
        on=sheet.session.day,
    )
    people = _people(sheet, names)
    pages = _pages(people)
    y, done = FIRST_ROW, 0
    for page, rows in enumerate(pages, start=1):
        y = _sheet(paper, sheet, project, f"Strona {page} z {len(pages)}")
        for number, person in enumerate(rows, start=done + 1):
            y = _row(paper, y, (f"{number}.", person, str(sheet.minutes), "", ""))
        done += len(rows)
    _closing(paper, y, len(people))
    return bytes(paper.output())


def _pages(people: Sequence[str]) -> list[Sequence[str]]:
    pages = [people[at : at + ROWS] for at in range(0, len(people), ROWS)] or [people]
    if len(pages[-1]) > LAST_ROWS:
        pages[-1:] = [pages[-1][:-KEPT_TOGETHER], pages[-1][-KEPT_TOGETHER:]]
    return pages


def _people(sheet: SessionSheet, names: Mapping[UUID, PersonName]) -> list[str]:
    shown = []
    for mark in sheet.marks:
        name = names.get(mark.participant_id)
        shown.append(f"{name.family_name} {name.given_name}" if name else str(mark.participant_id))
    return sorted(shown, key=polish_order)


def _sheet(paper: Paper, sheet: SessionSheet, project: Project, page: str) -> float:
    """Begin a page; returns where its first row begins."""
    paper.add_page()
    _head(paper, sheet, project)
    _facts(paper, sheet)
    _foot(paper, sheet, project, page)
    return _columns(paper)


def _head(paper: Paper, sheet: SessionSheet, project: Project) -> None:
    paper.line_of(project.name, LEFT, 19, BREADTH / 2, Type("serif-semibold", 11, NAVY))
    paper.line_of(f"Projekt {project.number}", LEFT, 23, BREADTH / 2, LABEL)
    right = LEFT + BREADTH / 2
    edition = Type("sans-semibold", 9.5, NAVY)
    paper.line_of(sheet.edition_code, right, 19, BREADTH / 2, edition, "R")
    paper.line_of("Edycja · Edition", right, 23, BREADTH / 2, LABEL, "R")
    paper.line_of("Lista obecności", LEFT, 37, BREADTH, Type("serif", 22, NAVY))
    under = Type("sans", 8, GREY, tracking=1)
    paper.line_of("ATTENDANCE LIST", LEFT, 42, BREADTH, under)
    title = Type("serif-semibold", 12, INK, 8)
    paper.block_of(sheet.title_pl, LEFT, 51, BREADTH, title, leading=5, most=2)


def _facts(paper: Paper, sheet: SessionSheet) -> None:
    session = sheet.session
    hours = f"{session.starts:%H:%M} {EN_DASH} {session.ends:%H:%M}"
    pauses = ", ".join(f"{p.starts:%H:%M}{EN_DASH}{p.ends:%H:%M}" for p in session.breaks)
    room = "online" if session.mode is Mode.ONLINE else session.room or ""
    facts: Sequence[tuple[str, str, str, float]] = (
        ("Dzień · Day", polish_date(session.day), "", 36),
        ("Godziny · Time", hours, f"przerwy {pauses}" if pauses else "bez przerw", 38),
        ("Czas netto · Net time", f"{sheet.minutes} min", "", 29),
        ("Temat · Topic", session.topic, "", 27),
        ("Miejsce · Place", sheet.place, room, 44),
    )
    paper.rule(LEFT, 60, BREADTH)
    x = LEFT
    for label, value, note, width in facts:
        paper.line_of(label, x, 64.6, width - 3, LABEL)
        paper.line_of(value, x, 69.6, width - 3, FACT)
        if note:
            paper.line_of(note, x, 73.4, width - 3, SMALL)
        x += width
    paper.rule(LEFT, 77, BREADTH)


def _columns(paper: Paper) -> float:
    paper.set_fill_color(*MIST)
    paper.rect(LEFT, FIRST_ROW - 11, BREADTH, 11, style="F")
    x = LEFT
    for column in COLUMNS:
        width = column.width - 4
        title = Type("sans-semibold", 8.5, NAVY, 6)
        paper.line_of(column.title, x + 2, FIRST_ROW - 6, width, title, column.align)
        paper.line_of(column.english, x + 2, FIRST_ROW - 2.6, width, SMALL, column.align)
        x += column.width
    return FIRST_ROW


def _row(paper: Paper, y: float, cells: Sequence[str]) -> float:
    """A row ruled below, with hairlines between the fields to be filled in."""
    x = LEFT
    for column, cell in zip(COLUMNS, cells, strict=True):
        width = column.width - 4
        if column.title.startswith("Nazwisko"):
            _name(paper, cell, x + 2, y, width)
        elif cell:
            setting = Type("sans", 9.5, GREY)
            paper.line_of(cell, x + 2, y + ROW / 2 + 1.2, width, setting, column.align)
        x += column.width
        if not column.title.startswith(("Lp.", "Podpis")):
            paper.set_draw_color(*HAIR)
            paper.set_line_width(0.15)
            paper.line(x, y, x, y + ROW)
    paper.rule(LEFT, y + ROW, BREADTH)
    return y + ROW


def _name(paper: Paper, name: str, x: float, y: float, width: float) -> None:
    """On one line, or smaller on two."""
    if len(paper.lines_for(name, width, NAME)) == 1:
        paper.line_of(name, x, y + ROW / 2 + 1.3, width, NAME)
    else:
        small = Type("sans", 9, INK, 6)
        paper.block_of(name, x, y + ROW / 2 - 0.6, width, small, leading=3.7, most=2)


def _closing(paper: Paper, y: float, people: int) -> None:
    count = f"Osób na liście: {people} · Participants listed: {people}"
    paper.line_of(count, LEFT, y + 7, BREADTH, SMALL)
    says = "Potwierdzam przeprowadzenie zajęć i obecność osób podpisanych powyżej."
    paper.line_of(says, LEFT, y + 15, BREADTH, Type("sans", 9.5, INK))
    fields = (
        ("Trener (imię i nazwisko) · Trainer", LEFT, 62.0),
        ("Data · Date", LEFT + 68, 30.0),
        ("Podpis trenera · Trainer's signature", LEFT + 104, BREADTH - 104),
    )
    for label, x, width in fields:
        paper.rule(x, y + 29, width, GREY, 0.2)
        paper.line_of(label, x, y + 32.6, width, SMALL)


def _foot(paper: Paper, sheet: SessionSheet, project: Project, page: str) -> None:
    paper.rule(LEFT, 276, BREADTH)
    paper.flag_of_europe(LEFT, 279, 5.6)
    x, width = LEFT + 11, BREADTH - 11 - 36
    paper.line_of(project.funding_pl, x, 281.4, width, Type("sans", 7, INK, 5))
    paper.line_of(project.funding_en, x, 284.4, width, SMALL)
    right = LEFT + BREADTH - 36
    paper.line_of(page, right, 281.4, 36, SMALL, "R")
    session = Type("sans", 5, GREY, 4)
    paper.line_of(str(sheet.session.id), right, 284.4, 36, session, "R")
