"""Time stamps (RFC 3161, RFC 5652), read and verified with no more than `cryptography`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256, sha384, sha512
from typing import Any, Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.audit.formats.verifier.texts import Refused

INTEGER, OCTETS, OBJECT, TIME, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31
SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
TST_INFO: Final = bytes.fromhex("2a864886f70d0109100104")
CONTENT_TYPE: Final = bytes.fromhex("2a864886f70d010903")
MESSAGE_DIGEST: Final = bytes.fromhex("2a864886f70d010904")
SIGNING_CERTIFICATE: Final = bytes.fromhex("2a864886f70d010910022f")
DIGESTS: Final[Mapping[bytes, tuple[Callable[[bytes], Any], hashes.HashAlgorithm]]] = {
    bytes.fromhex("608648016503040201"): (sha256, hashes.SHA256()),
    bytes.fromhex("608648016503040202"): (sha384, hashes.SHA384()),
    bytes.fromhex("608648016503040203"): (sha512, hashes.SHA512()),
}


class Der(NamedTuple):
    """One element of DER; `whole` is its encoding."""

    tag: int
    body: bytes
    whole: bytes

    def inside(self, tag: int = SEQUENCE) -> list["Der"]:
        """The elements within an element of this tag. Raises `Refused`."""
        return der(self.of(tag))

    def of(self, tag: int) -> bytes:
        if self.tag != tag:
            raise Refused("time stamp of another form")
        return self.body


def der(data: bytes) -> list[Der]:
    """The elements, one after the other; lengths as DER writes them. Raises `Refused`."""
    found: list[Der] = []
    at = 0
    while at < len(data):
        start, size, at = at, data[at + 1] if at + 1 < len(data) else 0x80, at + 2
        if size >= 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count], "big")
            at += count
            if not 1 <= count <= 4 or size < 0x80 or size >> 8 * (count - 1) == 0:
                raise Refused("time stamp not in DER")
        if at + size > len(data) or data[start] & 0x1F == 0x1F:
            raise Refused("time stamp not in DER")
        found.append(Der(data[start], data[at : at + size], data[start : at + size]))
        at += size
    return found


def stamped_at(response: bytes, text: bytes, authorities: Sequence[x509.Certificate]) -> datetime:
    """When a trusted authority says that the text existed. Raises `Refused`."""
    try:
        return _stamped_at(response, text, authorities)
    except Refused:
        raise
    except (LookupError, ValueError, UnsupportedAlgorithm, InvalidSignature, StopIteration):
        raise Refused("time stamp that does not verify") from None


def _stamped_at(response: bytes, text: bytes, authorities: Sequence[x509.Certificate]) -> datetime:
    (answer,) = der(response)
    status, token = answer.inside()
    if status.inside()[0].of(INTEGER) != b"\0":
        raise Refused("time stamp that was not granted")
    type_, content = token.inside()
    (data,) = content.inside(0xA0)
    _, _, encapsulated, *others = data.inside()
    kind, wrapped = encapsulated.inside()
    (info,) = wrapped.inside(0xA0)
    (signer,) = others[-1].inside(SET)
    if (type_.of(OBJECT), kind.of(OBJECT)) != (SIGNED_DATA, TST_INFO):
        raise Refused("not a time stamp")
    at = _told_time(info.of(OCTETS), text)
    certificates = [each for part in others if part.tag == 0xA0 for each in der(part.body)]
    certificate = _require_signed(signer, info.body, [each.whole for each in certificates])
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Refused("time stamp outside of its certificate's validity")
    _require_trusted(certificate, authorities)
    return at


def _told_time(info: bytes, text: bytes) -> datetime:
    (outer,) = der(info)
    _, _, imprint, _, at, *_ = outer.inside()
    algorithm, digest = imprint.inside()
    digest_of, _ = DIGESTS.get(algorithm.inside()[0].of(OBJECT), (None, None))
    if digest_of is None or digest_of(text).digest() != digest.of(OCTETS):
        raise Refused("time stamp of another checkpoint")
    seconds = at.of(TIME).decode("ascii").removesuffix("Z").split(".")[0]
    return datetime.strptime(seconds, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _require_signed(signer: Der, info: bytes, carried: Sequence[bytes]) -> x509.Certificate:
    """The certificate of the key that signed the attributes, which name it and the content."""
    _, _, algorithm, attributes, _, signature, *_ = signer.inside()
    digest_of, hashed = DIGESTS[algorithm.inside()[0].of(OBJECT)]
    found = {
        each.inside()[0].of(OBJECT): each.inside()[1].inside(SET)
        for each in der(attributes.of(0xA0))
    }
    if found[CONTENT_TYPE][0].of(OBJECT) != TST_INFO:
        raise Refused("time stamp of another content")
    if found[MESSAGE_DIGEST][0].of(OCTETS) != digest_of(info).digest():
        raise Refused("time stamp of another content")
    named = found[SIGNING_CERTIFICATE][0].inside()[0].inside()[0].inside()
    certificate_digest = next(each for each in named if each.tag == OCTETS).body
    name_digest = DIGESTS[named[0].inside()[0].body][0] if named[0].tag == SEQUENCE else sha256
    encoded = next(
        (each for each in carried if name_digest(each).digest() == certificate_digest), None
    )
    if encoded is None:
        raise Refused("time stamp without its certificate")
    certificate = x509.load_der_x509_certificate(encoded)
    message = bytes([SET]) + attributes.whole[1:]
    match certificate.public_key():
        case rsa.RSAPublicKey() as key:
            key.verify(signature.of(OCTETS), message, padding.PKCS1v15(), hashed)
        case ec.EllipticCurvePublicKey() as key:
            key.verify(signature.of(OCTETS), message, ec.ECDSA(hashed))
        case _:
            raise Refused("time stamp by a key of another kind")
    return certificate


def _require_trusted(
    certificate: x509.Certificate, authorities: Sequence[x509.Certificate]
) -> None:
    """One that is trusted, or issued by one that is; for time stamps only (RFC 3161 §2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise Refused("time stamp by a certificate for other uses") from None
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Refused("time stamp by a certificate for other uses")
    for authority in authorities:
        if certificate == authority:
            return
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return
    raise Refused("time stamp by nobody who is trusted")
