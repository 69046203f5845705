"""Kasa on a real database, driven without the wire: commands, projection, queries."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from services.kasa import application
from services.kasa.bootstrap import Composition, compose, follower
from shared.contracts.kasa.operations import OPERATIONS
from shared.kernel.days import POLAND
from shared.runtime.provision import Administrator
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from tests.driving import Driven, driven, emptied, modules_of, provisioned

NOW = datetime(2026, 3, 2, 12, tzinfo=POLAND)
Kasa = Driven[Composition]


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provisioned("kasa", tmp_path_factory.mktemp("settings"), administrator)


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """Kasa with empty databases."""
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    return emptied("kasa", administrator)


@pytest.fixture
def kasa(settings: ServiceSettings) -> Iterator[Kasa]:
    clock = [NOW]
    composition = compose(settings, now=lambda: clock[0])
    followed = follower(settings, now=lambda: clock[0])
    with driven(composition, followed, OPERATIONS, modules_of(application), clock=clock) as kasa:
        yield kasa
