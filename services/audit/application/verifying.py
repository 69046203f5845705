"""Every ledger read from its first event and held to everything that was ever signed of it.

Memory does not grow with the events: it holds the last version of each stream, about 0.2 kB each, and
the heads.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from cryptography import x509

from services.audit.application.books import leaves_from
from services.audit.domain.checkpoint import SignedCheckpoint
from services.audit.domain.log import Log
from services.audit.domain.signing import KeyChain, SigningKeys
from shared.contracts.audit.vocabulary import Fault
from shared.eventstore.commits import Commit
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.frontier import Frontier
from shared.eventstore.transparency.note import Note, NoteRefused, from_base64
from shared.eventstore.transparency.stored import StoredLedger, Unsound, leaves_of
from shared.eventstore.transparency.tiles import TileStore
from shared.eventstore.transparency.timestamp import stamped_at

CLOCKS: Final = timedelta(seconds=5)
"""By how much the clocks of two machines may differ."""
CAUSES: Final = 500
ABOUT_HEADS: Final = frozenset(
    {
        Log.HeadRecorded.TOPIC,
        SignedCheckpoint.Signed.TOPIC,
        SignedCheckpoint.Stamped.TOPIC,
        SigningKeys.Succeeded.TOPIC,
    }
)
Progress = Callable[[str, int], None]
"""Told the ledger, and how many events of it were read since it was told last."""


@dataclass
class Faults:
    """The first bad position of each fault of each ledger, and how often it was found."""

    first: dict[tuple[str, Fault], int] = field(default_factory=dict)
    count: dict[tuple[str, Fault], int] = field(default_factory=dict)

    def add(self, ledger: str, fault: Fault, position: int) -> None:
        key = (ledger, fault)
        self.first[key] = min(position, self.first.get(key, position))
        self.count[key] = self.count.get(key, 0) + 1


@dataclass
class Signed:
    """What the audit's ledger tells of one log: roots by size, as they were recorded."""

    roots: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    checkpoints: int = 0


@dataclass(frozen=True)
class Verifying:
    """`published` is by ledger; `own` is the audit's ledger."""

    ledgers: Sequence[StoredLedger]
    own: str
    tiles: Callable[[str], TileStore]
    keys: KeyChain
    published: Mapping[str, Checkpoint]
    progress: Progress
    authorities: Sequence[x509.Certificate] = ()

    def run(self) -> tuple[Faults, dict[str, Signed]]:
        faults = Faults()
        signed = self._signed(faults)
        by_name = {each.name: each for each in self.ledgers}
        for ledger in self.ledgers:
            pass_ = _Pass(ledger, self, signed.get(ledger.name, Signed()), faults, by_name)
            pass_.run()
        return faults, signed

    def _signed(self, faults: Faults) -> dict[str, Signed]:
        """All heads and checkpoints; those that cannot be are faults of the audit's own ledger."""
        found: dict[str, Signed] = {}
        notes: list[str] = []
        own = next(each for each in self.ledgers if each.name == self.own)
        for stored in own.stored(0):
            for event in stored.commit.events if stored.commit else ():
                if event.topic in ABOUT_HEADS:
                    try:
                        self._take(event.topic, json.loads(event.state), found, notes)
                    except _Contradiction as contradiction:
                        faults.add(self.own, contradiction.fault, event.id)
                    except (ValueError, KeyError, TypeError):
                        faults.add(self.own, Fault.UNREADABLE, event.id)
        return found

    def _take(
        self, topic: str, told: Mapping[str, Any], found: dict[str, Signed], notes: list[str]
    ) -> None:
        """`notes` are the successions of keys so far."""
        if topic == SigningKeys.Succeeded.TOPIC:
            notes.append(told["note"])
            if tuple(notes) != self.keys.notes[: len(notes)]:
                raise _Contradiction(Fault.SIGNATURE)
            return
        signed = found.setdefault(told["ledger"], Signed())
        if topic == SignedCheckpoint.Stamped.TOPIC:
            self._stamped(told, signed)
            return
        if topic == Log.HeadRecorded.TOPIC:
            if told["size"] <= signed.size:
                raise _Contradiction(Fault.HEAD)
            signed.size = told["size"]
            signed.roots[signed.size] = bytes.fromhex(told["root"])
            return
        key = self.keys.key(told["ledger"], min(len(notes), len(self.keys.notes)))
        try:
            note = Note.parse(told["note"].encode())
            note.require_signed([key])
            checkpoint = Checkpoint.parse(note.text)
        except NoteRefused:
            raise _Contradiction(Fault.SIGNATURE) from None
        if signed.roots.get(checkpoint.size) != checkpoint.root:
            raise _Contradiction(Fault.HEAD)
        signed.checkpoints += 1

    def _stamped(self, told: Mapping[str, Any], signed: Signed) -> None:
        """Not looked at where no authority is trusted."""
        root = signed.roots.get(told["size"], b"")
        head = Checkpoint(f"{self.keys.origin}/{told['ledger']}", told["size"], root)
        try:
            if self.authorities:
                stamped_at(from_base64(told["response"]), head.text, self.authorities)
        except NoteRefused:
            raise _Contradiction(Fault.SIGNATURE) from None


