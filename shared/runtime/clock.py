"""What day it is, for the law."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

POLAND: Final = ZoneInfo("Europe/Warsaw")


def legal_today() -> date:
    """The day in Poland: shortly after midnight it is not the day in UTC."""
    return datetime.now(POLAND).date()
