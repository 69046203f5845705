"""The service answers exactly what its contract names."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.contracts.kasa.operations import OPERATIONS
from shared.runtime.settings import SETTINGS_DIR

ANSWERED = """
import json
from services.kasa.service import Service
answered = [n for n in dir(Service) if getattr(getattr(Service, n), "nameko_entrypoints", None)]
print(json.dumps(answered))
"""
HEARING = {"feed", "from_registry", "from_training", "from_research"}


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


@pytest.mark.usefixtures("settings")
def test_an_operator_lists_what_is_parked(settings_folder: Path) -> None:
    identity = {f"IDENTITY_{name}": "unused" for name in ("ISSUER", "AUDIENCE", "JWKS")}
    listed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "services.kasa", "parked", "list"],
        check=False,
        env={**os.environ, **identity, SETTINGS_DIR: str(settings_folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (listed.returncode, listed.stdout) == (0, ""), listed.stderr
