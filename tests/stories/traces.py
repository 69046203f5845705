"""Looks for secret texts everywhere a running platform writes."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from ahocorasick_rs import BytesAhoCorasick
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

EMPTY: Final = bytes(4096)
"""Files are allocated ahead of their content, which makes a search long and finds nothing."""


@cache
def disguises(secret: str) -> set[bytes]:
    """The forms in which a text may lie around: encoded, escaped, or as a hash anyone can repeat."""
    plain = secret.encode()
    shifted = [plain, b"\0" + plain, b"\0\0" + plain]
    # Of the middle of a base64 text only what does not depend on its neighbours.
    inside = [
        base64.b64encode(text[: len(text) // 3 * 3])[4 if shift else 0 :]
        for shift, text in enumerate(shifted)
    ]
    return {
        plain,
        secret.encode("utf-16-le"),
        json.dumps(secret).encode()[1:-1],
        plain.hex().encode(),
        hashlib.sha256(plain).digest(),
        hashlib.sha256(plain).hexdigest().encode(),
        base64.b64encode(hashlib.sha256(plain).digest()),
        *inside,
    }


class Sought:
    """Texts by name, each in all its disguises, looked for in one pass however many they are."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.names = {
            disguise: name for name, secret in secrets.items() for disguise in disguises(secret)
        }
        self.disguises = list(self.names)
        self.automaton = BytesAhoCorasick(self.disguises)

    def names_in(self, content: bytes) -> set[str]:
        matches = self.automaton.find_matches_as_indexes(content, overlapping=True)
        return {self.names[self.disguises[index]] for index, _start, _end in matches}


def found_in_collections(uri: str, secrets: Mapping[str, str]) -> set[tuple[str, str]]:
    """(place, name of the secret) in all documents of all databases, the oplog included."""
    sought = Sought(secrets)
    with MongoClient[RawBSONDocument](uri, document_class=RawBSONDocument) as client:
        return {
            (f"{database}.{collection}", name)
            for database in client.list_database_names()
            for collection in client[database].list_collection_names(filter={"type": "collection"})
            if not _is_internal(database, collection)
            for document in client[database][collection].find()
            for name in sought.names_in(bytes(document.raw))
        }


def found_in_files(folder: Path, secrets: Mapping[str, str]) -> set[tuple[str, str]]:
    """(path, name of the secret) in all files below the folder."""
    sought = Sought(secrets)
    return {
        (str(path.relative_to(folder)), name)
        for path in _files(folder)
        for name in sought.names_in(path.read_bytes().replace(EMPTY, b""))
    }


def flush(uri: str) -> None:
    """Make the database write everything it holds in memory into its files."""
    with MongoClient[dict[str, Any]](uri) as client:
        client.admin.command("fsync")


def _is_internal(database: str, collection: str) -> bool:
    """What the server keeps about itself, some of which not even an administrator may read."""
    return database in ("admin", "config", "local") and collection != "oplog.rs"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
