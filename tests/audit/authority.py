"""A time-stamping authority on this machine: `openssl ts` with certificates made for the occasion."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    folder: Path
    root: x509.Certificate
    signer: x509.Certificate

    @classmethod
    def made(
        cls,
        folder: Path,
        *,
        elliptic: bool = False,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
    ) -> "Authority":
        folder.mkdir()
        ca_key, key = _key(elliptic), _key(elliptic)
        root = _certificate("root", ca_key, "root", ca_key, None)
        signer = _certificate("root", ca_key, "authority", key, usage)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "key.pem").write_bytes(secret)
        (folder / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
        (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
        (folder / "serial").write_text("01")
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
        return cls(folder, root, signer)

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        files = {
            name: str(self.folder / name)
            for name in ("openssl.cnf", "query", "key.pem", "signer.pem", "reply")
        }
        made = ["-config", files["openssl.cnf"], "-queryfile", files["query"]]
        signed = ["-inkey", files["key.pem"], "-signer", files["signer.pem"]]
        subprocess.run(
            ["openssl", "ts", "-reply", *made, *signed, "-out", files["reply"]],
            check=True,
            capture_output=True,
            timeout=20,
        )
        return (self.folder / "reply").read_bytes()


def _key(elliptic: bool) -> Key:
    if elliptic:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(
    issuer: str, issuer_key: Key, name: str, key: Key, usage: x509.ObjectIdentifier | None
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .issuer_name(_name(issuer))
        .subject_name(_name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
