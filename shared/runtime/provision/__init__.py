"""What must exist before a service starts: its users, rights, collections, exchanges and settings.

The settings files are written first and hold every password; applying them creates what they name.
Both steps may be repeated at any time: passwords stay, rights are brought up to date, nothing that
holds data is touched.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from shared.runtime.provision.broker import provision_broker
from shared.runtime.provision.database import provision_database
from shared.runtime.provision.settings import Administrator, write_settings

__all__ = ["Administrator", "apply_settings", "discover_services", "provision"]

Report = Callable[[str], None]
SERVICES = Path("services")


def discover_services(root: Path = SERVICES) -> list[str]:
    """The names of the service folders, sorted; a service is a folder that can be run."""
    return sorted(path.parent.name for path in root.glob("*/__main__.py"))


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
    report("database users and collections")
    provision_database(folder, services, administrator)
    report("broker users and exchanges")
    provision_broker(folder, services, administrator)
