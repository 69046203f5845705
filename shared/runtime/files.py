"""The file store: what is too big for a message waits here, encrypted, until it expires.

The layout is GridFS (collections `fs.files` and `fs.chunks`), so that any MongoDB tool can list it;
the pieces are written here rather than by pymongo's GridFS, because each carries its own expiry (a
TTL index then removes abandoned uploads too) and is sealed on its own.

Each file has a random key, wrapped by the master key. Chunk n is AES-256-GCM with nonce n under that
key and `[file id, n, last]` as associated data (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015): a flipped bit, a chunk moved, missing or from another file, and a file cut
short are all found. Name, content type and size are sealed likewise, because names name people.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

import pymongo
from bson import Binary
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.eventstore.connection import connect, durable
from shared.eventstore.vault import KeyUnusable, MasterKey
from shared.runtime.settings import database_of

CHUNK: Final = 255 * 1024
"""Bytes of content per chunk; GridFS's usual size."""
LIMIT: Final = 512 * 1024 * 1024
LIFETIME: Final = timedelta(days=7)
CALL_SECONDS: Final = 15.0
CHECK_SECONDS: Final = 2.0
"""Less than probes wait, so that they get the reason."""
DESCRIPTION: Final = -1
"""The place of the sealed description, beside chunks 0, 1, 2, …"""

FILES: Final = "fs.files"
CHUNKS: Final = "fs.chunks"
_EXPIRY: Final = IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0)
_ORDER: Final = IndexModel(
    [("files_id", ASCENDING), ("n", ASCENDING)], name="files_id_1_n_1", unique=True
)


class FileMissing(Exception):
    """The file never existed, was never finished, or has expired."""


class FileDamaged(Exception):
    """What is stored is not what was written: changed, moved, cut short, or under another key."""


class FileTooLarge(Exception):
    """The file is longer than its writer was allowed to make it. `args`: the limit in bytes."""


class FileStoreUnavailable(Exception):
    """The database did not answer; the same call may succeed later."""


def create_file_store(database: Database[Any]) -> None:
    """Create the indexes, which also remove what has expired. Provisioning calls this."""
    database[FILES].create_indexes([_EXPIRY])
    database[CHUNKS].create_indexes([_EXPIRY, _ORDER])


class FileStore:
    """Safe to share between threads; each call may raise `FileStoreUnavailable`."""

    def __init__(self, database: Database[dict[str, Any]], master: MasterKey) -> None:
        self._database = database
        self._master = master

    @classmethod
    def connect(cls, uri: str, master_key: str) -> Self:
        """`uri` names the database, `master_key` is base64. Nothing is contacted yet."""
        database = durable(connect(uri), database_of(uri))
        return cls(database, MasterKey.from_base64(master_key))

    def close(self) -> None:
        self._database.client.close()

    def check(self) -> str | None:
        """Why the store cannot be used, for health."""
        try:
            with _bounded(CHECK_SECONDS):
                self._database[FILES].find_one({"_id": ""})
        except FileStoreUnavailable as error:
            return str(error)
        return None

    def create(
        self,
        *,
        name: str,
        content_type: str,
        limit: int = LIMIT,
        lifetime: timedelta | None = LIFETIME,
    ) -> "FileWriter":
        """A new file, readable once its writer has finished. `limit` in bytes.

        Without a `lifetime` it is an archive: it is kept until it is deleted.
        """
        expires_at = None if lifetime is None else datetime.now(UTC) + lifetime
        return FileWriter(self._database, self._master, name, content_type, limit, expires_at)

    def open(self, file_id: str) -> "StoredFile":
        """Raises `FileMissing` and `FileDamaged`; the chunks are looked at when they are read."""
        with _bounded():
            found = self._database[FILES].find_one({"_id": file_id})
        if found is None or _is_over(found["expires_at"]):
            raise FileMissing(file_id)
        try:
            cipher = _Cipher(file_id, self._master.unwrap(found["key"], file_id.encode()))
        except KeyUnusable:
            raise FileDamaged(file_id) from None
        description = json.loads(cipher.open(found["description"], DESCRIPTION, last=True))
        return StoredFile(
            id=file_id,
            name=description["name"],
            content_type=description["content_type"],
            size=description["size"],
            expires_at=found["expires_at"],
            chunks=lambda: _read(self._database, cipher, description["chunks"]),
        )

    def delete(self, file_id: str) -> None:
        """Remove a file before it expires; nothing happens when there is none."""
        with _bounded():
            self._database[FILES].delete_one({"_id": file_id})
            self._database[CHUNKS].delete_many({"files_id": file_id})


