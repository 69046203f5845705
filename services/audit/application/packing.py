"""What goes into an offline pack: everything that an auditor's own machine needs, nothing that opens a
sealed field.

A pack ends with a checkpoint of the audit's own log; of every other log it has what that one fixes. The
same checkpoint and the same choice give the same bytes.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from services.audit.application import Audit
from services.audit.domain.checkpoint import SignedCheckpoint, with_signature
from services.audit.domain.log import Log
from services.audit.domain.signing import KeyChain, SigningKeys
from services.audit.formats.pack import PackWriter
from services.audit.formats.script import script
from shared.eventstore.canonical import canonical_json
from shared.eventstore.transparency import leaf
from shared.eventstore.transparency.merkle import leaf_hash
from shared.eventstore.transparency.note import Note, VerifierKey, to_base64
from shared.eventstore.transparency.stored import StoredLedger, Unsound
from shared.kernel.errors import Rejected

FORMAT: Final = 1
OWN: Final = Audit.name
REPORTING: Final = "reporting"
COMPUTED, SUBMITTED = "reporting.Report.Computed", "reporting.Report.Submitted"
IN_MEMORY: Final = 32 * 1024 * 1024
READ: Final = 256 * 1024
README: Final = Path(__file__).parents[1] / "formats" / "README.txt"
Progress = Callable[[int, int], None]
"""Takes how many of how many events are written."""
Range = tuple[int, int] | None
"""First and last position, or all."""


@dataclass
class Recorded:
    """What the audit's ledger tells, read once from its first event."""

    sizes: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """By log: where each head was recorded, and its size."""
    notes: dict[tuple[str, int], Note] = field(default_factory=dict)
    """By log and size, with the cosignatures."""
    stamps: list[dict[str, Any]] = field(default_factory=list)
    successions: list[tuple[int, str]] = field(default_factory=list)
    _streams: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, position: int, topic: str, stream: str, told: Mapping[str, Any]) -> None:
        match topic:
            case Log.HeadRecorded.TOPIC:
                self.sizes.setdefault(told["ledger"], []).append((position, told["size"]))
            case SignedCheckpoint.Signed.TOPIC:
                self._streams[stream] = key = (told["ledger"], told["size"])
                self.notes[key] = Note.parse(told["note"].encode())
            case SignedCheckpoint.Cosigned.TOPIC:
                key = self._streams[stream]
                self.notes[key] = with_signature(self.notes[key], told["signature"])
            case SignedCheckpoint.Stamped.TOPIC:
                names = ("ledger", "size", "response")
                self.stamps.append({name: told[name] for name in names})
            case SigningKeys.Succeeded.TOPIC:
                self.successions.append((position, told["note"]))

    def size_of(self, ledger: str, through: int) -> int:
        """Of the last head that the audit's log fixes at a size of its own."""
        return max((size for at, size in self.sizes.get(ledger, ()) if at <= through), default=0)


@dataclass
class _Reports:
    """Reports that were submitted, as reporting's events tell them."""

    computed: dict[str, tuple[int, str]] = field(default_factory=dict)
    submitted: list[tuple[str, int, str]] = field(default_factory=list)
    """Report, where it was computed, its file."""

    def take(self, position: int, topic: str, stream: str, state: bytes) -> None:
        if topic == COMPUTED:
            self.computed[stream] = (position, json.loads(state)["file_id"])
        elif topic == SUBMITTED and stream in self.computed:
            self.submitted.append((stream, *self.computed[stream]))


