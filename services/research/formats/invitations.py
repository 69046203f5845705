"""Invitations on paper and as a table: the only places where their tokens stand in clear."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.research.vocabulary.studies import StudyPlan
from shared.runtime.typesetting import GREY, INK, NAVY, Paper, Type, polish_date

HEADER: Final = ("Uczestnik lub jednostka", "Pseudonim", "Token", "Adres")
LEFT: Final = 18.0
BREADTH: Final = 210 - 2 * LEFT
SHEETS: Final = 4
"""On a page, to be cut apart."""
HEIGHT: Final = 297 / SHEETS
QR: Final = 38.0


@dataclass(frozen=True)
class Sheet:
    """`unit` and `pseudonym` say for whom it is; both are None in an anonymous wave."""

    token: str
    unit: str | None = None
    pseudonym: str | None = None


def invitations_csv(sheets: Sequence[Sheet], address: str) -> bytes:
    """As spreadsheets in Poland open it: UTF-8 with mark, semicolons."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(
        (each.unit or "", each.pseudonym or "", each.token, f"{address}/{each.token}")
        for each in sheets
    )
    return target.getvalue().encode("utf-8-sig")


def invitations_pdf(
    sheets: Sequence[Sheet], plan: StudyPlan, address: str, closes_on: date, on: date
) -> bytes:
    """Four on a page, each with the address of its form as text and as a QR code."""
    paper = Paper("portrait", title=f"Zaproszenia: {plan.title_pl}", author="Badania", on=on)
    for index, sheet in enumerate(sheets):
        if index % SHEETS == 0:
            paper.add_page()
        _sheet(paper, sheet, plan, address, closes_on, index % SHEETS * HEIGHT)
    return bytes(paper.output())


def _sheet(
    paper: Paper, sheet: Sheet, plan: StudyPlan, address: str, closes_on: date, top: float
) -> None:
    if top:
        paper.rule(LEFT, top, BREADTH)
    width = BREADTH - QR - 8
    small = Type("sans", 7, GREY, 5)
    paper.line_of("Zaproszenie do badania · Invitation to a study", LEFT, top + 13, width, small)
    title = Type("serif-semibold", 13, NAVY, 8)
    end = paper.block_of(plan.title_pl, LEFT, top + 20, width, title, leading=5.5, most=2)
    paper.line_of(plan.title_en, LEFT, end + 5, width, small)
    paper.line_of(f"{address}/{sheet.token}", LEFT, top + 42, width, Type("sans", 9, INK, 5))
    paper.line_of(sheet.token, LEFT, top + 50, width, Type("sans-semibold", 15, NAVY))
    until = f"Można odpowiedzieć do {polish_date(closes_on)}. Udział jest dobrowolny."
    paper.line_of(until, LEFT, top + 58, width, Type("sans", 9, INK, 6))
    english = f"Answers are taken until {closes_on.isoformat()}. Taking part is voluntary."
    paper.line_of(english, LEFT, top + 62, width, small)
    paper.qr(f"{address}/{sheet.token}", LEFT + BREADTH - QR, top + 14, QR)
    if sheet.unit is not None:
        paper.line_of(sheet.unit, LEFT + width, top + 58, QR + 8, Type("sans", 6, GREY, 4), "R")
