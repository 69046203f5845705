"""Kasa on a real database, driven without the wire: commands, projection, queries."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from services.kasa import application
from services.kasa.bootstrap import Composition, compose, follower
from shared.contracts.kasa.operations import OPERATIONS
from shared.kernel.days import POLAND
from shared.runtime.provision import Administrator, provision
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from shared.runtime.views import Projector
from tests.driving import Driven

NOW = datetime(2026, 3, 2, 12, tzinfo=POLAND)
SUBJECTS = [
    importlib.import_module(f"{application.__name__}.{module.name}")
    for module in pkgutil.iter_modules(application.__path__)
]
Kasa = Driven[Composition]


@pytest.fixture(scope="module")
def settings_folder(administrator: Administrator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings")
    provision(folder, ["kasa"], administrator, report=lambda _: None)
    return folder


@pytest.fixture
def settings(
    administrator: Administrator, settings_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    """Kasa with empty databases."""
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        for name in ("kasa_ledger", "kasa_views"):
            for collection in client[name].list_collection_names():
                client[name][collection].delete_many({})
    monkeypatch.setenv(SETTINGS_DIR, str(settings_folder))
    return ServiceSettings.load("kasa")


@pytest.fixture
def kasa(settings: ServiceSettings) -> Iterator[Kasa]:
    clock = [NOW]
    composition = compose(settings, now=lambda: clock[0])
    followed = follower(settings, now=lambda: clock[0])
    projector = Projector(followed.projections[0], followed.views)
    projector.prepare()
    yield Driven(composition, followed, projector, clock, OPERATIONS, SUBJECTS)
    composition.close()
    followed.close()
