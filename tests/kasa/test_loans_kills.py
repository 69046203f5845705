"""Killed in the middle of a disbursement: it is recorded whole or not at all, and never twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

from services.kasa.domain.fund import Fund
from services.kasa.domain.loan import Loan
from shared.contracts.kasa.commands.loans import ConfirmDisbursement
from shared.contracts.kasa.vocabulary.fund import Account, EntryKind
from shared.kernel.errors import Rejected
from shared.runtime.settings import SETTINGS_DIR
from tests.kasa.borrowing import (
    approved,
    asking,
    balances,
    borrower,
    confirming,
    meeting,
    signing,
)
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER

KILLED_AFTER = (0.0, 0.01, 0.02, 0.04, 0.08, 1.0)
"""Seconds: before anything is recorded, about when it is, and after it."""


def test_a_tranche_is_paid_out_once_whenever_the_process_dies(
    kasa: Kasa, settings_folder: Path
) -> None:
    kasa.do(signing(borrower(kasa)), OFFICER)
    kasa.do(meeting(), OFFICER)
    for number, after in enumerate(KILLED_AFTER):
        approved(kasa, asking("2000"))
        command = confirming(kasa, f"W-{number}")
        _killed(command, settings_folder, after)
        try:
            kasa.command(command, OFFICER)
        except Rejected as refusal:
            assert refusal.code == "nothing_changed"  # noqa: PT017  # it may also be recorded now
    events = [each.event for each in kasa.followed.history.read(0, 10_000)]
    assert sum(isinstance(each, Loan.Disbursed) for each in events) == len(KILLED_AFTER)
    entries = [each.entry.kind for each in events if isinstance(each, Fund.Posted)]
    assert entries.count(EntryKind.DISBURSEMENT) == len(KILLED_AFTER)
    assert balances(kasa, Account.DISBURSED, Account.COMMITTED) == ("12000.00", "0.00")


def _killed(command: ConfirmDisbursement, settings_folder: Path, after: float) -> None:
    """A process that begins the command, and is killed so many seconds later."""
    arguments = (command.loan_id, command.request_id, command.bank_reference, command.paid_on)
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.kasa.confirming", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, SETTINGS_DIR: str(settings_folder)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        time.sleep(after)
        process.kill()
        process.wait(timeout=30)
