"""The container set-up names every service, gives each process its own secrets, publishes one port.

Read as text of record: what a real engine makes of it is tried by hand (docs/operations.md).
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.runtime.entrypoints import discover
from shared.runtime.provision.containers import write_secrets

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
COMPOSED: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSED["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "tu-jest-praca"}
RUNNING = {name: each for name, each in OURS.items() if "profiles" not in each}


def secrets_of(container: str) -> set[str]:
    return {
        each if isinstance(each, str) else each["source"]
        for each in SERVICES[container].get("secrets", ())
    }


def locked(name: str) -> dict[str, str]:
    """Package to its version and hashes; what is for other systems only is on neither side."""
    entries = re.split(r"\n(?=\w)", (ROOT / name).read_text())
    here = (entry for entry in entries if " ; sys_platform == " not in entry)
    return {canonicalize_name(entry.partition("==")[0]): entry.strip() for entry in here}


@pytest.mark.parametrize("service", discover())
def test_a_service_has_its_two_processes(service: str) -> None:
    for process, more in (("serve", {"jwks.json"}), ("follow", set[str]())):
        container = f"{service}-{process}"
        assert SERVICES[container]["command"] == [f"services.{service}", process]
        assert secrets_of(container) == {f"{service}.env"} | more


def test_the_gateway_has_its_own_secrets_and_provisioning_those_of_all() -> None:
    assert secrets_of("gateway") == {"gateway.env", "jwks.json"}
    everybody = {f"{name}.env" for name in (*discover(), "gateway", "administrator")}
    assert secrets_of("provision") == everybody


def test_only_the_gateway_is_published_and_only_to_this_machine() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published == {"gateway": ["127.0.0.1:8000:8000"]}
    assert not [name for name, each in SERVICES.items() if "network_mode" in each]


VOLUMES = {"audit-follow": ["checkpoints:/checkpoints"]}
"""Who keeps something on a disk: published checkpoints outlive both databases."""


@pytest.mark.parametrize("container", sorted(RUNNING))
def test_a_process_of_ours_has_no_right_that_it_does_not_need(container: str) -> None:
    given = RUNNING[container]
    assert given["read_only"]
    assert given["cap_drop"] == ["ALL"]
    assert given["security_opt"] == ["no-new-privileges:true"]
    assert not {"user", "privileged", "cap_add"} & given.keys()
    assert given.get("volumes", []) == VOLUMES.get(container, [])
    assert given["mem_limit"]


def test_the_image_runs_without_root() -> None:
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["10001"]


def test_the_secrets_that_are_mounted_are_those_that_are_written(tmp_path: Path) -> None:
    write_secrets(tmp_path, discover())
    sources = {each["file"].removeprefix("./secrets/") for each in COMPOSED["secrets"].values()}
    assert sources == {path.name for path in tmp_path.iterdir()}
    assert {name for each in SERVICES for name in secrets_of(each)} == COMPOSED["secrets"].keys()


def test_secrets_that_exist_stay(tmp_path: Path) -> None:
    write_secrets(tmp_path, discover())
    (tmp_path / "jwks.json").write_text("the provider's")
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    write_secrets(tmp_path, discover())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_the_image_holds_the_packages_of_development_in_the_same_versions_and_no_other() -> None:
    image, everything = locked("requirements.lock"), locked("requirements-dev.lock")
    assert image.items() <= everything.items()
    needed = {Requirement(each).name for each in PROJECT["project"]["dependencies"]}
    tools = {Requirement(each).name for each in PROJECT["dependency-groups"]["dev"]} - {
        "eventsourcing"
    }
    assert needed <= image.keys()
    assert not tools & image.keys()
    assert tools <= everything.keys()