@dataclass(frozen=True)
class Packing:
    """`dataset` gives a file of the store in pieces; `rules` and `schemas` are folders."""

    ledgers: Mapping[str, StoredLedger]
    keys: KeyChain
    sign: Callable[[str], bytes]
    dataset: Callable[[str], Iterable[bytes]]
    rules: Path
    schemas: Path

    def write(self, stream: IO[bytes], chosen: Mapping[str, Range], progress: Progress) -> int:
        """How many events went into the pack; the audit's own always do.

        Refused as `audit.nothing_to_pack`, `audit.range_unknown`, `audit.ledger_unsound`.
        """
        try:
            return self._write(stream, chosen, progress)
        except Unsound as found:
            told = {"fault": found.fault.value, "position": found.position}
            raise Rejected("audit.ledger_unsound", told) from None

    def _write(self, stream: IO[bytes], chosen: Mapping[str, Range], progress: Progress) -> int:
        recorded = self._recorded()
        own = max((size for ledger, size in recorded.notes if ledger == OWN), default=0)
        places = self._places(recorded, own, chosen)
        count = _Count(sum(last - first + 1 for _, first, last in places.values()), progress)
        with PackWriter(stream, self.keys.origin) as writer:
            reports = _Reports()
            for name, place in places.items():
                writer.add(f"logs/{name}/checkpoint", [bytes(recorded.notes[name, place[0]])])
                self._log(writer, name, place, count, reports)
            listed = [self._report(writer, *each) for each in self._whole(places, reports)]
            stamps = (canonical_json(each) + b"\n" for each in recorded.stamps)
            writer.add("timestamps.ndjson", stamps)
            writer.add("README.txt", [README.read_bytes()])
            writer.add("verify.py", [script()])
            for name, file in sorted(self._files().items()):
                writer.add(name, [file.read_bytes()])
            writer.add("pack.json", [canonical_json(self._about(recorded, places, listed))])
            writer.sign(self.sign)
        return count.written

    def _recorded(self) -> Recorded:
        recorded = Recorded()
        for commit in self.ledgers[OWN].commits(0):
            for event in commit.events:
                if event.topic.startswith(f"{OWN}."):
                    stream = str(event.originator_id)
                    recorded.take(event.id, event.topic, stream, json.loads(event.state))
        return recorded

    def _places(
        self, recorded: Recorded, own: int, chosen: Mapping[str, Range]
    ) -> dict[str, tuple[int, int, int]]:
        """Size, first and last position of each log in the pack."""
        if not own or not _signed(recorded.notes[OWN, own], self.keys.key(OWN, -1)):
            raise Rejected("audit.nothing_to_pack", None)
        places = {OWN: (own, 1, own)}
        for name, wanted in sorted(chosen.items()):
            size = recorded.size_of(name, own)
            if name == OWN or (not size and wanted is None):
                continue
            first, last = wanted or (1, size)
            if not 1 <= first <= last <= size:
                told = {"ledger": name, "first": first, "last": last, "size": size}
                raise Rejected("audit.range_unknown", told, "/ledgers")
            places[name] = (size, first, last)
        return places

    def _log(
        self,
        writer: PackWriter,
        name: str,
        place: tuple[int, int, int],
        count: "_Count",
        reports: _Reports,
    ) -> None:
        """The events, and the hashes of all leaves beside them, by which a changed one is found."""
        size, first, last = place
        with SpooledTemporaryFile(IN_MEMORY) as hashes:

            def events() -> Iterator[bytes]:
                for position, entry, state, topic, stream in self._entries(name, size):
                    hashes.write(leaf_hash(entry))
                    if name == REPORTING:
                        reports.take(position, topic, stream, state)
                    if first <= position <= last:
                        count.one()
                        yield _line(entry, state)

            writer.add(f"logs/{name}/events.ndjson", events())
            hashes.seek(0)
            writer.add(f"logs/{name}/hashes", iter(lambda: hashes.read(READ), b""))

    def _entries(self, name: str, size: int) -> Iterator[tuple[int, bytes, bytes, str, str]]:
        """Position, leaf, payload, type and stream."""
        for commit in self.ledgers[name].commits(0):
            told = leaf.entries(name, commit)
            for event, entry in zip(commit.events, told, strict=True):
                if event.id > size:
                    return
                yield event.id, entry, event.state, event.topic, str(event.originator_id)

    def _whole(
        self, places: Mapping[str, tuple[int, int, int]], reports: _Reports
    ) -> list[tuple[str, int, str]]:
        """Reports, where all facts that they were counted from are in the pack."""
        size, first, last = places.get(REPORTING, (0, 1, -1))
        return reports.submitted if (first, last) == (1, size) else []

    def _report(
        self, writer: PackWriter, report: str, position: int, file_id: str
    ) -> dict[str, Any]:
        name = f"reports/{report}-{position}.json"
        writer.add(name, self.dataset(file_id))
        return {"report": report, "computed_at": position, "file": name}

    def _files(self) -> dict[str, Path]:
        rules = {
            "rules/" + file.relative_to(self.rules).as_posix().replace("/rules/", "/", 1): file
            for file in self.rules.glob("*/rules/**/*.toml")
        }
        return rules | {f"schemas/{file.name}": file for file in self.schemas.glob("*.schema.json")}

    def _about(
        self,
        recorded: Recorded,
        places: Mapping[str, tuple[int, int, int]],
        reports: list[dict[str, Any]],
    ) -> dict[str, Any]:
        known = [(0, ""), *recorded.successions]
        return {
            "format": FORMAT,
            "origin": self.keys.origin,
            "keys": [
                {"key": to_base64(public), "position": position, "succession": note}
                for public, (position, note) in zip(self.keys.publics, known, strict=True)
            ],
            "logs": {
                name: {"size": size, "first": first, "last": last}
                for name, (size, first, last) in places.items()
            },
            "reports": reports,
        }


@dataclass
class _Count:
    total: int
    progress: Progress
    written: int = 0

    def one(self) -> None:
        self.written += 1
        if self.written % 1_000 == 0 or self.written == self.total:
            self.progress(self.written, self.total)


def _signed(note: Note, key: VerifierKey) -> bool:
    """A checkpoint by an older key is none that a pack can end with."""
    return any(key.made(signature) for signature in note.signatures)


def _line(entry: bytes, state: bytes) -> bytes:
    try:
        payload = {"payload": state.decode()}
    except UnicodeDecodeError:
        payload = {"payload_base64": base64.b64encode(state).decode()}
    return json.dumps({"leaf": entry.decode()} | payload, ensure_ascii=False).encode() + b"\n"
