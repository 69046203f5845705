"""Settings files: one per service and one for the gateway, each the whole secret of its process.

``FOLDER/NAME.env`` holds lines ``KEY=value``. In production each container is given its own file
only; in development one process reads those of all services.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from shared.runtime.needs import Needs

GATEWAY = "gateway"
ADMINISTRATOR = "administrator"
LEDGERS_URI = "LEDGERS_URI"
FILES_KEY = "FILES_MASTER_KEY"
VAULT_KEY = "VAULT_MASTER_KEY"
INDEX_KEY = "INDEX_KEY"
SIGNING_KEY = "SIGNING_KEY"
KEY_BYTES = 32


class KeyAbandoned(Exception):
    """The only copy of a key would be dropped, and with it what it opens."""


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


def accesses(name: str) -> list[DatabaseAccess]:
    """The databases of a service, by its declared needs, or of the gateway, by their own users."""
    files = DatabaseAccess("FILES_URI", f"{name}_files", "files")
    if name == GATEWAY:
        return [files]
    needs = Needs.of(name)
    own = [
        DatabaseAccess("LEDGER_URI", f"{name}_ledger", f"{name}_ledger"),
        DatabaseAccess("VIEWS_URI", f"{name}_views", f"{name}_views"),
        files,
    ]
    vault = DatabaseAccess("VAULT_URI", f"{name}_vault", "vault")
    ledgers = DatabaseAccess(LEDGERS_URI, f"{name}_ledgers", "admin")
    return own + [vault] * needs.vault + [ledgers] * needs.ledgers


def write_settings(folder: Path, services: Sequence[str], administrator: Administrator) -> None:
    """Write all files; passwords and keys that are there already stay as they are.

    Raises `KeyAbandoned`, `NeedsUnclear`.
    """
    names = [*services, GATEWAY]
    known = {name: read_file(folder, name) for name in names}
    sealing = [name for name in services if Needs.of(name).vault]
    signing = [name for name in services if Needs.of(name).signing]
    for key, needing in ((VAULT_KEY, sealing), (SIGNING_KEY, signing)):
        holders = [name for name in services if key in known[name]]
        if holders and not needing:
            raise KeyAbandoned(
                f"{folder}/{holders[0]}.env holds the last {key}, and no service needs it any more: "
                "keep the key elsewhere and take it out of the file first"
            )
    files_key = _key(FILES_KEY, known.values())
    vault_key = _key(VAULT_KEY, known.values())
    for name in names:
        values = {"AMQP_URI": _amqp_uri(administrator, name, known[name].get("AMQP_URI"))}
        for access in accesses(name):
            values[access.key] = _mongodb_uri(administrator, access, known[name].get(access.key))
        values[FILES_KEY] = files_key
        if name in services:
            values[INDEX_KEY] = _key(INDEX_KEY, [known[name]])
        if name in sealing:
            values[VAULT_KEY] = vault_key
        if name in signing:
            values[SIGNING_KEY] = _key(SIGNING_KEY, [known[name]])
        write_file(folder, name, values)


def read_file(folder: Path, name: str) -> dict[str, str]:
    """The settings in ``FOLDER/NAME.env``; empty when there is no such file."""
    path = folder / f"{name}.env"
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {key: value for key, _, value in pairs}


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


def _key(key: str, known: Iterable[Mapping[str, str]]) -> str:
    """The one in `known` files, of those who share what it protects: nothing replaces it."""
    fresh = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return next((values[key] for values in known if key in values), fresh)


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
