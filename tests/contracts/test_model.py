"""What every message refuses, whatever it is about."""

from datetime import date, datetime, time
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.model import Published


class Meeting(Published):
    day: date
    starts: time | None = None
    recorded_at: datetime | None = None
    people: int = 0


GOOD: dict[str, Any] = {"day": "2026-03-02"}


def test_days_and_times_are_written_as_iso_8601() -> None:
    told = {"day": "2026-03-02", "starts": "09:30", "recorded_at": "2026-03-02T10:00:00Z"}
    meeting = Meeting.model_validate(told)
    assert (meeting.day, meeting.starts) == (date(2026, 3, 2), time(9, 30))
    assert Meeting(day=date(2026, 3, 2)).day == date(2026, 3, 2)


@pytest.mark.parametrize("number", [86400, 86400.0, "86400", " 86400 ", "-1.5", True])
@pytest.mark.parametrize("field", ["day", "starts", "recorded_at"])
def test_a_number_is_no_day_and_no_time(field: str, number: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Meeting.model_validate(GOOD | {field: number})
    assert refused.value.errors()[0]["loc"] == (field,)


def test_numbers_stay_numbers_elsewhere() -> None:
    assert Meeting.model_validate(GOOD | {"people": 12}).people == 12


def test_errors_do_not_repeat_the_input() -> None:
    with pytest.raises(ValidationError) as refused:
        Meeting.model_validate(GOOD | {"name": "Żaneta"})
    assert "Żaneta" not in str(refused.value)