class _Contradiction(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class _Pass:
    """Once through one ledger."""

    def __init__(
        self,
        ledger: StoredLedger,
        given: Verifying,
        signed: Signed,
        faults: Faults,
        ledgers: Mapping[str, StoredLedger],
    ) -> None:
        self._ledger = ledger
        self._given = given
        self._signed = signed
        self._faults = faults
        self._causes = _Causes(ledgers, faults)
        self._published = given.published.get(ledger.name)
        self._tiles = given.tiles(ledger.name)
        self._known: Iterator[bytes] = leaves_from(self._tiles, 0)
        self._versions: dict[bytes, int] = {}
        self._frontier: Frontier | None = Frontier()
        self._good = 0  # the last head to which the events lead
        self._doubtful: int | None = None  # the first event since then that differs from the tiles

    def run(self) -> None:
        expected = 1
        for stored in self._ledger.stored(-(2**63)):
            if stored.first < expected:
                self._fault(Fault.INSERTED, max(stored.first, 1))
                continue
            if stored.first > expected:
                self._lost(Fault.MISSING, expected)
                self._known = leaves_from(self._tiles, stored.first - 1)
            hashes = self._hashes(stored.commit, stored.first)
            if stored.commit is None or hashes is None:
                expected = stored.first + 1
                next(self._known)
                continue
            self._take(stored.commit, hashes)
            expected = stored.commit.last + 1
        self._end(expected - 1)

    def _hashes(self, commit: Commit | None, position: int) -> list[bytes] | None:
        try:
            if commit is not None:
                return leaves_of(self._ledger.name, commit)
        except Unsound:
            pass
        self._lost(Fault.UNREADABLE, position)
        return None

    def _take(self, commit: Commit, hashes: Sequence[bytes]) -> None:
        for event, hashed in zip(commit.events, hashes, strict=True):
            self._version(str(event.originator_id), event.originator_version, event.id)
            if event.id <= self._signed.size and hashed != next(self._known):
                self._differs(event.id)
            if self._frontier is not None:
                self._frontier.add(hashed)
                self._head(event.id)
        self._causes.take(self._ledger.name, commit)
        self._given.progress(self._ledger.name, len(commit.events))

    def _version(self, stream: str, version: int, position: int) -> None:
        key = bytes.fromhex(stream.replace("-", "")) if len(stream) == 36 else stream.encode()
        if version != self._versions.get(key, 0) + 1:
            self._fault(Fault.VERSION, position)
        self._versions[key] = version

    def _differs(self, position: int) -> None:
        if self._frontier is None:
            self._fault(Fault.CHANGED, position)
        elif self._doubtful is None:
            self._doubtful = position

    def _head(self, position: int) -> None:
        """Where a head was recorded: whether the events, or the tiles, are what was signed."""
        published, root = self._published, self._signed.roots.get(position)
        if published and published.size == position and published.root not in {root, self._root()}:
            self._fault(Fault.FORKED, self._good + 1)
        if root is None:
            return
        if self._root() == root:
            if self._doubtful is not None:
                self._fault(Fault.TILES, self._doubtful)
            self._good, self._doubtful = position, None
        elif self._doubtful is None:
            self._lost(Fault.ROOT, self._good + 1)
        else:
            self._lost(Fault.CHANGED, self._doubtful)

    def _root(self) -> bytes:
        return self._frontier.root() if self._frontier else b""

    def _lost(self, fault: Fault, position: int) -> None:
        """From here on no root can be right any more; single leaves still can."""
        if self._doubtful is not None and self._doubtful < position:
            self._fault(Fault.CHANGED, self._doubtful)
        self._fault(fault, position)
        self._frontier, self._doubtful = None, None

    def _end(self, last: int) -> None:
        self._causes.settle()
        least = max(self._signed.size, self._published.size if self._published else 0)
        if last < least:
            if self._doubtful is not None:
                self._fault(Fault.CHANGED, self._doubtful)
            self._fault(Fault.SHORTER, last + 1)

    def _fault(self, fault: Fault, position: int) -> None:
        self._faults.add(self._ledger.name, fault, position)


@dataclass
class _Causes:
    """What is said to have caused commits, looked up many at a time."""

    ledgers: Mapping[str, StoredLedger]
    faults: Faults
    waiting: list[tuple[str, Commit, str, int]] = field(default_factory=list)

    def take(self, ledger: str, commit: Commit) -> None:
        cause = commit.meta.get("causation")
        if cause is None:
            return
        try:
            name, position = str(cause["ledger"]), int(cause["position"])
        except (KeyError, TypeError, ValueError):
            self.faults.add(ledger, Fault.CAUSE, commit.first)
            return
        self.waiting.append((ledger, commit, name, position))
        if len(self.waiting) >= CAUSES:
            self.settle()

    def settle(self) -> None:
        known = dict(chain.from_iterable(self._instants(name) for name in self.ledgers))
        for ledger, commit, name, position in self.waiting:
            at = known.get((name, position))
            late = at is None or at > commit.at + CLOCKS
            if late or (name == ledger and position >= commit.first):
                self.faults.add(ledger, Fault.CAUSE, commit.first)
        self.waiting.clear()

    def _instants(self, name: str) -> Iterable[tuple[tuple[str, int], datetime]]:
        wanted = {position for _, _, ledger, position in self.waiting if ledger == name}
        instants = self.ledgers[name].instants(wanted) if wanted else {}
        return (((name, position), at) for position, at in instants.items())
