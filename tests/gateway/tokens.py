"""An identity provider for the tests."""

import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.kernel.errors import Rejected

ISSUER = "https://id.example.org"
AUDIENCE = "tu-jest-praca"


class Issuer:
    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.verifier = Verifier(self.key)

    def token(self, *roles: Role, subject: str = "user-7", **claims: Any) -> str:
        now = int(time.time())
        content = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "roles": sorted(roles),
            "partner": "stowarzyszenie-a",
            "iat": now,
            "exp": now + 300,
        }
        return jwt.encode(content | claims, self.key, algorithm="EdDSA")


class Verifier:
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key.public_key()

    def verify(self, token: str) -> Caller:
        try:
            claims = jwt.decode(
                token, self._key, algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE
            )
        except jwt.InvalidTokenError:
            raise Rejected("token_invalid") from None
        return Caller(
            subject=claims["sub"], roles=frozenset(claims["roles"]), partner=claims["partner"]
        )
