"""A small pack made without any database: what the verifier is tried with many times over."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventsourcing.persistence import Notification

from services.audit.application.packing import Packing
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.log import Log, log_id
from services.audit.domain.signing import KEYS, KeyChain, SigningKeys
from services.audit.formats.pack import PackWriter
from services.audit.formats.verifier.texts import Key
from services.reporting.domain.dataset import CountedCell, CountedNumber, CountedUnit, Dataset
from services.reporting.domain.indicators.definition import IndicatorSet
from shared.contracts.events import event_id
from shared.eventstore.canonical import canonical_json
from shared.eventstore.commits import Commit
from shared.eventstore.transparency import leaf
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.frontier import Frontier
from shared.eventstore.transparency.merkle import leaf_hash
from shared.eventstore.transparency.note import Signer
from shared.eventstore.transparency.stored import StoredLedger
from shared.eventstore.transparency.succession import succeed

ORIGIN = "example.org/made"
OLD, NEW = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (5, 6))
TRUSTED = Key.parse(str(Signer(f"{ORIGIN}/audit", OLD).verifier))
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


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
CONTRACT = UUID(int=5)


def fact() -> dict[str, Any]:
    """One signed loan of 100 zł."""
    return {
        "occurred_on": "2026-01-10",
        "kind": "kasa.contract_signed.v1",
        "origin": {"ledger": "kasa", "position": 3, "event_id": str(event_id("kasa", 3))},
        "about": str(CONTRACT),
        "recorded_at": "2026-01-10T10:00:00Z",
        "data": {
            "contract_id": str(CONTRACT),
            "signed_on": "2026-01-10",
            "offer": "loan",
            "amount": {"amount": "100.00", "currency": "PLN"},
        },
        "monitoring": None,
    }


def dataset_of(value: int) -> Dataset:
    whole = CountedCell(
        labels=(),
        value=value,
        units=(CountedUnit(unit=str(CONTRACT), amount=value, facts=("kasa/3",)),),
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
    return Dataset(
        definition=LOANS.model_dump(mode="json"),
        version=LOANS.version,
        as_of=date(2026, 1, 31),
        known_at=date(2026, 2, 1),
        positions={"kasa": 3},
        facts=1,
        numbers=(number,),
    )


def report_events(value: int, file_id: str) -> Iterator[tuple[UUID, str, dict[str, Any]]]:
    """Reporting noted the loan, and a report that says `value` was computed and submitted."""
    digest = dataset_of(value).digest()
    yield CONTRACT, "reporting.Contract.FactNoted", {"occurred_on": "2026-01-10"} | fact()
    computed = {"occurred_on": "2026-02-01", "digest": digest, "file_id": file_id}
    yield REPORT, "reporting.Report.Computed", computed
    submitted = {"occurred_on": "2026-02-02", "digest": digest}
    yield REPORT, "reporting.Report.Submitted", submitted


class Made:
    """A ledger in memory, with what a packing asks of a stored one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._commits: list[Commit] = []
        self._versions: dict[UUID, int] = {}
        self._frontier = Frontier()

    @property
    def size(self) -> int:
        return self._frontier.size

    @property
    def root(self) -> bytes:
        return self._frontier.root()

    def append(self, *events: tuple[UUID, str, Mapping[str, Any]], **meta: Any) -> None:
        first = self.size + 1
        told = []
        for position, (stream, topic, payload) in enumerate(events, first):
            version = self._versions[stream] = self._versions.get(stream, 0) + 1
            state = canonical_json({"occurred_on": "2026-02-01", **payload})
            told.append(Notification(stream, version, topic, state, position))
        commit = Commit(
            commit_id=str(uuid5(KEYS, f"{self.name}/{first}")),
            first=first,
            last=first + len(events) - 1,
            at=NOON + timedelta(seconds=first),
            meta={"actor": "somebody", **meta},
            events=tuple(told),
            tracking=None,
        )
        self._commits.append(commit)
        for entry in leaf.entries(self.name, commit):
            self._frontier.add(leaf_hash(entry))

    def commits(self, after: int) -> Iterator[Commit]:
        assert after == 0
        return iter(self._commits)


def sign(audit: Made, logs: list[Made], key: Ed25519PrivateKey) -> None:
    """A round, as the audit does it."""
    for log in (*logs, audit):
        head = {"ledger": log.name, "origin": f"{ORIGIN}/{log.name}", "size": log.size}
        event = (log_id(log.name), Log.HeadRecorded.TOPIC, head | {"root": log.root.hex()})
        log_head = Checkpoint(f"{ORIGIN}/{log.name}", log.size, log.root)
        audit.append(event)
        note = Signer(log_head.origin, key).sign(log_head.text)
        told = {"ledger": log.name, "size": log_head.size, "note": bytes(note).decode()}
        audit.append((checkpoint_id(log.name, log_head.size), SignedCheckpoint.Signed.TOPIC, told))


@cache
def made() -> bytes:
    """Eleven events of a ledger under two heads, two of them caused by others; a report; a rotated key."""
    audit, registry, reporting = Made("audit"), Made("registry"), Made("reporting")
    streams = [UUID(int=number) for number in range(3)]
    for number in range(4):
        done = ((each, "trial.Done", {"number": number}) for each in streams[: 1 + number % 2])
        registry.append(*done)
    sign(audit, [registry], OLD)
    note = rotate(audit)
    registry.append(
        (streams[2], "trial.Caused", {}), causation={"ledger": "registry", "position": 2}
    )
    registry.append(*((each, "trial.Done", {"text": "zażółć\u2028"}) for each in streams))
    registry.append((streams[0], "trial.Done", {}), causation={"ledger": "audit", "position": 1})
    for event in report_events(10_000, "dataset"):
        reporting.append(event)
    sign(audit, [registry, reporting], NEW)
    return pack_of([audit, registry, reporting], (OLD, NEW), note)


def rotate(audit: Made) -> str:
    note = bytes(succeed(ORIGIN, OLD, NEW.public_key())).decode()
    audit.append((KEYS, SigningKeys.Succeeded.TOPIC, {"note": note}))
    return note


def pack_of(logs: list[Made], keys: tuple[Ed25519PrivateKey, ...], *notes: str) -> bytes:
    """Signed by the last of the keys."""
    publics = tuple(key.public_key().public_bytes_raw() for key in keys)
    packing = Packing(
        ledgers=cast("dict[str, StoredLedger]", {each.name: each for each in logs}),
        keys=KeyChain(ORIGIN, publics, notes),
        sign=signed_by(keys[-1]),
        dataset=lambda _: [dataset_of(10_000).content()],
        rules=Path("/nowhere"),
        schemas=Path("/nowhere"),
    )
    stream = io.BytesIO()
    chosen = dict.fromkeys(each.name for each in logs)
    packing.write(stream, chosen, lambda _done, _all: None)
    return stream.getvalue()


def signed_by(key: Ed25519PrivateKey) -> Callable[[str], bytes]:
    return lambda text: bytes(Signer(f"{ORIGIN}/pack", key).sign(text))


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def again(files: Mapping[str, bytes], key: Ed25519PrivateKey = NEW) -> bytes:
    """A pack of these files, whose manifest fits them."""
    stream = io.BytesIO()
    with PackWriter(stream, ORIGIN) as writer:
        for name, content in files.items():
            if name != "manifest":
                writer.add(name, [content])
        writer.sign(signed_by(key))
    return stream.getvalue()
