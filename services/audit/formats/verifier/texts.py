"""Texts that a verifier reads: JSON, base64, signed notes, checkpoints (C2SP). All of it may be hostile."""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.formats.verifier.trees import HASH


class Refused(ValueError):
    """Not of the form that it must have. The text says why, and repeats nothing."""


@dataclass
class Faults:
    """The first place of each fault, and how often it was found."""

    first: dict[tuple[str, str], int] = field(default_factory=dict)
    count: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, where: str, what: str, position: int = 0) -> None:
        key = (where, what)
        self.first[key] = min(position, self.first.get(key, position))
        self.count[key] = self.count.get(key, 0) + 1


def parse_json(text: bytes | str) -> dict[str, Any]:
    """An object without members given twice. Raises `Refused`."""
    try:
        found = json.loads(text, object_pairs_hook=_members, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("not a JSON object") from None
    if not isinstance(found, dict):
        raise Refused("not a JSON object")
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused("a member is given twice")
    return found


def _no_constant(_: str) -> NoReturn:
    raise Refused("a number that JSON does not have")


def told(value: Any, name: str, kind: type) -> Any:
    """A member of its type. Raises `Refused`."""
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise Refused(f"{name} is missing, or of another type")
    return found


def from_base64(text: str) -> bytes:
    """Of the one spelling that a value has. Raises `Refused`."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("not base64") from None
    if base64.b64encode(value).decode() != text:
        raise Refused("not written as base64 writes it")
    return value


@dataclass(frozen=True)
class Key:
    """`type` 1 signs notes, 4 cosigns them (a witness)."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(f"{self.name}\n".encode() + bytes([self.type]) + self.public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> "Key":
        match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})", text)
        if match is None:
            raise Refused("a verifier key is name+id+base64")
        body = from_base64(match[3])
        key = cls(match[1], body[0] if body else 0, body[1:])
        if len(body) != 1 + HASH or key.type not in {1, 4} or key.id.hex() != match[2]:
            raise Refused("the verifier key has another type, length or id")
        return key

    def require(self, signature: bytes, message: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Refused(f"the signature of {self.name} is wrong") from None


@dataclass(frozen=True)
class Note:
    """A signed note; `signatures` are name, key id and value."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, document: bytes) -> "Note":
        try:
            decoded = document.decode()
        except UnicodeDecodeError:
            raise Refused("a note is UTF-8") from None
        if any(letter < " " and letter != "\n" for letter in decoded):
            raise Refused("a note has no control characters")
        body, separator, lines = decoded.rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise Refused("a note is a text, an empty line and signature lines")
        return cls(body + "\n", tuple(map(_signature, lines[:-1].split("\n")[:100])))

    def require_signed(self, key: Key) -> None:
        """By this key, and every signature that says it is of it. Raises `Refused`."""
        made = [value for name, id_, value in self.signatures if (name, id_) == (key.name, key.id)]
        if not made:
            raise Refused(f"not signed by {key.name}")
        for value in made:
            key.require(value, self.text.encode())

    def cosigned(self, witness: Key) -> datetime | None:
        """When a trusted witness says that it saw the note. Raises `Refused`."""
        for name, id_, value in self.signatures:
            if (name, id_) == (witness.name, witness.id):
                seconds = int.from_bytes(value[:8], "big")
                message = f"cosignature/v1\ntime {seconds}\n{self.text}"
                witness.require(value[8:], message.encode())
                return datetime.fromtimestamp(min(seconds, 2**36), UTC)
        return None


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
    value = from_base64(match[2]) if match else b""
    if match is None or len(value) <= 4:
        raise Refused("a signature line is — name base64")
    return match[1], value[:4], value[4:]


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise Refused("a checkpoint has at least three lines, none of them empty")
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise Refused("the size of a tree is a decimal number")
        root = from_base64(lines[2])
        if len(root) != HASH:
            raise Refused("a root has 32 bytes")
        return cls(lines[0], int(lines[1]), root)
