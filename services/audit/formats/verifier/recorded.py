"""What the audit recorded: its keys, the heads and checkpoints of every log."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final, NamedTuple

from services.audit.formats.verifier.archive import Pack
from services.audit.formats.verifier.texts import (
    Checkpoint,
    Faults,
    Key,
    Note,
    Refused,
    from_base64,
    parse_json,
    told,
)
from services.audit.formats.verifier.trees import HASH

OWN: Final = "audit"


class SigningKey(NamedTuple):
    """Signs what the audit recorded after `position`, up to that of the key after it."""

    public: bytes
    position: int
    succession: str


@dataclass(frozen=True)
class Keys:
    """The keys of one installation, each named by the one before it."""

    origin: str
    chain: tuple[SigningKey, ...]

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> "Keys":
        """Raises `Refused` for a key that the one before did not name."""
        origin = told(about, "origin", str)
        chain: list[SigningKey] = []
        for each in told(about, "keys", list):
            public = from_base64(told(each, "key", str))
            key = SigningKey(public, told(each, "position", int), told(each, "succession", str))
            if len(public) != HASH:
                raise Refused("a key has 32 bytes")
            if chain:
                _require_succession(origin, chain[-1], key)
            chain.append(key)
        if not chain:
            raise Refused("keys is empty")
        return cls(origin, tuple(chain))

    def latest(self, log: str) -> Key:
        return Key(f"{self.origin}/{log}", 1, self.chain[-1].public)

    def at(self, log: str, position: int) -> Key:
        """Whose signature is to be expected on what was recorded there."""
        chosen = [key for key in self.chain if key.position < position] or [self.chain[0]]
        return Key(f"{self.origin}/{log}", 1, chosen[-1].public)

    def named(self, key: Key) -> bool:
        """Whether a key that an auditor trusts is one of these, under a name of this installation."""
        return key.name.startswith(f"{self.origin}/") and any(
            compare_digest(key.public, each.public) for each in self.chain
        )


def _require_succession(origin: str, before: SigningKey, key: SigningKey) -> None:
    old, new = (base64.b64encode(each.public).decode() for each in (before, key))
    note = Note.parse(key.succession.encode())
    if note.text != f"{origin}/keys\n{old}\n{new}\n" or key.position <= before.position:
        raise Refused("the key before it names another")
    note.require_signed(Key(f"{origin}/keys", 1, before.public))


class Place(NamedTuple):
    """Of a log in the pack: leaves of its tree, and the positions whose events are there."""

    size: int
    first: int
    last: int


@dataclass
class Signed:
    """Of one log: recorded roots by size, and texts of checkpoints by size."""

    roots: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    checkpoints: int = 0


@dataclass
class Heads:
    """What the audit's own events say of every log."""

    keys: Keys
    logs: dict[str, Signed] = field(default_factory=dict)
    successions: list[tuple[int, str]] = field(default_factory=list)

    def take(self, position: int, type_: str, payload: Mapping[str, Any]) -> None:
        """Raises `Refused`."""
        match type_:
            case "audit.Log.HeadRecorded":
                self._head(payload)
            case "audit.Checkpoint.Signed":
                self._checkpoint(position, payload)
            case "audit.SigningKey.Succeeded":
                self.successions.append((position, told(payload, "note", str)))

    def of(self, ledger: str) -> Signed:
        return self.logs.setdefault(ledger, Signed())

    def _head(self, payload: Mapping[str, Any]) -> None:
        signed, size = self.of(told(payload, "ledger", str)), told(payload, "size", int)
        if size <= signed.size:
            raise Refused("head that does not grow")
        signed.size = size
        signed.roots[size] = bytes.fromhex(told(payload, "root", str))

    def _checkpoint(self, position: int, payload: Mapping[str, Any]) -> None:
        ledger = told(payload, "ledger", str)
        note = Note.parse(told(payload, "note", str).encode())
        note.require_signed(self.keys.at(ledger, position))
        found = Checkpoint.parse(note.text)
        if found.origin != f"{self.keys.origin}/{ledger}":
            raise Refused("checkpoint of another log")
        if self.of(ledger).roots.get(found.size) != found.root:
            raise Refused("checkpoint of no head")
        self.of(ledger).checkpoints += 1


ABOUT_HEADS: Final = frozenset(
    {
        "audit.Log.HeadRecorded",
        "audit.Checkpoint.Signed",
        "audit.SigningKey.Succeeded",
    }
)


def heads_of(pack: Pack, keys: Keys, size: int, faults: Faults) -> Heads:
    heads = Heads(keys)
    for position, line in enumerate(_quietly(pack, f"logs/{OWN}/events.ndjson"), 1):
        try:
            leaf, payload = event_of(line)
            type_ = str(leaf.get("type"))
            if type_ in ABOUT_HEADS:
                heads.take(position, type_, parse_json(payload))
        except Refused as refusal:
            faults.add(OWN, str(refusal), position)
        except ValueError:
            faults.add(OWN, "unreadable event", position)
    named = [(each.position, each.succession) for each in keys.chain[1:]]
    if heads.successions != [each for each in named if each[0] <= size]:
        faults.add(OWN, "keys that the audit did not record")
    return heads


def event_of(line: bytes) -> tuple[dict[str, Any], bytes]:
    """The leaf as read, and the payload's exact bytes. Raises `Refused`."""
    entry = parse_json(line)
    if entry.keys() == {"leaf", "payload"}:
        payload = told(entry, "payload", str).encode(errors="surrogatepass")
    elif entry.keys() == {"leaf", "payload_base64"}:
        payload = from_base64(told(entry, "payload_base64", str))
    else:
        raise Refused("not an event")
    return parse_json(told(entry, "leaf", str)), payload


def _quietly(pack: Pack, name: str) -> Iterator[bytes]:
    """The lines up to the first that cannot be read; the pass that verifies says so."""
    try:
        yield from pack.lines(name)
    except Refused:
        return
