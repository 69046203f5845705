"""Waiting until somebody asks the process to end."""

import signal
import time
from collections.abc import Callable

LOOK_SECONDS = 0.2


def wait_for_end(ended: Callable[[], bool]) -> None:
    """Return on SIGTERM, on SIGINT, or when `ended` says so. Main thread only.

    The handler only sets a flag: a signal may arrive anywhere, also inside eventlet's hub or a
    lock's own code, where nothing else is safe.
    """
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    while not (asked or ended()):
        time.sleep(LOOK_SECONDS)
