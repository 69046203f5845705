"""The file store: whole or not at all, in constant memory, unreadable without its key."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo.database import Database

from shared.eventstore.connection import connect, durable
from shared.eventstore.vault import MasterKey
from shared.runtime import files
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.files import (
    CHUNK,
    CHUNKS,
    FILES,
    FileDamaged,
    FileMissing,
    FileStore,
    FileStoreUnavailable,
    FileTooLarge,
    create_file_store,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(mongodb: MongoServer) -> Iterator[Database[dict[str, Any]]]:
    client = connect(mongodb.uri)
    made = durable(client, f"runtime_files_{uuid4().hex[:8]}")
    create_file_store(made)
    yield made
    client.drop_database(made.name)
    client.close()


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> FileStore:
    return FileStore(database, MasterKey(b"f" * 32))


def kept(store: FileStore, content: bytes, piece: int = 50_000, **options: Any) -> str:
    with store.create(name="anna.csv", content_type="text/csv", **options) as writer:
        for start in range(0, len(content), piece):
            writer.write(content[start : start + piece])
        return writer.finish()


def read(store: FileStore, file_id: str) -> bytes:
    return b"".join(store.open(file_id).chunks())


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17], ids=str
)
def test_what_goes_in_comes_out(store: FileStore, size: int) -> None:
    content = random.Random(size).randbytes(size)
    file_id = kept(store, content)
    found = store.open(file_id)
    assert b"".join(found.chunks()) == content
    assert b"".join(found.chunks()) == content, "and again from the beginning"
    assert (found.name, found.content_type, found.size) == ("anna.csv", "text/csv", size)


def test_nothing_of_a_file_is_stored_in_clear(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    with store.create(name="canary-name.csv", content_type="text/canary-type") as writer:
        writer.write(b"canary-content" * 50_000)
        writer.finish()
    stored = str(list(database[FILES].find())) + str(list(database[CHUNKS].find()))
    assert "canary" not in stored.lower()


def test_ids_cannot_be_guessed(store: FileStore) -> None:
    ids = {kept(store, b"x") for _ in range(20)}
    assert len(ids) == 20
    assert all(len(file_id) == 32 for file_id in ids)
    with pytest.raises(FileMissing):
        store.open("x" * 32)


def flip(document: dict[str, Any], field: str, byte: int) -> dict[str, Any]:
    changed = bytearray(document[field])
    changed[byte] ^= 1
    return document | {field: bytes(changed)}


def test_every_change_to_the_chunks_is_found(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    content = random.Random(1).randbytes(4 * CHUNK + 100)
    file_id, other_id = kept(store, content), kept(store, content)
    chunks, described = database[CHUNKS], database[FILES]
    right = list(chunks.find({"files_id": file_id}).sort("n"))
    other = list(chunks.find({"files_id": other_id}).sort("n"))
    description = described.find_one({"_id": file_id}) or {}
    wrong: dict[str, list[dict[str, Any]]] = {
        "first bit": [flip(right[0], "data", 0), *right[1:]],
        "tag": [*right[:3], flip(right[3], "data", -1), right[4]],
        "cut short by one": right[:4],
        "nothing left": [],
        "one missing": [*right[:2], *right[3:]],
        "swapped": [
            right[0],
            right[1] | {"data": right[2]["data"]},
            right[2] | {"data": right[1]["data"]},
            *right[3:],
        ],
        "repeated": [*right[:3], right[3] | {"data": right[2]["data"]}, right[4]],
        "of another file": [right[0] | {"data": other[0]["data"]}, *right[1:]],
        "shorter chunk": [right[0] | {"data": right[0]["data"][:-1]}, *right[1:]],
        "empty chunk": [*right[:4], right[4] | {"data": b""}],
    }
    for what, documents in wrong.items():
        chunks.delete_many({"files_id": file_id})
        if documents:
            chunks.insert_many(documents)
        with pytest.raises(FileDamaged):
            read(store, file_id)
        given = bytearray()
        with pytest.raises(FileDamaged):
            given.extend(byte for piece in store.open(file_id).chunks() for byte in piece)
        assert content.startswith(given), f"{what}: something was given that was never written"
    chunks.delete_many({"files_id": file_id})
    chunks.insert_many(right)
    assert read(store, file_id) == content
    for field in ("key", "description"):
        for byte in (0, 20, -1):
            described.replace_one({"_id": file_id}, flip(description, field, byte))
            with pytest.raises(FileDamaged):
                store.open(file_id)
    foreign = described.find_one({"_id": other_id}) or {}
    described.replace_one({"_id": file_id}, foreign | {"_id": file_id})
    with pytest.raises(FileDamaged):
        store.open(file_id)


def test_a_thousand_random_flips_are_found(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    chance = random.Random(11)
    file_id = kept(store, chance.randbytes(2_000))
    chunk = database[CHUNKS].find_one({"files_id": file_id})
    assert chunk
    for _ in range(1_000):
        changed = bytearray(chunk["data"])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        database[CHUNKS].replace_one({"_id": chunk["_id"]}, chunk | {"data": bytes(changed)})
        with pytest.raises(FileDamaged):
            read(store, file_id)


def test_another_master_key_opens_nothing(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    file_id = kept(store, b"content")
    with pytest.raises(FileDamaged):
        FileStore(database, MasterKey(b"g" * 32)).open(file_id)


def test_a_file_over_its_limit_leaves_nothing(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    with pytest.raises(FileTooLarge) as refused:
        kept(store, b"x" * (2 * CHUNK + 1), limit=2 * CHUNK)
    assert refused.value.args == (2 * CHUNK,)
    assert database[CHUNKS].count_documents({}) == 0
    assert kept(store, b"x" * 2 * CHUNK, limit=2 * CHUNK)


def test_a_writer_that_gives_up_leaves_nothing(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    with store.create(name="n", content_type="t") as writer:
        writer.write(b"x" * 3 * CHUNK)
        assert database[CHUNKS].count_documents({}) == 2
        with pytest.raises(FileMissing):
            store.open(writer.id)
    assert database[CHUNKS].count_documents({}) == 0


def test_a_deleted_file_is_gone(store: FileStore, database: Database[dict[str, Any]]) -> None:
    file_id = kept(store, b"x" * 3 * CHUNK)
    store.delete(file_id)
    store.delete(file_id)
    with pytest.raises(FileMissing):
        store.open(file_id)
    assert database[CHUNKS].count_documents({}) == 0


def test_an_expired_file_is_not_given_out(
    store: FileStore, database: Database[dict[str, Any]]
) -> None:
    file_id = kept(store, b"x", lifetime=timedelta(seconds=-1))
    with pytest.raises(FileMissing):
        store.open(file_id)
    for collection in (FILES, CHUNKS):  # the database's own TTL monitor removes these
        expiry = database[collection].index_information()["expiry"]
        assert (expiry["key"], expiry["expireAfterSeconds"]) == ([("expires_at", 1)], 0)
        assert database[collection].count_documents({"expires_at": {"$type": "date"}}) == 1


def test_a_database_that_is_away_is_named_and_bounded(
    own_mongodb: MongoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CALL_SECONDS", 1.0)
    with connect(own_mongodb.uri) as client:
        store = FileStore(durable(client, "files"), MasterKey(b"f" * 32))
        writer = store.create(name="n", content_type="t")
        file_id = kept(store, b"x")
        own_mongodb.kill()
        with pytest.raises(FileStoreUnavailable):
            store.open(file_id)
        assert store.check()
        with pytest.raises(FileStoreUnavailable):
            writer.finish()
        with pytest.raises(ValueError, match="has failed"):
            writer.finish()


STREAM = """
import hashlib, resource, sys
from shared.runtime.files import FileStore
store = FileStore.connect(sys.argv[1], sys.argv[2])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def through(megabytes):
    written = hashlib.sha256(); found = hashlib.sha256()
    with store.create(name="n", content_type="t") as writer:
        for number in range(megabytes):
            piece = number.to_bytes(4) * 262144
            written.update(piece); writer.write(piece)
        file_id = writer.finish()
    for piece in store.open(file_id).chunks(): found.update(piece)
    assert written.digest() == found.digest()
through(5); before = peak(); through(200); print(before, peak())
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(
    mongodb: MongoServer, database: Database[dict[str, Any]]
) -> None:
    server, options = mongodb.uri.split("/?")
    key = "Zm" * 20 + "Zm8="
    ended = subprocess.run(
        [sys.executable, "-c", STREAM, f"{server}/{database.name}?{options}", key],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    before, after = map(int, ended.stdout.split())
    assert after - before < 20_000, f"{before} kB grew to {after} kB"
