"""What day it is, for the law."""

from datetime import date, datetime

from shared.kernel.days import POLAND


def legal_now() -> datetime:
    """The time in Poland, with its offset from UTC."""
    return datetime.now(POLAND)


def legal_today() -> date:
    """The day in Poland: shortly after midnight it is not the day in UTC."""
    return legal_now().date()
