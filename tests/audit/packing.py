"""Packs as tests make them, take them apart and put them together again."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from services.audit.bootstrap import Tools
from services.audit.formats.script import script
from services.audit.formats.verifier.__main__ import Found, Trust, verify
from services.audit.formats.verifier.texts import Key
from shared.eventstore.canonical import canonical_json
from shared.eventstore.connection import durable
from shared.eventstore.ledger import Ledger
from shared.runtime.ground import Ground
from tests.audit.conftest import WATCHED, Auditing
from tests.audit.made import dataset_of, report_events

ORIGIN = "example.org/test"


def key_of(auditing: Auditing, log: str = WATCHED) -> str:
    return str(auditing.rounds().signer(log).verifier)


def packed(auditing: Auditing, **chosen: tuple[int, int] | None) -> bytes:
    """Of the watched ledger, and of others that are named."""
    stream = io.BytesIO()
    with Tools.of(auditing.settings, auditing.ledgers) as tools:
        tools.packing.write(stream, chosen or {WATCHED: None}, lambda _done, _all: None)
    return stream.getvalue()


def verified(pack: bytes, folder: Path, *keys: str, **trust: Any) -> Found:
    file = folder / f"{uuid4()}.zip"
    file.write_bytes(pack)
    return verify(file, Trust(keys=tuple(map(Key.parse, keys)), **trust))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script as an auditor runs it: by itself, in a folder where nothing of the platform is."""
    file = folder / "verify.py"
    file.write_bytes(script())
    return subprocess.run(
        [sys.executable, "-I", str(file), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
        env={},
    )


Change = Callable[[bytes], bytes | None]


def changed(pack: bytes, changes: Mapping[str, Change], **added: bytes) -> bytes:
    """The same archive with other contents of some files, or without them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content: bytes | None = old.read(name)
            if name in changes and content is not None:
                content = changes[name](content)
            if content is not None:
                new.writestr(name, content)
        for name, content in added.items():
            new.writestr(name, content)
    return out.getvalue()


def tell_report(auditing: Auditing, value: int = 10_000) -> None:
    """Reporting with a submitted report that says `value`."""
    ground = Ground(auditing.settings)
    with ground.files.create(name="d", content_type="application/json", lifetime=None) as writer:
        writer.write(dataset_of(value).content())
        file_id = writer.finish()
    ground.close()
    ledger = Ledger(durable(auditing.stored, "reporting_ledger"))
    for version, (stream, topic, payload) in enumerate(report_events(value, file_id)):
        event = StoredEvent(stream, max(1, version), topic, canonical_json(payload))
        ledger.append([event], str(uuid4()), {"actor": "somebody", "role": "x"})


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]
