"""What the printed documents of the tests are made from, and how they are read back."""

from datetime import date, time
from io import BytesIO
from typing import Any
from uuid import UUID

from pypdf import PdfReader

from services.training.domain.rules import Project
from shared.contracts.training.views import (
    AttendanceMark,
    Certificate,
    LedgerReference,
    SessionSheet,
)
from shared.contracts.training.vocabulary import (
    Break,
    Hour,
    Outcome,
    Result,
    Session,
)
from shared.contracts.vocabulary import PersonName

PROJECT = Project(
    number="D0456",
    name="Tu jest praca",
    partnership="Partnerstwo „Tu jest praca”",
    certificate_prefix="TJP",
    funding_pl="Projekt realizowany przy udziale środków Europejskiego Funduszu Społecznego",
    funding_en="Project co-financed by the European Union from the European Social Fund",
)
HOLDER = PersonName(given_name="Żaneta Łucja", family_name="Brzęczyszczykiewicz-Źdźbło")
ADDRESS = "https://example.org/verify/x7Kp2mQvT9aLr4WzYc8NbA"


def certificate(**other: Any) -> Certificate:
    known: dict[str, Any] = {
        "id": UUID(int=1),
        "number": "TJP/2026/0001",
        "participant_id": UUID(int=2),
        "holder": HOLDER,
        "edition_id": UUID(int=3),
        "edition_code": "PS/2026/1",
        "programme_code": "PS-01",
        "title_pl": "Prowadzenie przedsiębiorstwa społecznego",
        "title_en": "Running a social enterprise",
        "result": Result.COMPETENCE,
        "first_day": date(2026, 2, 2),
        "last_day": date(2026, 4, 24),
        "place": "Ostrowiec Świętokrzyski",
        "hours": 57,
        "hour": Hour.DIDACTIC,
        "planned_hours": 60,
        "outcomes": (Outcome(code="E1", text="potrafi zażółcić gęślą jaźń"),),
        "issued_on": date(2026, 5, 4),
        "completion": LedgerReference(
            ledger="training", position=1843, stream=UUID(int=4), version=7
        ),
        "verification_code": "x7Kp2mQvT9aLr4WzYc8NbA",
    }
    return Certificate(**(known | other))


def session_sheet(participants: int) -> SessionSheet:
    session = Session(
        id=UUID(int=5),
        topic="T-02",
        day=date(2026, 2, 9),
        starts=time(9),
        ends=time(15),
        breaks=(Break(starts=time(12), ends=time(12, 45)),),
        room="sala 12",
        trainer="trainer-1",
    )
    return SessionSheet(
        id=session.id,
        version=0,
        edition_id=UUID(int=3),
        edition_code="PS/2026/1",
        title_pl="Prowadzenie przedsiębiorstwa społecznego",
        title_en="Running a social enterprise",
        partner="fundacja-prog",
        place="Ostrowiec Świętokrzyski",
        session=session,
        minutes=315,
        marks=tuple(
            AttendanceMark(participant_id=UUID(int=place), minutes=None)
            for place in range(participants)
        ),
    )


def pages(document: bytes) -> list[str]:
    """The text of each page, as somebody's screen reader gets it."""
    return [page.extract_text() for page in PdfReader(BytesIO(document)).pages]
