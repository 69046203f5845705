"""How far somebody on a course has come, as of the moment somebody asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.training.domain.timetable import ends_at
from shared.contracts.training import views
from shared.contracts.training.vocabulary import Session
from shared.runtime.views import Document


def progress_view(course: Document, sessions: Iterable[Document], now: datetime) -> views.Progress:
    """`sessions` are all of the timetable in force, each with its net minutes."""
    names = views.Progress.model_fields.keys() & course.keys()
    shown: dict[str, Any] = {name: course[name] for name in names}
    passed = sum(
        each["minutes"]
        for each in sessions
        if ends_at(Session.model_validate(each["session"])) <= now
    )
    return views.Progress.model_validate(shown | {"passed_minutes": passed})
