"""A process that reads a ledger knows every event that its service ever records."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared.runtime.entrypoints import discover
from shared.runtime.roots import bootstrap_of

TOPIC = re.compile(r'TOPIC: ClassVar\[str\] = "([^"]+)"')
READING = """
import sys
from eventsourcing.utils import resolve_topic
from shared.runtime.roots import bootstrap_of
bootstrap_of(sys.argv[1])
for topic in sys.argv[2:]:
    resolve_topic(topic)
"""


@pytest.mark.parametrize("service", discover())
def test_every_event_of_the_domain_can_be_read(service: str) -> None:
    """In a process of its own: other tests have loaded far more than a follower does."""
    sources = Path("services", service, "domain").rglob("*.py")
    topics = sorted(topic for path in sources for topic in TOPIC.findall(path.read_text()))
    assert topics
    subprocess.run([sys.executable, "-c", READING, service, *topics], check=True, timeout=60)


@pytest.mark.parametrize("service", discover())
def test_an_operator_can_see_to_the_parked_messages_of_whoever_reacts(service: str) -> None:
    reacts = Path("services", service, "reactions.py").exists()
    assert hasattr(bootstrap_of(service), "reactions") is reacts