@dataclass(frozen=True)
class StoredFile:
    """A finished file. `chunks()` gives the content from the beginning, in pieces of `CHUNK` bytes,
    and raises `FileDamaged` before it gives anything that was not written.
    """

    id: str
    name: str
    content_type: str
    size: int
    expires_at: datetime | None
    chunks: Callable[[], Iterator[bytes]]


class FileWriter:
    """Takes content piece by piece, holding one chunk at a time. Not thread-safe.

    As a context manager it removes the file again unless `finish` was reached.
    """

    def __init__(
        self,
        database: Database[dict[str, Any]],
        master: MasterKey,
        name: str,
        content_type: str,
        limit: int,
        expires_at: datetime | None,
    ) -> None:
        self.id: Final = secrets.token_urlsafe(24)
        key = AESGCM.generate_key(bit_length=256)
        self._key = master.wrap(key, self.id.encode())
        self._cipher = _Cipher(self.id, key)
        self._database = database
        self._about = {"name": name, "content_type": content_type}
        self._limit = limit
        self._expires_at = expires_at
        self._buffer = bytearray()
        self._size = 0
        self._written = 0
        self._finished = False
        self._storing = False

    def write(self, piece: bytes) -> None:
        """Raises `FileTooLarge` as soon as the limit is passed."""
        self._size += len(piece)
        if self._size > self._limit:
            raise FileTooLarge(self._limit)
        self._buffer += piece
        while len(self._buffer) > CHUNK:  # the last chunk is only known at the end
            self._store(CHUNK, last=False)

    def finish(self) -> str:
        """Make the file readable; its id, the claim check."""
        self._store(len(self._buffer), last=True)
        about = self._about | {"size": self._size, "chunks": self._written}
        description = self._cipher.seal(json.dumps(about).encode(), DESCRIPTION, last=True)
        document = {
            "_id": self.id,
            "length": self._size,
            "chunkSize": CHUNK,
            "uploadDate": datetime.now(UTC),
            "expires_at": self._expires_at,
            "key": Binary(self._key),
            "description": Binary(description),
        }
        with _bounded():
            self._database[FILES].insert_one(document)
        self._finished = True
        return self.id

    def abort(self) -> None:
        """Remove what was written; what cannot be removed now will expire."""
        with _bounded():
            self._database[CHUNKS].delete_many({"files_id": self.id})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._finished:
            try:
                self.abort()
            except FileStoreUnavailable:
                if error is None:
                    raise

    def _store(self, size: int, *, last: bool) -> None:
        if self._storing:
            raise ValueError("this writer has failed; begin a new file")
        self._storing = True  # a place may be sealed once only, also after a failure
        content = bytes(self._buffer[:size])
        del self._buffer[:size]
        document = {
            "files_id": self.id,
            "n": self._written,
            "data": Binary(self._cipher.seal(content, self._written, last=last)),
            "expires_at": self._expires_at,
        }
        with _bounded():
            self._database[CHUNKS].insert_one(document)
        self._written += 1
        self._storing = last


class _Cipher:
    """Seals the parts of one file under its own key, each bound to its place."""

    def __init__(self, file_id: str, key: bytes) -> None:
        self.file_id = file_id
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, place: int, *, last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(place), content, self._bound_to(place, last=last))

    def open(self, sealed: bytes, place: int, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(place), sealed, self._bound_to(place, last=last))
        except (InvalidTag, ValueError):
            raise FileDamaged(self.file_id) from None

    def _bound_to(self, place: int, *, last: bool) -> bytes:
        return json.dumps([self.file_id, place, last]).encode()


def _is_over(expires_at: datetime | None) -> bool:
    return expires_at is not None and expires_at <= datetime.now(UTC)


def _nonce(place: int) -> bytes:
    """The place itself: a key seals each place once."""
    return (place + 1).to_bytes(12)


def _read(database: Database[dict[str, Any]], cipher: _Cipher, count: int) -> Iterator[bytes]:
    for place in range(count):
        with _bounded():
            chunk = database[CHUNKS].find_one({"files_id": cipher.file_id, "n": place})
        if chunk is None:
            raise FileDamaged(cipher.file_id)
        yield cipher.open(chunk["data"], place, last=place == count - 1)


@contextmanager
def _bounded(seconds: float | None = None) -> Iterator[None]:
    """Limit the time of a call, and say in our own words that the database did not answer."""
    try:
        with pymongo.timeout(CALL_SECONDS if seconds is None else seconds):
            yield
    except PyMongoError as error:
        raise FileStoreUnavailable(type(error).__name__) from error
