"""The service answers exactly what its contract names."""

import json
import subprocess
import sys

from shared.contracts.audit.operations import OPERATIONS

ANSWERED = """
import json
from services.audit.service import Service
answered = [n for n in dir(Service) if getattr(getattr(Service, n), "nameko_entrypoints", None)]
print(json.dumps(answered))
"""
HEARING = {"feed"}


def test_every_operation_has_its_method() -> None:
    """In a process of its own: nameko brings eventlet with it."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ANSWERED],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert set(json.loads(ran.stdout)) == {each.name for each in OPERATIONS} | HEARING
