"""Training on a real database, driven without the wire: commands, projection, queries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.training import application
from services.training.bootstrap import Composition, compose, follower
from shared.contracts.training.operations import OPERATIONS
from shared.runtime.provision import Administrator
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from tests import driving
from tests.driving import emptied, modules_of, provisioned
from tests.training.domain.courses import NOW

Driven = driving.Driven[Composition]


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provisioned("training", tmp_path_factory.mktemp("settings"), administrator)


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """Training with empty databases."""
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    monkeypatch.setenv("TRAINING_VERIFICATION_URL", "https://example.org/verify")
    return emptied("training", administrator)


@pytest.fixture
def training(settings: ServiceSettings) -> Iterator[Driven]:
    clock = [NOW]
    composition = compose(settings, now=lambda: clock[0])
    followed = follower(settings, now=lambda: clock[0])
    with driving.driven(
        composition, followed, OPERATIONS, modules_of(application), clock=clock
    ) as training:
        yield training
