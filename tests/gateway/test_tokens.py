"""Tokens as attackers and careless clients send them, over real HTTP."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.access import Role
from tests.gateway.conftest import Gateway
from tests.gateway.tokens import KEY_ID, Issuer

COORDINATOR = Role.COORDINATOR


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(issuer: Issuer, algorithm: str) -> str:
    return f"{part({'alg': algorithm, 'kid': KEY_ID})}.{part(issuer.claims(COORDINATOR))}."


def keyed_by_the_public_key(issuer: Issuer) -> str:
    """RFC 8725 §2.1: the public key taken for the secret of a symmetric algorithm."""
    import hashlib
    import hmac

    raw = issuer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    content = f"{part({'alg': 'HS256', 'kid': KEY_ID})}.{part(issuer.claims(COORDINATOR))}"
    mac = hmac.new(raw, content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def signed_by_a_stranger(issuer: Issuer) -> str:
    stranger = Ed25519PrivateKey.generate()
    return jwt.encode(
        issuer.claims(COORDINATOR), stranger, algorithm="EdDSA", headers={"kid": KEY_ID}
    )


def with_its_own_key(issuer: Issuer) -> str:
    """The token brings the key it wants to be verified by."""
    stranger = Ed25519PrivateKey.generate()
    public = jwt.algorithms.OKPAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    headers = {"kid": KEY_ID, "jwk": public, "jku": "https://evil.example.org/keys"}
    return jwt.encode(issuer.claims(COORDINATOR), stranger, algorithm="EdDSA", headers=headers)


def with_more_roles(issuer: Issuer) -> str:
    header, _, signature = issuer.token(Role.TRAINER).split(".")
    return f"{header}.{part(issuer.claims(COORDINATOR))}.{signature}"


FORGED: list[Callable[[Issuer], str]] = [
    lambda issuer: unsigned(issuer, "none"),
    lambda issuer: unsigned(issuer, "None"),
    lambda issuer: unsigned(issuer, "EdDSA"),
    keyed_by_the_public_key,
    signed_by_a_stranger,
    with_its_own_key,
    with_more_roles,
    lambda issuer: issuer.token(COORDINATOR, iss="https://id.example.com"),
    lambda issuer: issuer.token(COORDINATOR, aud="another-platform"),
    lambda issuer: issuer.token(COORDINATOR, iat=int(time.time()) + 3600),
    lambda issuer: issuer.token(COORDINATOR, sub=None),
    lambda issuer: issuer.token(roles="coordinator"),
    lambda issuer: issuer.token(COORDINATOR)[:-4],
    lambda _: "a.b.c",
    lambda _: "x" * 20_000,
]


@pytest.mark.parametrize("forge", FORGED)
def test_a_forged_token_gets_nobody_in(gateway: Gateway, forge: Callable[[Issuer], str]) -> None:
    token = forge(gateway.issuer)
    response = httpx.get(f"{gateway.url}/dashboard", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert gateway.service.calls == []


def test_an_expired_token_is_told_as_such(gateway: Gateway) -> None:
    token = gateway.issuer.token(COORDINATOR, exp=int(time.time()) - 60)
    response = httpx.get(f"{gateway.url}/dashboard", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["code"]) == (401, "token_expired")
    assert gateway.service.calls == []


@pytest.mark.parametrize("roles", [["god"], []])
def test_roles_that_are_not_ours_grant_nothing(gateway: Gateway, roles: list[Any]) -> None:
    token = gateway.issuer.token(roles=roles)
    response = httpx.get(f"{gateway.url}/dashboard", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
