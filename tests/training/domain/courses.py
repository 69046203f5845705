"""Programmes, days and people that the tests of training share."""

from datetime import date, datetime
from typing import Any, Final

from shared.contracts.training.vocabulary import (
    CertifyingBody,
    Hour,
    Outcome,
    ProgrammeContent,
    Result,
    Topic,
)
from shared.runtime.clock import POLAND

APPROVED: Final = date(2026, 1, 5)
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=POLAND)
TODAY: Final = NOW.date()


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
