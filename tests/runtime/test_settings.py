"""Settings: from variables and files, and what a person reads when they are wrong."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.runtime import configuration
from shared.runtime.ground import Ground
from shared.runtime.settings import GatewaySettings, ProcessSettings, ServiceSettings, Unconfigured

KEY = base64.b64encode(b"k" * 32).decode()
FILE = {
    "AMQP_URI": "amqp://registry:hush@broker/",
    "LEDGER_URI": "mongodb://registry_ledger:hush@db/registry_ledger?authSource=admin",
    "VIEWS_URI": "mongodb://registry_views:hush@db/registry_views?authSource=admin",
    "VAULT_URI": "mongodb://registry_vault:hush@db/vault",
    "VAULT_MASTER_KEY": KEY,
    "INDEX_KEY": KEY,
    "FILES_URI": "mongodb://registry_files:hush@db/files",
    "FILES_MASTER_KEY": KEY,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SETTINGS_DIR", str(tmp_path))
    for name in os.environ:
        if name.startswith(("REGISTRY_", "GATEWAY_", "IDENTITY_", "HEALTH_", "LOG_")):
            monkeypatch.delenv(name)
    return tmp_path


def write(folder: Path, name: str, **changes: str | None) -> None:
    values = {key: value for key, value in (FILE | changes).items() if value is not None}
    (folder / f"{name}.env").write_text("".join(f"{k}={v}\n" for k, v in values.items()))


def test_a_service_reads_its_own_file(folder: Path) -> None:
    write(folder, "registry")
    write(
        folder,
        "training",
        LEDGER_URI="mongodb://t:hush@db/training_ledger",
        VERIFICATION_URL="https://example.org/verify",
    )
    settings = ServiceSettings.load("registry")
    assert settings.service == "registry"
    assert settings.ledger_uri == FILE["LEDGER_URI"]
    assert settings.ledger_database == "registry_ledger"
    assert settings.views_database == "registry_views"
    assert ServiceSettings.load("training").ledger_database == "training_ledger"


def test_a_variable_outweighs_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "registry")
    monkeypatch.setenv("AMQP_URI", "amqp://another-program/")
    monkeypatch.setenv("REGISTRY_VAULT_URI", "mongodb://elsewhere/vault")
    settings = ServiceSettings.load("registry")
    assert settings.amqp_uri == FILE["AMQP_URI"]
    assert settings.vault_uri == "mongodb://elsewhere/vault"


def test_settings_do_not_change_and_do_not_tell_secrets(folder: Path) -> None:
    write(folder, "registry")
    settings = ServiceSettings.load("registry")
    with pytest.raises(ValidationError):
        settings.amqp_uri = "amqp://x/"  # type: ignore[misc]
    assert "hush" not in repr(settings)
    assert KEY not in repr(settings)


def test_what_is_missing_or_wrong_is_named_all_at_once(folder: Path) -> None:
    write(
        folder,
        "registry",
        AMQP_URI=None,
        VIEWS_URI="mongodb://hush@db/",
        LEDGER_URI="http://hush@db/x",
        VAULT_MASTER_KEY="hush",
    )
    with pytest.raises(Unconfigured) as raised:
        ServiceSettings.load("registry")
    file = folder / "registry.env"
    assert dict(line.split(", or in ") for line in str(raised.value).splitlines()) == {
        "REGISTRY_AMQP_URI": f"{file} as AMQP_URI: is missing",
        "REGISTRY_LEDGER_URI": f"{file} as LEDGER_URI: should match pattern '^mongodb://'",
        "REGISTRY_VIEWS_URI": f"{file} as VIEWS_URI: names no database as its path",
        "REGISTRY_VAULT_MASTER_KEY": f"{file} as VAULT_MASTER_KEY: "
        "a key is expected as base64 of 32 random bytes",
    }


@pytest.mark.usefixtures("folder")
def test_without_a_file_the_variables_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SETTINGS_DIR")
    with pytest.raises(Unconfigured, match=r"^GATEWAY_AMQP_URI: is missing\nGATEWAY_FILES_URI"):
        GatewaySettings.load()
    with pytest.raises(Unconfigured, match=r"^IDENTITY_ISSUER: is missing"):
        ProcessSettings.load()


@pytest.mark.usefixtures("folder")
def test_an_unencrypted_key_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ISSUER", "urn:test")
    monkeypatch.setenv("IDENTITY_AUDIENCE", "test")
    monkeypatch.setenv("IDENTITY_JWKS", "http://provider/keys")
    with pytest.raises(Unconfigured, match=r"^IDENTITY_JWKS: "):
        ProcessSettings.load()


@pytest.mark.parametrize("command", ["serve", "follow"])
def test_a_process_without_settings_says_so_and_ends(command: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "shared.runtime.entrypoints", command, "registry"],
        env={"PATH": os.environ["PATH"], "SETTINGS_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "IDENTITY_ISSUER: is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_documented_table_is_up_to_date() -> None:
    assert configuration.PAGE.read_text() == configuration.page(), (
        "run python -m shared.runtime.configuration"
    )


def declare(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What the registry of a project in `folder` needs."""
    service = folder / "services" / "registry"
    service.mkdir(parents=True)
    (service / "needs.toml").write_text(text)
    monkeypatch.chdir(folder)


def test_what_a_service_needs_must_be_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(
        folder,
        monkeypatch,
        "vault = true\nledgers = true\nsigning = true\nverification = true\nforms = true\n",
    )
    write(folder, "registry", VAULT_URI=None, VAULT_MASTER_KEY=None)
    with pytest.raises(Unconfigured) as raised:
        ServiceSettings.load("registry")
    assert [line.partition(",")[0] for line in str(raised.value).splitlines()] == [
        "REGISTRY_VAULT_URI",
        "REGISTRY_VAULT_MASTER_KEY",
        "REGISTRY_LEDGERS_URI",
        "REGISTRY_SIGNING_KEY",
        "REGISTRY_VERIFICATION_URL",
        "REGISTRY_FORM_URL",
    ]


def test_what_a_service_does_not_need_may_be_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    write(folder, "registry", VAULT_URI=None, VAULT_MASTER_KEY=None)
    ground = Ground(ServiceSettings.load("registry"))
    try:
        for use in (lambda: ground.vault, lambda: ground.lookup("trial")):
            with pytest.raises(Unconfigured, match=r"services/registry/needs.toml declares none"):
                use()
    finally:
        ground.close()


@pytest.mark.parametrize("text", ["vault = 1\n", "valut = true\n", "vault\n"])
def test_an_unclear_declaration_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    declare(folder, monkeypatch, text)
    write(folder, "registry")
    expected = r"^services/registry/needs.toml: lines vault = true or ledgers = true or signing = true or verification = true or forms = true are expected"
    with pytest.raises(Unconfigured, match=expected):
        ServiceSettings.load("registry")
