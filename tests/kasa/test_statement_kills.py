"""A follower killed in the middle of an import: another one goes on, and nothing is there twice."""

import signal
import subprocess
import sys
import time
from uuid import UUID

from services.kasa.domain.bank import BankLine
from shared.contracts.kasa.vocabulary.fund import Account
from shared.kernel.money import Money
from tests.kasa.banking import NUMBER, balance, counts, lent, looked_at, ordered, work
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import endow
from tests.kasa.test_statements import agrees, many, received, recorded

FOLLOWER = """
import sys
from uuid import UUID
from services.kasa.application.importing import IMPORT
from services.kasa.bootstrap import follower
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings
from tests.kasa.banking import LATER, Unwatched

followed = follower(ServiceSettings.load("kasa"), now=lambda: LATER)
job = Jobs(followed.views).get(UUID(sys.argv[1]))
print("ready", flush=True)
followed.jobs[IMPORT](job, Unwatched())
"""
LINES = 200


def killed_after(kasa: Kasa, job: UUID, lines: int) -> None:
    """Have another process do the job, and kill it once so many lines are recorded."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", FOLLOWER, str(job)], stdout=subprocess.PIPE
    ) as ran:
        try:
            assert ran.stdout is not None
            assert ran.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + 120
            while recorded(kasa, BankLine.Imported) < lines:
                assert ran.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline
        finally:
            ran.kill()
    assert ran.returncode == -signal.SIGKILL


def test_a_follower_killed_twice_in_mid_import_records_nothing_twice(kasa: Kasa) -> None:
    numbers = [NUMBER, *(f"POZ/2026/{number:04}" for number in range(20, 25))]
    endow(kasa)
    for number in numbers:
        lent(kasa, number)
    job = ordered(kasa, many(LINES, numbers), mode="good_rows")
    killed_after(kasa, job, 1)
    killed_after(kasa, job, LINES // 4)
    begun = recorded(kasa, BankLine.Imported)
    assert 0 < begun < LINES
    work(kasa)
    assert counts(looked_at(kasa, job)) == (LINES * 9 // 10, LINES // 10, 0, 0)
    assert recorded(kasa, BankLine.Imported) == LINES
    assert sum(len(received(kasa, number)) for number in numbers) == LINES * 9 // 10
    assert balance(kasa, Account.HELD) == Money.of(LINES)
    assert agrees(kasa, *numbers)
