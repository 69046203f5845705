"""Master keys: they wrap the keys of the subjects and never leave the process's memory."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore.vault.errors import KeyUnusable

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class MasterKey:
    """A 256-bit key. `id` tells which key wrapped what, and tells nothing about the key."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"A master key has {KEY_BYTES} bytes, this one {len(secret)}")
        self.id: Final = hmac.digest(secret, b"vault/master/id", hashlib.sha256).hex()[:16]
        self._cipher = AESGCM(secret)

    @classmethod
    def from_base64(cls, text: str) -> Self:
        return cls(secret_from_base64(text))

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Raises `KeyUnusable` when the wrapped key was changed or belongs to another context."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except InvalidTag:
            raise KeyUnusable("A wrapped key was changed or moved in the vault") from None


class MasterKeys:
    """The master key that wraps new keys, and retired ones that still unwrap old keys."""

    def __init__(self, current: MasterKey, *retired: MasterKey) -> None:
        self.current: Final = current
        self._by_id: Mapping[str, MasterKey] = {key.id: key for key in (current, *retired)}

    def __getitem__(self, key_id: str) -> MasterKey:
        """Raises `KeyUnusable` when the key was not given to this process."""
        try:
            return self._by_id[key_id]
        except KeyError:
            raise KeyUnusable(
                f"A key in the vault is wrapped under master key {key_id}, "
                f"this process was given {', '.join(self._by_id)}"
            ) from None


def secret_from_base64(text: str) -> bytes:
    """Raises `ValueError` that says what was expected and never repeats the text."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except ValueError:  # not base64, or not even ASCII
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ValueError(f"A key is expected as base64 of {KEY_BYTES} random bytes")
    return secret
