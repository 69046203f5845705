"""What must exist before a service starts: its users, rights, collections, exchanges and settings.

The settings files are written first and hold every password; applying them creates what they name.
Both steps may be repeated at any time: passwords stay, rights are brought up to date, nothing that
holds data is touched.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from shared.runtime.provision.broker import provision_broker
from shared.runtime.provision.database import provision_database
from shared.runtime.provision.settings import (
    GATEWAY,
    Administrator,
    accesses,
    read_file,
    write_settings,
)

__all__ = ["Administrator", "SettingsMissing", "apply_settings", "provision"]

Report = Callable[[str], None]


class SettingsMissing(Exception):
    """A service is installed whose settings were not written or not given to provisioning."""


def provision(
    folder: Path, services: Sequence[str], administrator: Administrator, report: Report
) -> None:
    """Write the settings of `services` and the gateway to `folder`, and make them true."""
    write_settings(folder, services, administrator)
    apply_settings(folder, services, administrator, report)


def apply_settings(
    folder: Path, services: Sequence[str], administrator: Administrator, report: Report
) -> None:
    """Create in the database and the broker what the settings files in `folder` name."""
    for name in [*services, GATEWAY]:
        settings = read_file(folder, name)
        if not settings:
            raise SettingsMissing(f"no settings of {name} in {folder}")
        if missing := [access.key for access in accesses(name) if access.key not in settings]:
            raise SettingsMissing(f"{folder}/{name}.env has no {', '.join(missing)}: write it anew")
    report("database users and collections")
    provision_database(folder, services, administrator)
    report("broker users and exchanges")
    provision_broker(folder, services, administrator)
