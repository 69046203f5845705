"""Once on each day, whatever ends in between."""

import threading
from datetime import date

import pytest

from shared.runtime.daily import DAILY, Daily
from shared.runtime.views import Views
from tests.runtime.trial.counting import Counting

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


class Days:
    """A day, until something was done on it; then it ends the run."""

    def __init__(self, day: date) -> None:
        self.day, self.stop = day, threading.Event()
        self.done: list[date] = []

    def work(self, day: date, _stop: threading.Event) -> None:
        self.done.append(day)


def daily(views: Views, days: Days) -> Daily:
    return Daily("review", views, lambda: days.day, days.work)


def run(loop: Daily, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """For one look."""
    monkeypatch.setattr(days.stop, "wait", lambda _seconds: days.stop.set())
    loop.run(days.stop, threading.Event())
    days.stop.clear()


def test_a_day_is_done_once_also_after_a_restart(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(MONDAY)
    for _ in range(2):
        run(daily(counting.views, days), days, monkeypatch)
    assert days.done == [MONDAY]
    days.day = TUESDAY
    run(daily(counting.views, days), days, monkeypatch)
    assert days.done == [MONDAY, TUESDAY]
    assert list(counting.views[DAILY].find()) == [{"_id": "review", "day": "2026-03-03"}]


def test_a_day_that_was_broken_off_or_failed_comes_again(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(MONDAY)

    def broken(_day: date, stop: threading.Event) -> None:
        stop.set()

    Daily("review", counting.views, lambda: MONDAY, broken).run(days.stop, threading.Event())
    days.stop.clear()

    def failing(_day: date, _stop: threading.Event) -> None:
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        Daily("review", counting.views, lambda: MONDAY, failing).run(days.stop, threading.Event())
    run(daily(counting.views, days), days, monkeypatch)
    assert days.done == [MONDAY]
