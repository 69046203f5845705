"""The service answers exactly what its contract names."""

import json
import subprocess
import sys

from shared.contracts.research.operations import OPERATIONS

ANSWERED = """
import json
from services.research.service import Service
answered = [n for n in dir(Service) if getattr(getattr(Service, n), "nameko_entrypoints", None)]
print(json.dumps(answered))
"""
HEAVY = """
import sys
import services.research.service
print([n for n in ("scipy", "polars", "matplotlib") if n in sys.modules])
"""
HEARING = {"feed", "from_registry", "from_kasa"}


def told_by(program: str) -> str:
    """In a process of its own: nameko brings eventlet with it."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.stdout


def test_who_answers_calls_computes_no_tables_and_draws_nothing() -> None:
    assert told_by(HEAVY).strip() == "[]"


def test_every_operation_has_its_method() -> None:
    assert set(json.loads(told_by(ANSWERED))) == {each.name for each in OPERATIONS} | HEARING
