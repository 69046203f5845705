"""Cosignatures (C2SP tlog-cosignature, Ed25519): a witness saw this head, and none before it that
contradicts it, at a time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from struct import Struct
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.transparency.note import (
    Note,
    NoteRefused,
    Signature,
    SignatureType,
    VerifierKey,
)

_TIMESTAMP: Final = Struct(">Q")
_SIGNATURE_SIZE: Final = 64


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who cosigned, and when it says it did."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's name and secret key. It must not sign two heads that contradict each other."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, SignatureType.COSIGNATURE, self.key.public_key())

    def cosign(self, text: str, at: datetime) -> Signature:
        seconds = int(at.timestamp())
        value = _TIMESTAMP.pack(seconds) + self.key.sign(_message(text, seconds))
        return Signature(self.name, self.verifier.key_id, value)


def cosigned(note: Note, witness: VerifierKey) -> Cosigned | None:
    """What the trusted witness says of the note, nothing when it says nothing.

    Raises `NoteRefused` for a cosignature that claims to be of this key and is not.
    """
    if witness.type is not SignatureType.COSIGNATURE:
        raise ValueError(f"{witness.name} is no key of a witness")
    for signature in note.signatures:
        if witness.made(signature):
            return Cosigned(witness.name, _verified(note.text, signature, witness))
    return None


def _verified(text: str, signature: Signature, witness: VerifierKey) -> datetime:
    if len(signature.value) != _TIMESTAMP.size + _SIGNATURE_SIZE:
        raise NoteRefused(f"the cosignature of {witness.name} has a wrong length")
    (seconds,) = _TIMESTAMP.unpack_from(signature.value)
    witness.require(signature.value[_TIMESTAMP.size :], _message(text, seconds))
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise NoteRefused(f"the cosignature of {witness.name} is of no time") from None


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
