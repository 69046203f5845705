"""Successions of signing keys: the old key names the new one in a signed note.

origin/keys
base64(old public key)
base64(new public key)
"""

from typing import Final, NamedTuple, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.eventstore.transparency.note import (
    Note,
    NoteRefused,
    SignatureType,
    Signer,
    VerifierKey,
    from_base64,
    to_base64,
)

NAME: Final = "keys"
_KEY_SIZE: Final = 32


class Succession(NamedTuple):
    """Raw public keys (Ed25519)."""

    origin: str
    old: bytes
    new: bytes

    @classmethod
    def parse(cls, document: bytes) -> Self:
        """Signed by the old key. Raises `NoteRefused`."""
        note = Note.parse(document)
        lines = note.text.removesuffix("\n").split("\n")
        if len(lines) != 3 or not lines[0].endswith(f"/{NAME}"):
            raise NoteRefused("a succession names the installation, the old key and the new one")
        old, new = map(from_base64, lines[1:])
        if len(old) != _KEY_SIZE or len(new) != _KEY_SIZE or old == new:
            raise NoteRefused(f"a succession names two keys of {_KEY_SIZE} bytes")
        note.require_signed([verifier(lines[0], old)])
        return cls(lines[0].removesuffix(f"/{NAME}"), old, new)


def succeed(origin: str, old: Ed25519PrivateKey, new: Ed25519PublicKey) -> Note:
    """What the old key says of the new one."""
    keys = (old.public_key().public_bytes_raw(), new.public_bytes_raw())
    lines = (f"{origin}/{NAME}", *map(to_base64, keys))
    return Signer(lines[0], old).sign("".join(f"{line}\n" for line in lines))


def verifier(name: str, public: bytes) -> VerifierKey:
    return VerifierKey(name, SignatureType.ED25519, Ed25519PublicKey.from_public_bytes(public))
