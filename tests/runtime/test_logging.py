"""Logs: machine-readable lines that carry their context and nobody's data."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def logged(code: str, log_format: str = "json") -> str:
    """What a process of its own writes, because logging is set up once per process."""
    program = (
        "import logging, structlog\n"
        "from shared.runtime.logging import configure_logging, unit_of_work\n"
        f"configure_logging({log_format!r}, 'info')\n"
        "log = structlog.get_logger('trial')\n" + code
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return ended.stderr


def lines(code: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged(code).splitlines()]


def test_a_line_carries_its_unit_of_work() -> None:
    inside, library, outside = lines(
        "with unit_of_work(service='registry', correlation_id='c-1'):\n"
        "    log.info('recorded', position=7)\n"
        "    logging.getLogger('library').warning('slow %s', 'disk')\n"
        "log.info('idle')\n"
    )
    context = {"service": "registry", "correlation_id": "c-1"}
    assert inside.items() >= {"event": "recorded", "position": 7, "level": "info"}.items()
    assert inside.items() >= context.items()
    assert library.items() >= ({"event": "slow disk", "level": "warning"} | context).items()
    assert not context.keys() & outside.keys()
    assert "timestamp" in outside


@pytest.mark.parametrize(
    "call",
    [
        "log.info('found', pesel='CANARY')",
        "log.info('found', person={'given_name': 'CANARY'})",
        "log.info('found', rows=[{'cells': [{'email': 'CANARY'}]}])",
        "log.info('found', value='44051401359')",
        "log.info('found', value=44051401359)",
        "log.info('subject 44051401359 found')",
        "log.info('found', value='anna.canary@example.org')",
        "log.info('found', uri='mongodb://registry:CANARY@db:27017/x')",
        "log.info('found', authorization='Bearer CANARY')",
        "log.info('found', at='Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln')",
        "logging.getLogger('x').warning('subject %s', '44051401359')",
        "logging.getLogger('x').warning('sent', extra={'pesel': 'CANARY'})",
        "\ntry:\n    raise ValueError('CANARY')\nexcept ValueError:\n    log.exception('failed')",
        "try:\n    int('CANARY')\nexcept ValueError as e:\n    log.error('failed', exc_info=e)",
        "\ntry:\n    int('CANARY')\nexcept ValueError:\n    logging.getLogger('x').exception('f')",
    ],
)
def test_personal_data_and_secrets_are_covered(call: str) -> None:
    written = logged(call)
    assert json.loads(written)
    for secret in ("CANARY", "canary", "44051401359", "eyJ"):
        assert secret not in written


def test_ids_and_figures_stay_readable() -> None:
    (line,) = lines(
        "log.info('kept', id='6f8d3a52-0000-4000-8000-012345678901', n=12345678901234, f=0.5,"
        " none=None, yes=True, nested={'position': 3})"
    )
    assert line["id"] == "6f8d3a52-0000-4000-8000-012345678901"
    assert (line["n"], line["f"], line["none"], line["yes"]) == (12345678901234, 0.5, None, True)
    assert line["nested"] == {"position": 3}


def test_an_exception_tells_what_and_where() -> None:
    (line,) = lines(
        "\ndef decide():\n    raise KeyError('CANARY')\n"
        "try:\n    try:\n        decide()\n    except KeyError as error:\n"
        "        raise OSError(111, 'Connection refused') from error\n"
        "except OSError:\n    log.exception('failed')"
    )
    outer, inner = line["exception"]
    assert outer["type"] == "ConnectionRefusedError"
    assert outer["says"] == "[Errno 111] Connection refused"
    assert inner["type"] == "KeyError"
    assert "decide" in inner["at"][-1]
    assert "says" not in inner


def test_the_console_is_for_people() -> None:
    written = logged("log.info('recorded', position=7, pesel='CANARY')", "console")
    assert "recorded" in written
    assert "position" in written
    assert "CANARY" not in written
    with pytest.raises(json.JSONDecodeError):
        json.loads(written)
