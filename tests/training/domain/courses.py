"""Programmes, days and people that the tests of training share."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.training.domain.rules import TrainingRules
from shared.contracts.training.vocabulary import (
    CertifyingBody,
    Hour,
    Outcome,
    ProgrammeContent,
    Result,
    Session,
    Topic,
    TrainerContract,
)
from shared.kernel.days import POLAND

APPROVED: Final = date(2026, 1, 5)
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=POLAND)
TODAY: Final = NOW.date()
OPENED: Final = date(2026, 2, 2)
FIRST_DAY: Final = date(2026, 4, 13)
"""Of the timetables below: in the future of `TODAY`."""


def content(**changes: Any) -> ProgrammeContent:
    """A course in cooking of two topics, which leads to a competence."""
    facts: dict[str, Any] = {
        "code": "KUCH/1",
        "title_pl": "Podstawy gastronomii",
        "title_en": "Basics of catering",
        "result": Result.COMPETENCE,
        "hour": Hour.DIDACTIC,
        "outcomes": (Outcome(code="E1", text="Plans a menu"),),
        "topics": (
            Topic(code="T1", title="Hygiene", planned_minutes=90),
            Topic(code="T2", title="Menus", planned_minutes=180),
        ),
        "scope_on": date(2025, 11, 3),
        "standard_on": date(2025, 12, 1),
    }
    return ProgrammeContent(**(facts | changes))


def qualification(**changes: Any) -> ProgrammeContent:
    facts = {
        "result": Result.QUALIFICATION,
        "scope_on": None,
        "standard_on": None,
        "certifying_body": CertifyingBody(name="Izba Rzemieślnicza", register_number="ZRK/12"),
    }
    return content(**(facts | changes))


def person(number: int) -> UUID:
    """A participant's id."""
    return UUID(int=0xA000 + number)


def session(number: int, **changes: Any) -> Session:
    """The first ones are on successive days at 9:00 to 10:30, 90 minutes of one topic; their ids
    differ from one `group` of sessions to the other.
    """
    group = changes.pop("group", 0)
    facts: dict[str, Any] = {
        "id": UUID(int=0xB000 + 0x100 * group + number),
        "topic": "T1" if number == 0 else "T2",
        "day": FIRST_DAY + timedelta(number),
        "starts": time(9),
        "ends": time(10, 30),
        "room": f"Sala {group}",
        "trainer": f"trainer-{group}",
    }
    return Session(**(facts | changes))


def sessions(group: int = 0, **changes: Any) -> tuple[Session, ...]:
    """A timetable that covers the programme: 90 minutes of T1, 180 of T2."""
    return tuple(session(number, group=group, **changes) for number in range(3))


def contract(trainer: str = "trainer-0", **changes: Any) -> TrainerContract:
    facts: dict[str, Any] = {
        "trainer": trainer,
        "contract": "UMOWA/1",
        "first_day": OPENED,
        "last_day": date(2026, 12, 31),
        "agreed_minutes": 600,
    }
    return TrainerContract(**(facts | changes))


RULES: Final = TrainingRules.parse(
    path.read_text() for path in sorted(Path("services/training/rules").glob("*.toml"))
)
