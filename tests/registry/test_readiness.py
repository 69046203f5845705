"""The registry says that it is not ready while its database is away."""

import time
from pathlib import Path

import pytest

from services.registry.bootstrap import compose
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.provision import Administrator
from shared.runtime.provision.database import provision_database
from shared.runtime.provision.settings import write_settings
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings

LIMIT = 20.0


def test_readiness_follows_the_database(
    own_mongodb: MongoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = "amqp://nobody:none@127.0.0.1:1/"  # a composition does not call it
    administrator = Administrator(own_mongodb.uri, broker, "http://nobody:none@127.0.0.1:1")
    write_settings(tmp_path, ["registry"], administrator)
    provision_database(tmp_path, ["registry"], administrator)
    monkeypatch.setenv(SETTINGS_DIR, str(tmp_path))
    composition = compose(ServiceSettings.load("registry"))
    try:
        for change, expected in (
            (None, True),
            (own_mongodb.kill, False),
            (own_mongodb.start, True),
        ):
            if change:
                change()
            deadline = time.monotonic() + LIMIT
            while composition.ready() is not expected and time.monotonic() < deadline:
                time.sleep(0.05)
            assert composition.ready() is expected
    finally:
        composition.close()
