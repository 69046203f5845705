"""Packs as tests make them, take them apart and put them together again."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from services.audit.bootstrap import Tools
from services.audit.formats.script import script
from services.audit.formats.verifier.__main__ import Found, Trust, verify
from services.audit.formats.verifier.texts import Key
from services.reporting.domain.dataset import CountedCell, CountedNumber, CountedUnit, Dataset
from services.reporting.domain.indicators.definition import IndicatorSet
from shared.contracts.events import event_id
from shared.eventstore.canonical import canonical_json
from shared.eventstore.connection import durable
from shared.eventstore.ledger import Ledger
from shared.runtime.ground import Ground
from tests.audit.conftest import WATCHED, Auditing

ORIGIN = "example.org/test"
REPORT = UUID(int=77)
LOANS = IndicatorSet.parse(
    "trial.toml",
    """
code = "trial"
name = { pl = "Próba", en = "Trial" }
windows = { outcome_days = 28, follow_up_days = 28 }
[[indicators]]
code = "LOANS"
name = { pl = "Pożyczki", en = "Loans" }
universe = "contracts"
unit = "grosz"
where = { offer = "loan" }
valid_from = 2004-05-01
source = "trial"
verified = false
""",
)


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
    """Reporting with one signed loan of 100 zł noted, and a submitted report that says `value`."""
    ledger = Ledger(durable(auditing.stored, "reporting_ledger"))
    contract, source = UUID(int=5), ("kasa", 3)
    fact = {
        "occurred_on": "2026-01-10",
        "kind": "kasa.contract_signed.v1",
        "origin": {"ledger": "kasa", "position": 3, "event_id": str(event_id(*source))},
        "about": str(contract),
        "recorded_at": "2026-01-10T10:00:00Z",
        "data": {
            "contract_id": str(contract),
            "signed_on": "2026-01-10",
            "offer": "loan",
            "amount": {"amount": "100.00", "currency": "PLN"},
        },
        "monitoring": None,
    }
    whole = CountedCell(
        labels=(),
        value=value,
        units=(CountedUnit(unit=str(contract), amount=value, facts=("kasa/3",)),),
    )
    number = CountedNumber(
        code="LOANS",
        value=value,
        incomplete=0,
        unreadable=0,
        refused=0,
        unasked=0,
        reason=None,
        cells=(whole,),
    )
    dataset = Dataset(
        definition=LOANS.model_dump(mode="json"),
        version=LOANS.version,
        as_of=date(2026, 1, 31),
        known_at=date(2026, 2, 1),
        positions={"kasa": 3},
        facts=1,
        numbers=(number,),
    )
    ground = Ground(auditing.settings)
    with ground.files.create(name="d", content_type="application/json", lifetime=None) as writer:
        writer.write(dataset.content())
        file_id = writer.finish()
    ground.close()
    computed = {"occurred_on": "2026-02-01", "digest": dataset.digest(), "file_id": file_id}
    submitted = {"occurred_on": "2026-02-02", "digest": dataset.digest()}
    append(ledger, StoredEvent(contract, 1, "reporting.Contract.FactNoted", canonical_json(fact)))
    append(ledger, StoredEvent(REPORT, 1, "reporting.Report.Computed", canonical_json(computed)))
    append(ledger, StoredEvent(REPORT, 2, "reporting.Report.Submitted", canonical_json(submitted)))


def append(ledger: Ledger, event: StoredEvent) -> None:
    ledger.append([event], str(uuid4()), {"actor": "somebody", "role": "x"})


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]
