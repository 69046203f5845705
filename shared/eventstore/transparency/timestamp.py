"""Time stamps (RFC 3161): an authority says that the text of a checkpoint existed at a time.

Requests and answers only; who asks over the network sets the time limit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from shared.eventstore.transparency.note import NoteRefused

QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
LONGEST: Final = 64 * 1024
"""Bytes of an answer, certificates included."""


def request(text: str) -> TimeStampRequest:
    """With a nonce, so that an old answer is none, and the wish for the certificate."""
    builder = TimestampRequestBuilder().data(text.encode())
    return builder.hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()


def stamped_at(
    response: bytes, text: str, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> datetime:
    """What the authority says of the text. `nonce` is that of the request, where it is known.

    Raises `NoteRefused` unless a certificate for time stamps that leads to a root signed it.
    """
    if len(response) > LONGEST:
        raise NoteRefused(f"a time stamp has at most {LONGEST} bytes")
    try:
        decoded = decode_timestamp_response(response)
        verifier = VerifierBuilder(roots=list(roots), nonce=nonce).build()
        verifier.verify_message(decoded, text.encode())
    except (VerificationError, ValueError) as refusal:
        raise NoteRefused("the time stamp does not verify") from refusal
    return decoded.tst_info.gen_time
