"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.

— name base64(key id ‖ signature)
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_SIZE: Final = 1_000_000
"""Bytes of a note."""
MAX_SIGNATURES: Final = 100
_DASH: Final = "— "
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_VKEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_ID_SIZE: Final = 4
_KEY_SIZE: Final = 32


class NoteRefused(ValueError):
    """Not a note, or not signed as is required. The text says why, and never repeats the note."""


class SignatureType(IntEnum):
    ED25519 = 0x01
    COSIGNATURE = 0x04
    """Timestamped, of a witness."""


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.value)}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that is trusted; written `name+id+base64(type ‖ public key)`."""

    name: str
    type: SignatureType
    public: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        body = f"{self.name}\n".encode() + bytes([self.type]) + self.public.public_bytes_raw()
        return sha256(body).digest()[:_ID_SIZE]

    def made(self, signature: Signature) -> bool:
        """Whether the signature says that it is of this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def require(self, signature: bytes, message: bytes) -> None:
        """Raises `NoteRefused`."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            raise NoteRefused(f"the signature of {self.name} is wrong") from None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `NoteRefused`, also when the id is not that of the key."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise NoteRefused("a verifier key is name+id+base64")
        name, key_id, encoded = match.groups()
        body = from_base64(encoded)
        if len(body) != 1 + _KEY_SIZE or body[0] not in set(SignatureType):
            raise NoteRefused(f"the key of {name} is of no known type")
        key = cls(name, SignatureType(body[0]), Ed25519PublicKey.from_public_bytes(body[1:]))
        if key.key_id.hex() != key_id:
            raise NoteRefused(f"the id of the key of {name} is another key's")
        return key

    def __str__(self) -> str:
        encoded = to_base64(bytes([self.type]) + self.public.public_bytes_raw())
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends with its newline."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, document: bytes) -> Self:
        """The note as it stands; nothing is verified yet. Raises `NoteRefused`."""
        if len(document) > MAX_SIZE:
            raise NoteRefused(f"a note has at most {MAX_SIZE} bytes")
        try:
            decoded = document.decode()
        except UnicodeDecodeError:
            raise NoteRefused("a note is UTF-8") from None
        if any(letter < " " and letter != "\n" for letter in decoded):
            raise NoteRefused("a note has no control characters")
        body, separator, signatures = decoded.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise NoteRefused("a note is a text, an empty line and signature lines")
        lines = signatures[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise NoteRefused(f"a note has at most {MAX_SIGNATURES} signatures")
        return cls(body + "\n", tuple(map(_signature, lines)))

    def signed(self, signature: Signature) -> Self:
        return type(self)(self.text, (*self.signatures, signature))

    def __bytes__(self) -> bytes:
        lines = [self.text, *(str(each) for each in self.signatures)]
        return "".join(f"{line}\n" for line in lines).encode()

    def require_signed(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The trusted keys that signed. Signatures of keys that are not known count for nothing.

        Raises `NoteRefused` when none signed, or when one that says it did has not.
        """
        signers: list[VerifierKey] = []
        for key in keys:
            for signature in self.signatures:
                if key.type is SignatureType.ED25519 and key.made(signature):
                    key.require(signature.value, self.text.encode())
                    signers.append(key)
        if not signers:
            raise NoteRefused("no trusted key signed the note")
        return tuple(signers)


@dataclass(frozen=True, slots=True)
class Signer:
    """The name and the secret key of one that signs notes."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, SignatureType.ED25519, self.key.public_key())

    def sign(self, text: str) -> Note:
        """Raises `ValueError` for a text that no note can have, or a name that no key can have."""
        signature = Signature(self.name, self.verifier.key_id, self.key.sign(text.encode()))
        note = Note(text, (signature,))
        if Note.parse(bytes(note)) != note:
            raise NoteRefused("the text or the name does not fit into a note")
        return note


def to_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def from_base64(text: str) -> bytes:
    """Of the one spelling that a value has. Raises `NoteRefused`."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused("a value is not base64") from None
    if to_base64(value) != text:
        raise NoteRefused("a value is not written as base64 writes it")
    return value


def _signature(line: str) -> Signature:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise NoteRefused("a signature line is — name base64")
    name, encoded = match.groups()
    value = from_base64(encoded)
    if len(value) <= _ID_SIZE:
        raise NoteRefused("a signature has a key id and a value")
    return Signature(name, value[:_ID_SIZE], value[_ID_SIZE:])
