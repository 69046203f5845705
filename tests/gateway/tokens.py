"""An identity provider for the tests, with the real verifier of its tokens."""

import json
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from shared.contracts.access import Role
from shared.runtime.authority import KeySet, TokenVerifier

ISSUER = "https://id.example.org"
AUDIENCE = "tu-jest-praca"
KEY_ID = "one"


class Issuer:
    """Signs tokens; its public key set is a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.key = Ed25519PrivateKey.generate()
        public = OKPAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        self.key_set = folder / "keys.json"
        self.key_set.write_text(json.dumps({"keys": [public | {"kid": KEY_ID, "use": "sig"}]}))
        self.verifier = TokenVerifier(ISSUER, AUDIENCE, KeySet(str(self.key_set)))

    def token(self, *roles: Role, **claims: Any) -> str:
        return jwt.encode(
            self.claims(*roles, **claims), self.key, algorithm="EdDSA", headers={"kid": KEY_ID}
        )

    def claims(self, *roles: Role, subject: str = "user-7", **claims: Any) -> dict[str, Any]:
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
        return content | claims
