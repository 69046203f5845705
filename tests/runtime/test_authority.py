"""Tokens: only what the pinned issuer signed for us, with an algorithm of ours, gets in."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from shared.contracts.access import Role
from shared.kernel.errors import Rejected
from shared.runtime import authority
from shared.runtime.authority import KeySet, TokenVerifier

ISSUER, AUDIENCE = "https://identity.example", "platform"
LATER = 4_102_444_800  # 2100
KEY = ed25519.Ed25519PrivateKey.generate()
EC_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = ed25519.Ed25519PrivateKey.generate()


def public(key: Any, key_id: str) -> dict[str, Any]:
    algorithm = OKPAlgorithm if isinstance(key, ed25519.Ed25519PrivateKey) else ECAlgorithm
    found: dict[str, Any] = algorithm.to_jwk(key.public_key(), as_dict=True)
    return found | {"kid": key_id, "use": "sig"}


@pytest.fixture
def key_set(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [public(KEY, "one"), public(EC_KEY, "two")]}))
    return path


@pytest.fixture
def verifier(key_set: Path) -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, KeySet(str(key_set)))


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    content = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "person-7",
        "iat": now,
        "exp": now + 60,
        "roles": ["caseworker"],
    } | changes
    return {name: value for name, value in content.items() if value is not None}


def signed(content: dict[str, Any], key: Any = KEY, algorithm: str = "EdDSA", **header: Any) -> str:
    return jwt.encode(content, key, algorithm, headers={"kid": "one"} | header)


def unsigned_part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Rejected) as refused:
        verifier.verify(token)
    assert refused.value.details == {}
    return refused.value.code


def test_a_good_token_tells_who_calls(verifier: TokenVerifier) -> None:
    participant = uuid4()
    content = claims(
        roles=["participant", "someone-elses-role"],
        partner="p1",
        participant_id=str(participant),
        aud=["other", AUDIENCE],
    )
    caller = verifier.verify(signed(content))
    assert caller.subject == "person-7"
    assert caller.roles == {Role.PARTICIPANT}
    assert caller.partner == "p1"
    assert caller.participant_id == participant


def test_elliptic_curve_signatures_are_accepted(verifier: TokenVerifier) -> None:
    assert verifier.verify(signed(claims(), EC_KEY, "ES256", kid="two")).subject == "person-7"


def test_an_expired_token_says_so(verifier: TokenVerifier) -> None:
    assert refusal(verifier, signed(claims(exp=int(time.time()) - 60))) == "token_expired"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://identity.example.evil"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"roles": None},
        {"sub": 7},
        {"roles": "coordinator"},
        {"roles": [{"coordinator": True}]},
        {"partner": 7},
        {"participant_id": "not a uuid"},
        {"nbf": LATER},
        {"iat": LATER},
        {"exp": 1e400},
        {"exp": "soon"},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_not_ours_are_refused(
    verifier: TokenVerifier, changes: dict[str, Any]
) -> None:
    assert refusal(verifier, signed(claims(**changes))) == "token_invalid"


def test_a_signature_by_another_key_is_refused(verifier: TokenVerifier) -> None:
    assert refusal(verifier, signed(claims(), STRANGER)) == "token_invalid"


def test_a_changed_claim_breaks_the_signature(verifier: TokenVerifier) -> None:
    head, _, signature = signed(claims()).split(".")
    changed = unsigned_part(claims(roles=["coordinator"]))
    assert refusal(verifier, f"{head}.{changed}.{signature}") == "token_invalid"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_unsigned_token_is_refused(verifier: TokenVerifier, algorithm: str) -> None:
    head = unsigned_part({"alg": algorithm, "typ": "JWT", "kid": "one"})
    assert refusal(verifier, f"{head}.{unsigned_part(claims())}.") == "token_invalid"


def test_a_public_key_is_no_shared_secret(verifier: TokenVerifier, key_set: Path) -> None:
    """The classic confusion: HMAC under the bytes of the public key, which everybody has."""
    pem = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (pem, key_set.read_bytes(), json.loads(key_set.read_text())["keys"][0]["x"]):
        secret_bytes = secret if isinstance(secret, bytes) else secret.encode()
        head = unsigned_part({"alg": "HS256", "typ": "JWT", "kid": "one"})
        body = f"{head}.{unsigned_part(claims())}"
        mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        signature = base64.urlsafe_b64encode(mac.sign(body.encode(), secret_bytes)).rstrip(b"=")
        assert refusal(verifier, f"{body}.{signature.decode()}") == "token_invalid"


def test_a_key_signs_with_its_own_algorithm_only(verifier: TokenVerifier) -> None:
    assert refusal(verifier, signed(claims(), EC_KEY, "ES256", kid="one")) == "token_invalid"
    assert refusal(verifier, signed(claims(), KEY, "EdDSA", kid="two")) == "token_invalid"


def test_keys_in_the_token_itself_are_ignored(verifier: TokenVerifier) -> None:
    brought: dict[str, Any] = {
        "jwk": public(STRANGER, "one"),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/certificate",
    }
    assert refusal(verifier, signed(claims(), STRANGER, **brought)) == "token_invalid"
    assert verifier.verify(signed(claims(), **brought)).subject == "person-7"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "…",
        "." * 50,
        "x" * 100_000,
        unsigned_part(json.loads("[" * 900 + "]" * 900)) + ".e30.e30",
        base64.urlsafe_b64encode(b"[" * 12_000).decode() + ".e30.e30",
        unsigned_part(None) + ".e30.e30",
        unsigned_part({"alg": ["EdDSA"], "kid": {"a": 1}}) + ".e30.e30",
    ],
    ids=lambda token: token[:12],
)
def test_nonsense_is_refused(verifier: TokenVerifier, token: str) -> None:
    assert refusal(verifier, token) == "token_invalid"


@pytest.mark.parametrize("crit", [["x"], [], "b64"], ids=str)
def test_an_extension_we_do_not_know_is_refused(verifier: TokenVerifier, crit: Any) -> None:
    assert refusal(verifier, signed(claims(), crit=crit)) == "token_invalid"


def test_a_new_key_is_found_and_unknown_ones_do_not_cause_reads(
    key_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeySet(str(key_set))
    keys.load()
    reads: list[float] = []
    fetch = KeySet._fetch

    def counted(self: KeySet) -> bytes:
        reads.append(time.monotonic())
        return fetch(self)

    monkeypatch.setattr(KeySet, "_fetch", counted)
    key_set.write_text(json.dumps({"keys": [public(STRANGER, "three")]}))
    assert keys.find("three") is not None
    assert keys.find("one") is None, "a key that was withdrawn is not accepted any more"
    for number in range(1000):
        assert keys.find(f"unknown-{number}") is None
    assert len(reads) == 1
    monkeypatch.setattr(authority, "REFRESH_SECONDS", 0.0)
    keys.find("unknown")
    assert len(reads) == 2


def test_a_set_that_cannot_be_read_leaves_the_known_keys(
    key_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "REFRESH_SECONDS", 0.0)
    keys = KeySet(str(key_set))
    keys.load()
    for content in ("{", "[]", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'):
        key_set.write_text(content)
        assert keys.find("unknown") is None
        assert keys.find("one") is not None
        with pytest.raises(ValueError, match=r"keys\.json"):
            keys.load()
    key_set.unlink()
    assert keys.find("unknown") is None
    assert keys.find("one") is not None
    with pytest.raises(OSError, match=r"keys\.json"):
        keys.load()


class Provider:
    """An https server that gives out a key set; it can hang or answer without end."""

    def __init__(self, folder: Path) -> None:
        self.content = b"{}"
        self.asked = 0
        self.stall = threading.Event()
        provider = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                if provider.stall.is_set():
                    time.sleep(3)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(provider.content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Page)
        self.certificate, key = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}/keys"


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_keys_come_from_an_https_address(provider: Provider) -> None:
    provider.content = json.dumps({"keys": [public(KEY, "one")]}).encode()
    verifier = TokenVerifier(ISSUER, AUDIENCE, KeySet(provider.url))
    assert verifier.verify(signed(claims())).subject == "person-7"
    assert verifier.verify(signed(claims())).subject == "person-7"
    assert provider.asked == 1


def test_a_provider_with_an_unknown_certificate_is_not_believed(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.content = json.dumps({"keys": [public(KEY, "one")]}).encode()
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        KeySet(provider.url).load()


def test_a_provider_that_hangs_or_floods_is_left(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "FETCH_SECONDS", 0.3)
    monkeypatch.setattr(authority, "FETCH_BYTES", 1000)
    provider.content = b" " * 2000
    with pytest.raises(ValueError, match="more than 1000 bytes"):
        KeySet(provider.url).load()
    provider.stall.set()
    with pytest.raises(OSError, match="timed out"):
        KeySet(provider.url).load()
