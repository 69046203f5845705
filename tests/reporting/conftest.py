"""Reporting on a real database, driven without the wire: commands, projection, queries."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from services.reporting import application
from services.reporting.bootstrap import Composition, compose, follower
from shared.contracts.reporting.operations import OPERATIONS
from shared.kernel.days import POLAND
from shared.runtime.provision import Administrator
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from tests.driving import Driven, driven, emptied, modules_of, provisioned

NOW = datetime(2026, 4, 10, 12, tzinfo=POLAND)
Reporting = Driven[Composition]


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provisioned("reporting", tmp_path_factory.mktemp("settings"), administrator)


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """Reporting with empty databases."""
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    return emptied("reporting", administrator)


@pytest.fixture
def reporting(settings: ServiceSettings) -> Iterator[Reporting]:
    clock = [NOW]
    composition = compose(settings, now=lambda: clock[0])
    followed = follower(settings, now=lambda: clock[0])
    subjects = modules_of(application)
    with driven(composition, followed, OPERATIONS, subjects, clock=clock) as reporting:
        yield reporting
