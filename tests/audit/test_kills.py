"""Real processes killed in the middle of a round: what was signed stays what is signed."""

import signal
import subprocess
import sys

import pytest

from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from tests.audit.conftest import WATCHED, Auditing

ROUND = """
import os, signal, sys
from services.audit.application import Audit
from services.audit.application.published import PublishedFiles
from services.audit.application.rounds import Rounds
from services.audit.bootstrap import books, signing_key
from shared.runtime.clock import legal_now
from shared.runtime.ground import Ground
from shared.runtime.settings import ServiceSettings

def at(step):
    if step == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

settings = ServiceSettings.load("audit")
ground = Ground(settings)
audit = Audit(ground.ledger, index=ground.index, now=legal_now)
files = PublishedFiles(settings.checkpoints_folder)
key = signing_key(settings)
Rounds(audit, books(ground, sys.argv[2:]), key, settings.log_origin, files, at).round()
"""


def killed_at(auditing: Auditing, step: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ROUND, step, *auditing.ledgers],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()


@pytest.mark.fault
def test_a_process_killed_at_every_step_signs_one_history(auditing: Auditing) -> None:
    """Between the kills the ledger grows; each checkpoint that ever was is still there in the end."""
    folder = auditing.settings.checkpoints_folder
    assert folder is not None
    seen: dict[tuple[str, int], bytes] = {}
    for step in (
        "tiles put",
        "heads recorded",
        "own head recorded",
        "signed",
        "checkpoints recorded",
        "file written",
    ):
        auditing.append(3)
        killed_at(auditing, step)
        for ledger in auditing.ledgers:
            head = auditing.log(ledger)
            if head.size:
                assert seen.setdefault((ledger, head.size), head.root) == head.root
    rounds = auditing.rounds()
    rounds.round()
    assert (auditing.log().size, auditing.log().refused) == (18, False)
    assert not auditing.log("audit").refused
    for ledger in auditing.ledgers:
        head = auditing.log(ledger)
        signed = auditing.audit().load(SignedCheckpoint, checkpoint_id(ledger, head.size))
        assert bytes(signed.note) == bytes(rounds.signer(ledger).sign(head.head.text))
        assert (folder / f"{ledger}.checkpoint").read_bytes() == bytes(signed.note)
    assert (WATCHED, 6) in seen
