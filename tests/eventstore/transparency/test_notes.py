"""Signed notes, checkpoints, cosignatures and proofs: their formats, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.cosignature import Cosigner, cosigned
from shared.eventstore.transparency.merkle import EMPTY_ROOT, ProofRefused, leaf_hash
from shared.eventstore.transparency.note import Note, NoteRefused, Signer, VerifierKey
from shared.eventstore.transparency.proof import EntryProof
from tests.eventstore.transparency.trees import tree_of

KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
).encode()
"""The example by which the format became known (Go's checksum database)."""

LOG = Signer("log.example/registry", Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = Signer("log.example/registry", Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
WITNESS = Cosigner("witness.example", Ed25519PrivateKey.from_private_bytes(b"\2" * 32))
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ENTRIES = [b"%d" % number for number in range(300)]
TREE = tree_of(ENTRIES)
CHECKPOINT = Checkpoint(LOG.name, TREE.size, TREE.root())


def test_a_note_of_other_software_verifies() -> None:
    key = VerifierKey.parse(KNOWN_KEY)
    note = Note.parse(KNOWN_NOTE)
    assert note.require_signed([key]) == (key,)
    assert (str(key), bytes(note)) == (KNOWN_KEY, KNOWN_NOTE)


def test_what_was_signed_verifies_and_nothing_else() -> None:
    note = LOG.sign(CHECKPOINT.text)
    assert Note.parse(bytes(note)) == note
    assert note.require_signed([OTHER.verifier, LOG.verifier]) == (LOG.verifier,)
    with pytest.raises(NoteRefused, match="no trusted key"):
        note.require_signed([OTHER.verifier])
    forged = Note(note.text.replace("300", "299"), note.signatures)
    with pytest.raises(NoteRefused, match="is wrong"):
        forged.require_signed([LOG.verifier])


def test_a_wrong_signature_of_a_trusted_key_spoils_the_note() -> None:
    good, bad = LOG.sign("one\n"), LOG.sign("two\n")
    with pytest.raises(NoteRefused, match="is wrong"):
        good.signed(bad.signatures[0]).require_signed([LOG.verifier])


@given(st.data())
def test_no_bit_of_a_note_can_be_turned(data: st.DataObject) -> None:
    document = bytearray(bytes(LOG.sign(CHECKPOINT.text)))
    place = data.draw(st.integers(0, len(document) - 1))
    document[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NoteRefused):
        Note.parse(bytes(document)).require_signed([LOG.verifier])


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        b"text\n\n- log AAAAAAA=\n",
        "text\n\n— log\n".encode(),
        "text\n\n— log AAAAAA==\n".encode(),
        "text\n\n— log AAAAAAA\n".encode(),
        "text\n\n— log AAAAAAB=\n".encode(),
        "text\n\n— two words AAAAAAA=\n".encode(),
        "text\n\n— lo+g AAAAAAA=\n".encode(),
        "text\n\n— lo\u00a0g AAAAAAA=\n".encode(),
        "text\n\n— log AAAAAAA=".encode(),
        "text\r\n\n— log AAAAAAA=\n".encode(),
        "te\0xt\n\n— log AAAAAAA=\n".encode(),
        b"text\n\n\xe2\x80\x94 log\xff AAAAAAA=\n",
        ("text\n\n" + "— log AAAAAAA=\n" * 101).encode(),
        ("t" * 1_000_001 + "\n\n— log AAAAAAA=\n").encode(),
    ],
)
def test_what_is_no_note_is_refused(document: bytes) -> None:
    with pytest.raises(NoteRefused):
        Note.parse(document)


def test_sixteen_signatures_are_taken() -> None:
    note = Note.parse(("text\n\n" + "— log AAAAAAA=\n" * 16).encode())
    assert len(note.signatures) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        KNOWN_KEY[:-1],
        KNOWN_KEY.replace("c74f20a3", "c74f20a4"),
        KNOWN_KEY.replace("+A", "+B", 1),
        "a b+c74f20a3+" + KNOWN_KEY.rpartition("+")[2],
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        VerifierKey.parse(text)


@pytest.mark.parametrize("text", ["no newline", "bell\a\n", ""])
def test_a_signer_signs_no_text_that_no_note_can_have(text: str) -> None:
    with pytest.raises(NoteRefused):
        LOG.sign(text)


def test_a_checkpoint_is_read_as_it_is_written() -> None:
    assert Checkpoint.parse(CHECKPOINT.text) == CHECKPOINT
    extended = Checkpoint(LOG.name, 0, EMPTY_ROOT, ("one", "two"))
    assert Checkpoint.parse(extended.text) == extended


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace("\n300\n", "\n0300\n"),
        lambda text: text.replace("\n300\n", "\n-300\n"),
        lambda text: text.replace("\n300\n", "\n3e2\n"),
        lambda text: text.replace("\n300\n", "\n٣\n"),
        lambda text: text.replace("\n300\n", "\n0\n"),
        lambda text: "\n" + text,
        lambda text: text.replace("=\n", "\n"),
        lambda text: "".join(text.splitlines(keepends=True)[:2]) + "AAAA\n",
        lambda text: "".join(text.splitlines(keepends=True)[:2]),
    ],
)
def test_what_is_no_checkpoint_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.parse(change(CHECKPOINT.text))


