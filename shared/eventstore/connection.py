"""One MongoDB client per factory, with the durability and the limits that the ledger relies on."""

from dataclasses import dataclass
from typing import Any, Final

import pymongo
from bson.codec_options import CodecOptions
from eventsourcing.utils import Environment
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

MONGODB_URI: Final = "MONGODB_URI"
MONGODB_DATABASE: Final = "MONGODB_DATABASE"
MONGODB_TIMEOUT: Final = "MONGODB_TIMEOUT"

_LIMITS: Final[dict[str, Any]] = {
    "connectTimeoutMS": 5_000,
    "serverSelectionTimeoutMS": 5_000,
    "socketTimeoutMS": 10_000,
    "waitQueueTimeoutMS": 5_000,
}

_CLOSE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the database is, and after how many seconds an append gives up."""

    uri: str
    database: str
    timeout: float

    @classmethod
    def from_env(cls, env: Environment) -> "Settings":
        """Each key may be prefixed by the application's name. Raises `OSError` naming the key."""
        return cls(
            uri=_required(env, MONGODB_URI),
            database=_required(env, MONGODB_DATABASE),
            timeout=_seconds(env, MONGODB_TIMEOUT, default="20"),
        )


class _Client(MongoClient[dict[str, Any]]):
    """Takes its leave from a server that is down for a moment only; pymongo would look for it as
    long as any call may, and a process has several clients to close.
    """

    def close(self) -> None:
        with pymongo.timeout(_CLOSE_SECONDS):
            super().close()


def connect(uri: str) -> MongoClient[dict[str, Any]]:
    """Nothing is contacted yet. Options in the URI win over the limits set here."""
    given = {option.partition("=")[0].lower() for option in uri.partition("?")[2].split("&")}
    limits = {name: value for name, value in _LIMITS.items() if name.lower() not in given}
    return _Client(uri, **limits)


def durable(client: MongoClient[dict[str, Any]], name: str) -> Database[dict[str, Any]]:
    """Reads what a majority has (a failover cannot take it back), writes likewise, journaled."""
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True),
        read_concern=ReadConcern("majority"),
        write_concern=WriteConcern(w="majority", j=True, wtimeout=5_000),
    )


def _required(env: Environment, key: str) -> str:
    value = env.get(key)
    if not value:
        raise OSError(f"Set one of {', '.join(env.create_keys(key))} in the environment")
    return value


def _seconds(env: Environment, key: str, default: str) -> float:
    text = env.get(key, default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise OSError(f"{key}: expected a positive number of seconds, got {text!r}")
    return seconds
