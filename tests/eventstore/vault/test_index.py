"""Blind indexes."""

import hashlib
import hmac

import pytest

from shared.eventstore.vault import BlindIndex

PESEL = "44051401359"


def test_a_digest_is_hmac_under_a_key_of_the_purpose() -> None:
    # RFC 5869 by hand: extract with a salt of zeros, expand one block.
    extracted = hmac.digest(bytes(32), b"s" * 32, hashlib.sha256)
    key = hmac.digest(extracted, b"blind index/pesel\x01", hashlib.sha256)

    digest = BlindIndex(b"s" * 32).digest("pesel", PESEL)

    assert digest == hmac.digest(key, PESEL.encode(), hashlib.sha256).hex()


def test_digests_tell_values_purposes_and_secrets_apart() -> None:
    index = BlindIndex(b"s" * 32)

    digests = {
        index.digest("pesel", PESEL),
        index.digest("pesel", PESEL[::-1]),
        index.digest("command", PESEL),
        BlindIndex(b"t" * 32).digest("pesel", PESEL),
        hashlib.sha256(PESEL.encode()).hexdigest(),
    }

    assert len(digests) == 5
    assert index.digest("pesel", PESEL) in digests


def test_the_secret_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        BlindIndex(b"short")
