"""The key of one subject and one data class, and the boxes it seals."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore.canonical import canonical_json
from shared.eventstore.vault.errors import BoxDamaged
from shared.eventstore.vault.fields import FieldProof, Fields
from shared.eventstore.vault.master import KEY_BYTES, NONCE_BYTES, MasterKey, MasterKeys
from shared.kernel.personal import DataClass, SealedBox

BLOCK: Final = 64
"""Bytes to whose multiple a plaintext is padded: the length must not tell `true` from `false`."""


class KeyName(NamedTuple):
    """There is one key per subject and data class."""

    subject: UUID
    data_class: DataClass


class WrappedKey(NamedTuple):
    """A key as it is stored."""

    id: UUID
    name: KeyName
    wrapped: bytes
    master: str

    @classmethod
    def create(cls, name: KeyName, master: MasterKey) -> "WrappedKey":
        key_id = uuid4()
        secret = secrets.token_bytes(KEY_BYTES)
        return cls(key_id, name, master.wrap(secret, _context(key_id, name)), master.id)

    def unwrap(self, masters: MasterKeys) -> "SubjectKey":
        return SubjectKey(self.id, self._secret(masters))

    def rewrap(self, masters: MasterKeys) -> "WrappedKey":
        """The same key under the current master key."""
        wrapped = masters.current.wrap(self._secret(masters), _context(self.id, self.name))
        return self._replace(wrapped=wrapped, master=masters.current.id)

    def _secret(self, masters: MasterKeys) -> bytes:
        return masters[self.master].unwrap(self.wrapped, _context(self.id, self.name))


class SubjectKey:
    """Seals and opens boxes.

    Encryption key, nonce key, field key and commitment are derived apart from one secret (HMAC-SHA256 as a
    PRF, like HKDF-Expand of RFC 5869 with one block). AES-GCM alone lets one ciphertext open under
    two keys; the commitment, checked first, makes that as hard as a collision of SHA-256.

    The nonce is synthetic, a PRF of place and plaintext (the construction of SIV, RFC 5297): the
    same values sealed for the same place give the same box. Views rebuilt from zero can thus be
    compared by digest, and no failing random source can ever repeat a nonce for other values.
    """

    def __init__(self, key_id: UUID, secret: bytes) -> None:
        self.id: Final = key_id
        self._commitment = _base64(hmac.digest(secret, b"vault/commitment", hashlib.sha256))
        self._nonce_key = hmac.digest(secret, b"vault/nonce", hashlib.sha256)
        self._field_key = hmac.digest(secret, b"vault/fields", hashlib.sha256)
        self._cipher = AESGCM(hmac.digest(secret, b"vault/encryption", hashlib.sha256))

    def seal(self, name: KeyName, bound_to: str, values: Mapping[str, Any]) -> SealedBox:
        text = canonical_json(values)
        padded = text + b" " * (-len(text) % BLOCK)
        place = _place(name, self.id, bound_to)
        fields = Fields(self._field_key, place, values).root()
        nonce = hmac.digest(self._nonce_key, place + b"\0" + padded, hashlib.sha256)[:NONCE_BYTES]
        return SealedBox(
            subject=name.subject,
            data_class=name.data_class,
            key_id=self.id,
            commitment=self._commitment,
            bound_to=bound_to,
            nonce=_base64(nonce),
            ciphertext=_base64(self._cipher.encrypt(nonce, padded, place + fields.encode())),
            fields=fields,
        )

    def open(self, box: SealedBox) -> dict[str, Any]:
        if not hmac.compare_digest(box.commitment.encode(), self._commitment.encode()):
            raise BoxDamaged(box, "sealed under another key than it names")
        place = _place(KeyName(box.subject, box.data_class), self.id, box.bound_to)
        try:
            nonce = base64.b64decode(box.nonce, validate=True)
            ciphertext = base64.b64decode(box.ciphertext, validate=True)
            header = place + (box.fields or "").encode()
            values: dict[str, Any] = json.loads(self._cipher.decrypt(nonce, ciphertext, header))
        except (binascii.Error, ValueError, InvalidTag):
            raise BoxDamaged(box, "changed after it was sealed, or moved") from None
        return values

    def disclose(self, box: SealedBox, pointer: str) -> FieldProof:
        """Raises `BoxDamaged`, `KeyError` for what is not in the box."""
        values = self.open(box)
        place = _place(KeyName(box.subject, box.data_class), self.id, box.bound_to)
        fields = Fields(self._field_key, place, values)
        if fields.root() != box.fields:
            raise BoxDamaged(box, "commits to other fields than it holds")
        return fields.proof(pointer)


def _context(key_id: UUID, name: KeyName) -> bytes:
    return canonical_json([str(key_id), str(name.subject), name.data_class.value])


def _place(name: KeyName, key_id: UUID, bound_to: str) -> bytes:
    """Associated data: whose data it is, under which key, and where it was recorded."""
    return canonical_json([str(name.subject), name.data_class.value, str(key_id), bound_to])


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
