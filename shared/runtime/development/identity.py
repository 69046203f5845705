"""The development identity provider: tokens for anyone who asks. Exists only under ``./dev``.

Signs as an OIDC provider would; the gateway and the services are given its public key set and its
issuer as they are given the real provider's in production.
"""

import json
import time
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from shared.contracts.access import Role

ISSUER = "urn:tu-jest-praca:development"
AUDIENCE = "tu-jest-praca"
PARTNER = "mops-kamienna"
"""Of the demonstration, so that a token for curl finds somebody."""
VALID_SECONDS = 12 * 3600

LOGINS = {
    Role.COORDINATOR: "Karolina Koordynatorka",
    Role.CASEWORKER: "Celina Doradczyni",
    Role.TRAINER: "Tomasz Trener",
    Role.LOAN_OFFICER: "Lucyna Pożyczkowa",
    Role.COMMITTEE_MEMBER: "Kornelia Komisyjna",
    Role.RESEARCHER: "Bartosz Badacz",
    Role.AUDITOR: "Anna Audytorka",
    Role.OPERATOR: "Olgierd Operator",
    Role.PARTICIPANT: "Piotr Uczestnik",
}
"""Roles and the fictional person who logs in with each."""


class DevelopmentIdentity:
    """A signing key and its public key set in `folder`, made on first use."""

    def __init__(self, folder: Path) -> None:
        self.key_set = folder / "jwks.json"
        self._key_file = folder / "signing-key.pem"
        if not self._key_file.exists():
            self._make_key()
        self._private_key = self._key_file.read_text()

    def token(self, role: Role, *, partner: str = PARTNER, subject: str | None = None) -> str:
        """A bearer token for `role` at `partner`, valid for half a day."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject or f"{role.value}@{partner}",
            "iat": now,
            "exp": now + VALID_SECONDS,
            "jti": str(uuid.uuid4()),
            "roles": [role.value],
            "partner": partner,
            "name": LOGINS[role],
        }
        return jwt.encode(
            claims, self._private_key, algorithm="EdDSA", headers={"kid": self._key_id()}
        )

    def _key_id(self) -> str:
        return str(json.loads(self.key_set.read_text())["keys"][0]["kid"])

    def _make_key(self) -> None:
        key = Ed25519PrivateKey.generate()
        public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        public |= {"kid": uuid.uuid4().hex, "alg": "EdDSA", "use": "sig"}
        self._key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.key_set.write_text(json.dumps({"keys": [public]}, indent=2))
        self._key_file.touch(mode=0o600)
        self._key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
