"""Finding equal personal values without storing them."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.eventstore.vault.master import KEY_BYTES


class BlindIndex:
    """Keyed digests of values: a PESEL has 10^11 forms, so a plain hash could be tried out.

    Every purpose has a key of its own (HKDF, RFC 5869), so that the digests of one purpose cannot
    be looked up in another. Normalising the value is the caller's business. Digests outlive master
    keys: the secret is a key of its own, which stays when the master key is rotated.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"The key of a blind index has {KEY_BYTES} bytes")
        self._secret = secret
        self._key = lru_cache(maxsize=64)(self._derive)

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 as 64 hexadecimal digits."""
        return hmac.digest(self._key(purpose), value.encode(), hashlib.sha256).hex()

    def _derive(self, purpose: str) -> bytes:
        info = f"blind index/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._secret)
