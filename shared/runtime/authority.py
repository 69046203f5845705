"""Who calls: bearer tokens verified against the identity provider's pinned keys.

Follows RFC 8725 (best practices for JSON Web Tokens): the algorithms, the issuer and the audience
are ours to say, never the token's; header fields that name keys (`jku`, `x5u`, `jwk`) are ignored.
"""

import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jwt
import structlog

from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.kernel.errors import Rejected

log = structlog.get_logger(__name__)

ALGORITHMS: Final = ("EdDSA", "ES256")
REQUIRED: Final = ("exp", "iat", "sub", "roles")
LEEWAY_SECONDS: Final = 10
"""Clocks of two machines differ."""
LONGEST_TOKEN: Final = 16_384
"""Characters; no provider's access token comes near."""

FETCH_SECONDS: Final = 5.0
FETCH_BYTES: Final = 1_000_000
REFRESH_SECONDS: Final = 30.0
"""At most this often the set is read for keys that are unknown, whatever tokens name."""
MAX_AGE_SECONDS: Final = 3600.0
"""After this the set is read again, so that a key the provider withdrew stops being accepted."""

Keys = Mapping[str, jwt.PyJWK]


class KeySet:
    """The provider's public keys (RFC 7517) by key id, from a file or an `https://` address.

    A set that cannot be read leaves the keys known before in force; it is an error only while
    nothing is known.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._keys: Keys = {}
        self._read_at = self._tried_at = float("-inf")

    def load(self) -> None:
        """Read the set now. Raises `OSError` or `ValueError` that name the source."""
        try:
            self._keys = _signing_keys(self._fetch())
        except (OSError, ValueError, jwt.PyJWTError) as error:
            kind = OSError if isinstance(error, OSError) else ValueError
            raise kind(f"key set {self._source}: {error}") from error
        self._read_at = time.monotonic()

    def find(self, key_id: str) -> jwt.PyJWK | None:
        """The key, reading the set again when it is old or does not hold the key."""
        if key_id not in self._keys or time.monotonic() - self._read_at > MAX_AGE_SECONDS:
            self._refresh()
        return self._keys.get(key_id)

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._tried_at < REFRESH_SECONDS:
                return
            self._tried_at = time.monotonic()
            try:
                self.load()
            except (OSError, ValueError) as error:
                log.warning("key_set_unreadable", error=str(error))

    def _fetch(self) -> bytes:
        if not self._source.startswith("https://"):
            return Path(self._source).read_bytes()
        context = ssl.create_default_context()
        with urllib.request.urlopen(  # noqa: S310  # https only
            self._source, timeout=FETCH_SECONDS, context=context
        ) as answer:
            content: bytes = answer.read(FETCH_BYTES + 1)
        if len(content) > FETCH_BYTES:
            raise ValueError(f"more than {FETCH_BYTES} bytes")
        return content


class TokenVerifier:
    """Accepts the tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str, keys: KeySet) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys

    def verify(self, token: str) -> Caller:
        """The caller a token proves.

        Raises `Rejected`: `token_expired`, or `token_invalid` for everything else; why is logged
        and told to nobody.
        """
        try:
            return _caller(self._claims(token))
        except jwt.ExpiredSignatureError:
            raise Rejected("token_expired") from None
        except Exception as error:  # nothing in a token may do more than fail to prove
            log.info("token_refused", cause=type(error).__name__)
            raise Rejected("token_invalid") from None

    def _claims(self, token: str) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise jwt.DecodeError
        header = jwt.get_unverified_header(token)
        key = self._keys.find(str(header.get("kid")))
        if key is None or header.get("alg") != key.algorithm_name:
            raise jwt.InvalidKeyError
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options={"require": list(REQUIRED)},
        )
        return claims


def _caller(claims: Mapping[str, Any]) -> Caller:
    roles = claims["roles"]
    if not isinstance(roles, list):
        raise TypeError
    return Caller(
        subject=claims["sub"],
        # A provider may know roles that are not ours; they grant nothing here.
        roles=frozenset(Role(role) for role in roles if role in set(Role)),
        partner=claims.get("partner"),
        participant_id=claims.get("participant_id"),
    )


def _signing_keys(content: bytes) -> Keys:
    """The set's keys that may sign with an algorithm of ours; others are not ours to judge."""
    document = json.loads(content)
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError(  # noqa: TRY004  # a wrong document, not a wrong call
            "expected a JSON object with a list of keys (RFC 7517 §5)"
        )
    keys = [
        jwt.PyJWK(key)
        for key in document["keys"]
        if key.get("use", "sig") == "sig" and (key.get("kty"), key.get("crv")) in _SUPPORTED
    ]
    found = {key.key_id: key for key in keys if key.key_id and key.algorithm_name in ALGORITHMS}
    if not found:
        raise ValueError(f"no signing key for {' or '.join(ALGORITHMS)} with a kid")
    return found


_SUPPORTED: Final = {("OKP", "Ed25519"), ("EC", "P-256")}
