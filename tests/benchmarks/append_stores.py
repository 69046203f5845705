"""The stores that the append benchmark compares, each behind one function: append one event."""

import os
import pwd
import random
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment
from pymongo import MongoClient

from shared.eventstore.connection import connect, durable
from shared.runtime.development.servers import free_ports

PAYLOAD = b'{"occurred_at":"2026-01-31T12:00:00Z","text":"' + b"x" * 208 + b'"}'
MAX_WRITERS = 64


def new_event() -> StoredEvent:
    """Of a new stream. Not `uuid4`, which gives up the interpreter lock to ask the kernel: that
    would measure how threads take turns, not how a store appends.
    """
    stream = UUID(int=random.getrandbits(128), version=4)
    return StoredEvent(stream, 1, "benchmark.something_happened.v1", PAYLOAD)


class Store(ABC):
    """An empty store. `append` is called from many threads at once."""

    name: str

    @abstractmethod
    def append(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...


class LibraryStore(Store):
    """A recorder behind the library's interface, ours included."""

    def __init__(self, name: str, env: Mapping[str, str]) -> None:
        self.name = name
        self._factory = InfrastructureFactory[Any].construct(Environment("", env))
        self.recorder: ApplicationRecorder = self._factory.application_recorder()

    def append(self) -> None:
        self.recorder.insert_events([new_event()])

    def close(self) -> None:
        self._factory.close()


class RawStore(Store):
    """`insert_one` of the same event with the same durability, and nothing else."""

    name = "raw insert_one"

    def __init__(self, uri: str, database: str) -> None:
        self._client = connect(uri)
        self._events = durable(self._client, database)["raw"]

    def append(self) -> None:
        event = new_event()
        self._events.insert_one(
            {
                "o": str(event.originator_id),
                "v": event.originator_version,
                "t": event.topic,
                "d": event.state.decode(),
            }
        )

    def close(self) -> None:
        self._client.close()


def ledger_store(uri: str, database: str) -> LibraryStore:
    return LibraryStore(
        "ledger",
        {
            "PERSISTENCE_MODULE": "shared.eventstore.mongodb",
            "MONGODB_URI": uri,
            "MONGODB_DATABASE": database,
            "CREATE_TABLE": "yes",
        },
    )


def sqlite_store(folder: Path) -> LibraryStore:
    return LibraryStore(
        "SQLite",
        {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "events.sqlite"),
            # Its writers wait for one another; the default gives up after five seconds.
            "SQLITE_LOCK_TIMEOUT": "60",
        },
    )


def postgres_store(cluster: "PostgresCluster") -> LibraryStore:
    return LibraryStore(
        "PostgreSQL",
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": "postgres",
            "POSTGRES_HOST": str(cluster.folder),
            "POSTGRES_PORT": str(cluster.port),
            "POSTGRES_USER": "benchmark",
            "POSTGRES_PASSWORD": "benchmark",
            # A connection for each writer, so that none waits for the pool.
            "POSTGRES_POOL_SIZE": str(MAX_WRITERS),
            "POSTGRES_LOCK_TIMEOUT": "0",
        },
    )


class PostgresCluster:
    """A private cluster with the default durability (fsync and synchronous_commit on)."""

    def __init__(self) -> None:
        self._bin = _postgres_programs()
        # The server refuses to run as root.
        self._user = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
        (self.port,) = free_ports(1)

    def start(self) -> None:
        if self._user:
            shutil.chown(self.folder, self._user)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "benchmark", "--auth=trust", "--encoding=UTF8")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses="
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self._bin / program, *arguments],
            user=self._user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )


def drop_database(uri: str, name: str) -> None:
    with MongoClient[dict[str, Any]](uri) as client:
        client.drop_database(name)


def _postgres_programs() -> Path:
    """The folder of `initdb` and `pg_ctl`; installs the system's package when root and missing."""
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit("The comparison needs PostgreSQL: install the package `postgresql`.")
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends"]
    subprocess.run([*install, "postgresql-common"], check=True, timeout=600)
    settings = Path("/etc/postgresql-common/createcluster.d")
    settings.mkdir(parents=True, exist_ok=True)
    # The package would else create a cluster of its own and start it.
    (settings / "benchmark.conf").write_text("create_main_cluster = false\n")
    subprocess.run([*install, "postgresql"], check=True, timeout=600)
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
