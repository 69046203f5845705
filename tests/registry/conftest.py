"""The registry on a real database, driven without the wire: commands, projection, queries."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from services.registry import application
from services.registry.application import erasure, results, reviewing
from services.registry.bootstrap import Composition, compose, follower
from shared.contracts.registry.operations import OPERATIONS
from shared.runtime.provision import Administrator
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from tests import driving
from tests.driving import CASEWORKER, emptied, provisioned
from tests.registry.domain.people import TODAY

Driven = driving.Driven[Composition]


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provisioned("registry", tmp_path_factory.mktemp("settings"), administrator)


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """A registry with empty databases."""
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    return emptied("registry", administrator)


@pytest.fixture
def registry(settings: ServiceSettings) -> Iterator[Driven]:
    composition = compose(settings, today=lambda: TODAY)
    followed = follower(settings, today=lambda: TODAY)
    subjects: list[ModuleType | type] = [application.Registry, results, erasure, reviewing]
    with driving.driven(composition, followed, OPERATIONS, subjects, usual=CASEWORKER) as registry:
        yield registry
