"""What outsiders say of a checkpoint is attached only when they are trusted and said it of this one."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.application.anchoring import Anchoring
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from shared.contracts.audit import views
from shared.contracts.audit.commands import AttachCosignature
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.cosignature import Cosigned, Cosigner, cosigned
from shared.eventstore.transparency.note import Note, Signer
from shared.kernel.errors import Rejected
from tests.audit.conftest import ACT, AUDITOR, WATCHED, Auditing
from tests.driving import act_by

AT = datetime(2026, 2, 1, 10, tzinfo=UTC)
TODAY = date(2026, 2, 1)
WITNESS = Cosigner("witness.example.org", Ed25519PrivateKey.generate())
STRANGER = Cosigner("stranger.example.org", Ed25519PrivateKey.generate())
IMPOSTOR = Cosigner(WITNESS.name, Ed25519PrivateKey.generate())


@pytest.fixture
def checkpoint() -> SignedCheckpoint:
    signer = Signer("example.org/registry", Ed25519PrivateKey.generate())
    made = SignedCheckpoint(checkpoint_id("registry", 7))
    made.sign("registry", 7, signer.sign(Checkpoint(signer.name, 7, bytes(32)).text), TODAY)
    return made


def test_a_trusted_witness_is_attached_once(checkpoint: SignedCheckpoint) -> None:
    signatures = checkpoint.note.signatures
    line = str(WITNESS.cosign(checkpoint.note.text, AT))
    checkpoint.cosign(line, (STRANGER.verifier, WITNESS.verifier), TODAY)
    assert cosigned(checkpoint.note, WITNESS.verifier) == Cosigned(WITNESS.name, AT)
    assert checkpoint.note.signatures[: len(signatures)] == signatures
    with pytest.raises(Rejected, match=r"audit.cosigned_already"):
        checkpoint.cosign(line, (WITNESS.verifier,), TODAY)


@pytest.mark.parametrize(
    "line",
    [
        lambda text: str(STRANGER.cosign(text, AT)),
        lambda text: str(IMPOSTOR.cosign(text, AT)),
        lambda text: str(WITNESS.cosign(text.replace("\n7\n", "\n8\n"), AT)),
        lambda text: str(WITNESS.cosign(text, AT)) + "\n" + str(STRANGER.cosign(text, AT)),
        lambda text: "\n\n" + str(WITNESS.cosign(text, AT)),
        lambda _text: "— witness.example.org AAAA",
        lambda _text: "nonsense",
        lambda _text: "",
    ],
)
def test_anything_else_is_refused(checkpoint: SignedCheckpoint, line: Callable[[str], str]) -> None:
    before = bytes(checkpoint.note)
    with pytest.raises(Rejected, match=r"audit.cosignature_refused"):
        checkpoint.cosign(line(checkpoint.note.text), (WITNESS.verifier,), TODAY)
    assert bytes(checkpoint.note) == before


def test_by_default_nobody_is_trusted(checkpoint: SignedCheckpoint) -> None:
    with pytest.raises(Rejected, match=r"audit.cosignature_refused"):
        checkpoint.cosign(str(WITNESS.cosign(checkpoint.note.text, AT)), (), TODAY)


def test_an_attached_cosignature_is_served_and_its_record_is_signed(auditing: Auditing) -> None:
    auditing.append(3)
    auditing.rounds().round()
    audit = auditing.audit()
    signed = audit.load(SignedCheckpoint, checkpoint_id(WATCHED, 3))
    command = AttachCosignature(
        ledger=WATCHED, size=3, signature=str(WITNESS.cosign(signed.note.text, AT))
    )
    own = auditing.log("audit").size
    Anchoring([WITNESS.verifier]).attach_cosignature(
        audit, command, act_by(AUDITOR, "audit.attach_cosignature")
    )
    found = auditing.queries().get_checkpoint(views.GetCheckpoint(ledger=WATCHED), ACT)
    assert cosigned(Note.parse(found.note.encode()), WITNESS.verifier) == Cosigned(WITNESS.name, AT)
    auditing.rounds().round()
    assert auditing.log("audit").size > own
