"""Settings files: one per service and one for the gateway, each the whole secret of its process.

``FOLDER/NAME.env`` holds lines ``KEY=value``. In production each container is given its own file
only; in development one process reads those of all services.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

GATEWAY = "gateway"
ADMINISTRATOR = "administrator"
MASTER_KEY_BYTES = 32


@dataclass(frozen=True)
class Administrator:
    """Where the servers are and who may create users on them.

    `mongodb_uri` and `amqp_uri` as their clients take them, with credentials; the virtual host is
    the path of `amqp_uri`. `management_url` is the broker's HTTP interface, credentials included.
    """

    mongodb_uri: str
    amqp_uri: str
    management_url: str

    def save(self, folder: Path) -> None:
        values = {
            "MONGODB_URI": self.mongodb_uri,
            "AMQP_URI": self.amqp_uri,
            "MANAGEMENT_URL": self.management_url,
        }
        write_file(folder, ADMINISTRATOR, values)

    @classmethod
    def load(cls, folder: Path) -> "Administrator":
        values = read_file(folder, ADMINISTRATOR)
        return cls(values["MONGODB_URI"], values["AMQP_URI"], values["MANAGEMENT_URL"])


@dataclass(frozen=True)
class DatabaseAccess:
    """One user of one database: the service's setting `key` becomes its URI."""

    key: str
    user: str
    database: str


def accesses(service: str) -> list[DatabaseAccess]:
    """The databases of a service. Vault and files are shared databases, with a user per service."""
    return [
        DatabaseAccess("LEDGER_URI", f"{service}_ledger", f"{service}_ledger"),
        DatabaseAccess("VIEWS_URI", f"{service}_views", f"{service}_views"),
        DatabaseAccess("VAULT_URI", f"{service}_vault", "vault"),
        DatabaseAccess("FILES_URI", f"{service}_files", "files"),
    ]


def write_settings(folder: Path, services: Sequence[str], administrator: Administrator) -> None:
    """Write all files; passwords and the master key that are there already stay as they are."""
    known = [read_file(folder, service) for service in services]
    master_key = (
        next((values["VAULT_MASTER_KEY"] for values in known if "VAULT_MASTER_KEY" in values), None)
        or base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    )
    for service, values in zip(services, known, strict=True):
        fresh = {"AMQP_URI": _amqp_uri(administrator, service, values.get("AMQP_URI"))}
        for access in accesses(service):
            fresh[access.key] = _mongodb_uri(administrator, access, values.get(access.key))
        write_file(folder, service, fresh | {"VAULT_MASTER_KEY": master_key})
    before = read_file(folder, GATEWAY).get("AMQP_URI")
    write_file(folder, GATEWAY, {"AMQP_URI": _amqp_uri(administrator, GATEWAY, before)})


def read_file(folder: Path, name: str) -> dict[str, str]:
    """The settings in ``FOLDER/NAME.env``; empty when there is no such file."""
    path = folder / f"{name}.env"
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {key: value for key, value in pairs}  # noqa: C416  # dict() loses the pair's type


def write_file(folder: Path, name: str, values: Mapping[str, str]) -> None:
    """Replace ``FOLDER/NAME.env`` whole, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{name}.env.new"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
    fresh.replace(folder / f"{name}.env")


def credentials(uri: str) -> tuple[str, str]:
    """User and password of a URI."""
    parts = urlsplit(uri)
    return unquote(parts.username or ""), unquote(parts.password or "")


def _password(before: str | None) -> str:
    return credentials(before)[1] if before else secrets.token_urlsafe(24)


def _amqp_uri(administrator: Administrator, user: str, before: str | None) -> str:
    server = urlsplit(administrator.amqp_uri)
    address = server.netloc.rpartition("@")[2]
    return f"{server.scheme}://{user}:{quote(_password(before))}@{address}{server.path or '/'}"


def _mongodb_uri(administrator: Administrator, access: DatabaseAccess, before: str | None) -> str:
    server = urlsplit(administrator.mongodb_uri)
    hosts = server.netloc.rpartition("@")[2]
    options = dict(parse_qsl(server.query)) | {"authSource": "admin"}
    password = quote(_password(before))
    return (
        f"{server.scheme}://{access.user}:{password}@{hosts}/{access.database}?{urlencode(options)}"
    )
