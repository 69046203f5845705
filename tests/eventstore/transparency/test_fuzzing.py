"""Whatever stands there, a parser reads it or refuses it, and a verifier takes nothing that was changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.cosignature import Cosigner, cosigned
from shared.eventstore.transparency.merkle import (
    ProofRefused,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
)
from shared.eventstore.transparency.note import Note, NoteRefused, Signer, VerifierKey
from shared.eventstore.transparency.proof import EntryProof
from shared.eventstore.transparency.succession import Succession, succeed
from shared.eventstore.transparency.tiles import Tile, parse_number
from shared.eventstore.transparency.timestamp import stamped_at
from tests.eventstore.transparency.trees import defined_root

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
ORIGIN = "example.org/log"
SIGNER, WITNESS = Signer(ORIGIN, KEY), Cosigner("witness.example.org", OTHER)
ENTRIES = [f"entry {number}".encode() for number in range(13)]
LEAVES = [leaf_hash(each) for each in ENTRIES]


def hashes(leaves: range) -> bytes:
    return defined_root([ENTRIES[each] for each in leaves])


HEAD = Checkpoint(ORIGIN, len(ENTRIES), hashes(range(len(ENTRIES))))
SIGNED = SIGNER.sign(HEAD.text)
COSIGNED = SIGNED.signed(WITNESS.cosign(HEAD.text, datetime(2026, 2, 1, tzinfo=UTC)))
PROOF = EntryProof(5, tuple(inclusion_proof(5, len(ENTRIES), hashes)), SIGNED, b"more")
NAMED = succeed(ORIGIN, KEY, OTHER.public_key())


@st.composite
def changed(draw: st.DrawFn, document: bytes) -> bytes:
    """Some bytes flipped, dropped, doubled, moved or put in."""
    data = bytearray(document)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        end = min(len(data), at + draw(st.integers(1, 40)))
        match draw(st.integers(0, 4)):
            case 0 if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                data[at:at] = draw(st.binary(max_size=6))
            case _:
                data = data[at:] + data[:at]
    return bytes(data)


anything = st.binary(max_size=300) | st.text(max_size=120).map(
    lambda text: text.encode(errors="replace")
)
READERS: dict[str, Callable[[bytes], Any]] = {
    "note": Note.parse,
    "checkpoint": lambda data: Checkpoint.parse(data.decode(errors="replace")),
    "proof": EntryProof.parse,
    "key": lambda data: VerifierKey.parse(data.decode(errors="replace")),
    "succession": Succession.parse,
    "tile": lambda data: parse_number(data.decode(errors="replace")),
    "stamp": lambda data: stamped_at(data, "x", []),
}
WRITTEN = [
    bytes(COSIGNED),
    HEAD.text.encode(),
    bytes(PROOF),
    str(SIGNER.verifier).encode(),
    bytes(NAMED),
    b"x001/067.p/12",
]


def read(data: bytes) -> None:
    """What one reader takes is written as it stood: there are no two spellings of one thing."""
    for name, reader in READERS.items():
        try:
            found = reader(data)
        except NoteRefused:
            continue
        match found:
            case Note() | EntryProof():
                assert bytes(found) == data
            case Checkpoint():
                assert found.text == data.decode(errors="replace")
            case VerifierKey():
                assert str(found).encode() == data
            case (int(number), int(width)):
                assert Tile(0, number).path(width) == f"tile/0/{data.decode()}"
            case None:
                assert name == "tile"


def take(data: bytes) -> None:
    """A changed note or proof shows what the original shows, or nothing."""
    try:
        note = Note.parse(data)
        note.require_signed([SIGNER.verifier])
    except NoteRefused:
        pass
    else:
        assert note.text in {SIGNED.text, NAMED.text.replace("/keys", "")}
    try:
        if cosigned(Note.parse(data), WITNESS.verifier):
            assert Note.parse(data).text == HEAD.text
    except NoteRefused:
        pass
    try:
        found = EntryProof.parse(data)
        found.verify(ENTRIES[5], ORIGIN, [SIGNER.verifier])
    except (NoteRefused, ProofRefused):
        pass
    else:
        assert (found.index, found.hashes) == (PROOF.index, PROOF.hashes)
        assert found.checkpoint.text == HEAD.text
    try:
        named = Succession.parse(data)
    except NoteRefused:
        pass
    else:
        assert named == Succession.parse(bytes(NAMED))


@settings(max_examples=150)
@given(anything)
def test_anything_is_read_or_refused(data: bytes) -> None:
    read(data)
    take(data)


@settings(max_examples=250)
@given(st.sampled_from(WRITTEN).flatmap(changed))
def test_a_changed_document_is_refused_or_shows_the_same(data: bytes) -> None:
    read(data)
    take(data)


@settings(max_examples=150)
@given(st.integers(1, 13), st.integers(1, 13), st.data())
def test_a_changed_proof_of_consistency_shows_nothing(
    one: int, other: int, data: st.DataObject
) -> None:
    """Of trees whose sizes are given: these are bound by signed heads, not by proofs."""
    first, second = sorted((one, other))
    proof = consistency_proof(first, second, hashes)
    roots = hashes(range(first)), hashes(range(second))
    verify_consistency(first, second, proof, *roots)
    flat = data.draw(changed(b"".join(proof)))
    wrong = [flat[at : at + 32] for at in range(0, len(flat), 32)]
    if wrong != proof:
        with pytest.raises(ProofRefused):
            verify_consistency(first, second, wrong, *roots)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=100_000)
@given(anything | st.sampled_from(WRITTEN).flatmap(changed))
def test_many_are_read_or_refused(data: bytes) -> None:
    read(data)
    take(data)
