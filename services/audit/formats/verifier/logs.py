"""Once through a log: every event, every head, every cause."""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from services.audit.formats.verifier.archive import Pack
from services.audit.formats.verifier.recorded import OWN, Keys, Place, Signed, event_of
from services.audit.formats.verifier.texts import Checkpoint, Faults, Key, Note, Refused, told
from services.audit.formats.verifier.trees import HASH, Frontier, leaf_hash

CLOCKS: Final = 5_000
"""Milliseconds by which the clocks of two machines may differ."""


Observe = Callable[[int, str, bytes], None]


@dataclass
class Causes:
    """When each event was recorded, and what is said to have caused commits; 8 bytes a number."""

    instants: dict[str, "array[int]"] = field(default_factory=dict)
    said: list[tuple[str, int, int, str, int]] = field(default_factory=list)

    def settle(self, places: Mapping[str, Place], faults: Faults) -> int:
        """How many causes lie outside of the pack; those inside came before what they caused."""
        outside = 0
        for ledger, position, at, cause, cause_at in self.said:
            place = places.get(cause)
            if cause_at < 1 or (cause == ledger and cause_at >= position):
                faults.add(ledger, "cause that did not come before", position)
            elif place is None or not place.first <= cause_at <= place.last:
                outside += 1
            elif not self._came_before(cause, cause_at - place.first, at):
                faults.add(ledger, "cause that did not come before", position)
        return outside

    def _came_before(self, ledger: str, index: int, at: int) -> bool:
        instants = self.instants.get(ledger, array("q"))
        return index < len(instants) and instants[index] <= at + CLOCKS


class LogPass:
    """`kept` are checkpoints that the auditor kept of this log."""

    def __init__(
        self,
        name: str,
        place: Place,
        signed: Signed,
        kept: Sequence[Checkpoint],
        causes: Causes,
        observe: Observe,
        faults: Faults,
    ) -> None:
        self._name = name
        self._place = place
        self._signed = signed
        self._kept = {each.size: each.root for each in kept}
        self._causes = causes
        self._observe = observe
        self._faults = faults
        self._versions: dict[str, int] = {}
        self._frontier = Frontier()
        self._good = 0
        self._doubtful = 0
        self.roots: dict[int, bytes] = {}
        """As computed here, at every size that anybody signed or kept."""

    def run(self, pack: Pack) -> None:
        self._causes.instants[self._name] = array("q")
        known = _hashes(pack, f"logs/{self._name}/hashes")
        events = pack.lines(f"logs/{self._name}/events.ndjson")
        try:
            for position in range(1, self._place.size + 1):
                stated = next(known, b"")
                inside = self._place.first <= position <= self._place.last
                hashed = self._event(next(events, b""), position) if inside else stated
                if hashed != stated and not self._doubtful:
                    self._doubtful = position
                self._frontier.add(hashed)
                self._look(position)
            if next(events, None) is not None or next(known, None) is not None:
                self._faults.add(self._name, "events after the end", self._place.size + 1)
        except Refused as refusal:
            self._faults.add(self._name, f"events {refusal}", self._frontier.size + 1)

    def _event(self, line: bytes, position: int) -> bytes:
        """The hash of the leaf, after everything that the leaf says was looked at."""
        if not line:
            raise Refused("missing")
        at, exact = 0, b""
        try:
            leaf, payload = event_of(line)
            exact = told(json.loads(line), "leaf", str).encode(errors="surrogatepass")
            at = self._leaf(leaf, payload, position)
        except Refused:
            self._faults.add(self._name, "unreadable event", position)
        self._causes.instants[self._name].append(at)
        return leaf_hash(exact)

    def _leaf(self, leaf: Mapping[str, Any], payload: bytes, position: int) -> int:
        """When it was recorded, in milliseconds. Raises `Refused`."""
        stream, version = told(leaf, "stream", str), told(leaf, "version", int)
        commit, type_ = told(leaf, "commit", dict), told(leaf, "type", str)
        at = _milliseconds(told(commit, "at", str))
        if (leaf.get("ledger"), leaf.get("position")) != (self._name, position):
            self._faults.add(self._name, "event of another place", position)
        if not told(commit, "first", int) <= position <= told(commit, "last", int):
            self._faults.add(self._name, "event outside of its commit", position)
        if told(leaf, "payload_sha256", str) != sha256(payload).hexdigest():
            self._faults.add(self._name, "payload changed", position)
        before = self._versions.get(stream, version - 1 if self._place.first > 1 else 0)
        if version != before + 1:
            self._faults.add(self._name, "not the next version of its stream", position)
        self._versions[stream] = version
        if position == commit["first"] and "causation" in told(commit, "meta", dict):
            cause = commit["meta"]["causation"]
            said = told(cause, "ledger", str), told(cause, "position", int)
            self._causes.said.append((self._name, position, at, *said))
        self._observe(position, type_, payload)
        return at

    def _look(self, position: int) -> None:
        recorded, kept = self._signed.roots.get(position), self._kept.get(position)
        if recorded is None and kept is None and position < self._place.size:
            return
        root = self.roots[position] = self._frontier.root()
        if kept not in {None, root}:
            self._faults.add(self._name, "not the history of a kept checkpoint", self._good + 1)
        if recorded in {None, root}:
            if self._doubtful:
                self._faults.add(self._name, "hashes changed", self._doubtful)
            self._good, self._doubtful = position, 0
        elif self._doubtful:
            self._faults.add(self._name, "event changed", self._doubtful)
        else:
            self._faults.add(self._name, "root that nobody signed", self._good + 1)


def _hashes(pack: Pack, name: str) -> Iterator[bytes]:
    rest = b""
    for piece in pack.pieces(name):
        data = rest + piece
        whole = len(data) // HASH * HASH
        yield from (data[at : at + HASH] for at in range(0, whole, HASH))
        rest = data[whole:]
    if rest:
        raise Refused("cut off")


def _milliseconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Refused("not an instant") from None


def latest_of(pack: Pack, name: str, keys: Keys, place: Place) -> tuple[Note, Checkpoint]:
    """The checkpoint that the pack holds a log to. Raises `Refused`.

    The audit's own fixes all others, so the latest key must have signed it.
    """
    note = Note.parse(pack.read(f"logs/{name}/checkpoint"))
    trusted = keys.chain[-1:] if name == OWN else keys.chain
    if not any(_signed(note, Key(f"{keys.origin}/{name}", 1, each.public)) for each in trusted):
        raise Refused("checkpoint not signed by the key of this installation")
    found = Checkpoint.parse(note.text)
    if (found.origin, found.size) != (f"{keys.origin}/{name}", place.size):
        raise Refused("checkpoint of another log or size")
    return note, found


def _signed(note: Note, key: Key) -> bool:
    try:
        note.require_signed(key)
    except Refused:
        return False
    return True