def test_a_witness_says_when_it_saw_the_head() -> None:
    note = LOG.sign(CHECKPOINT.text)
    witnessed = note.signed(WITNESS.cosign(note.text, AT))
    told = cosigned(Note.parse(bytes(witnessed)), WITNESS.verifier)
    assert told is not None
    assert (told.name, told.at) == (WITNESS.name, AT)
    assert cosigned(note, WITNESS.verifier) is None
    assert witnessed.require_signed([LOG.verifier]) == (LOG.verifier,)
    with pytest.raises(NoteRefused, match="no trusted key"):  # a witness is not the log
        witnessed.require_signed([WITNESS.verifier])


def test_a_cosignature_of_another_head_or_time_is_refused() -> None:
    note = LOG.sign(CHECKPOINT.text)
    other = LOG.sign(Checkpoint(LOG.name, 1, leaf_hash(b"")).text)
    signature = WITNESS.cosign(note.text, AT)
    with pytest.raises(NoteRefused, match="is wrong"):
        cosigned(other.signed(signature), WITNESS.verifier)
    value = bytearray(signature.value)
    value[7] ^= 1
    moved = type(signature)(signature.name, signature.key_id, bytes(value))
    with pytest.raises(NoteRefused, match="is wrong"):
        cosigned(note.signed(moved), WITNESS.verifier)
    short = type(signature)(signature.name, signature.key_id, signature.value[:-1])
    with pytest.raises(NoteRefused, match="wrong length"):
        cosigned(note.signed(short), WITNESS.verifier)


def proof_of(index: int, extra: bytes = b"") -> EntryProof:
    return EntryProof(index, tuple(TREE.inclusion(index)), LOG.sign(CHECKPOINT.text), extra)


@pytest.mark.parametrize("extra", [b"", b"salt"])
@pytest.mark.parametrize("index", [0, 255, 299])
def test_a_proof_leaves_the_machine_and_verifies(index: int, extra: bytes) -> None:
    proof = EntryProof.parse(bytes(proof_of(index, extra)))
    assert proof == proof_of(index, extra)
    assert proof.verify(ENTRIES[index], LOG.name, [LOG.verifier]) == CHECKPOINT
    with pytest.raises(ProofRefused):
        proof.verify(b"another entry", LOG.name, [LOG.verifier])
    with pytest.raises(NoteRefused, match="another log"):
        proof.verify(ENTRIES[index], "log.example/kasa", [LOG.verifier])
    with pytest.raises(NoteRefused, match="no trusted key"):
        proof.verify(ENTRIES[index], LOG.name, [OTHER.verifier])


@given(st.data())
def test_no_bit_of_a_proof_can_be_turned(data: st.DataObject) -> None:
    document = bytearray(bytes(proof_of(200)))
    place = data.draw(st.integers(0, len(document) - 1))
    document[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((NoteRefused, ProofRefused)):
        EntryProof.parse(bytes(document)).verify(ENTRIES[200], LOG.name, [LOG.verifier])


@given(st.binary() | st.text().map(str.encode))
def test_whatever_comes_is_refused_and_never_breaks_a_reader(document: bytes) -> None:
    for parse in (Note.parse, EntryProof.parse):
        with pytest.raises(NoteRefused):
            parse(document)
    text = document.decode(errors="replace")
    for read in (VerifierKey.parse, Checkpoint.parse):
        with pytest.raises(NoteRefused):
            read(text)
