"""A key signs when the one before it named it, and no other does; what older keys signed still holds."""

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.bootstrap import Tools
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.signing import SigningKeys
from services.audit.formats.verifier.texts import Refused
from shared.eventstore.transparency.note import Note, NoteRefused, Signer
from shared.eventstore.transparency.succession import Succession, succeed
from shared.kernel.errors import Rejected
from shared.runtime.settings import Unconfigured
from tests.audit.conftest import WATCHED, Auditing
from tests.audit.packing import ORIGIN, changed, key_of, packed, verified
from tests.audit.test_cosigning import TODAY
from tests.audit.test_verifying import faults_of

OLD, NEW, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def started_with(auditing: Auditing, key: Ed25519PrivateKey) -> None:
    secret = base64.b64encode(key.private_bytes_raw()).decode()
    auditing.settings = auditing.settings.model_copy(update={"signing_key": secret})


def test_the_next_key_signs_on_and_all_that_was_signed_verifies(
    auditing: Auditing, tmp_path: Path
) -> None:
    started_with(auditing, OLD)
    old = key_of(auditing)
    auditing.append(5)
    auditing.rounds().round()
    with Tools.of(auditing.settings, auditing.ledgers) as tools:
        tools.rotate(NEW)
    size = auditing.log().size
    auditing.append(5)
    rounds = auditing.rounds()
    rounds.round()  # by the old key
    assert auditing.log().size == size
    assert "audit" in rounds.details()["refused"]
    with pytest.raises(Unconfigured), Tools.of(auditing.settings, auditing.ledgers) as tools:
        tools.packing  # noqa: B018 - asked for its refusal
    started_with(auditing, NEW)
    auditing.rounds().round()
    assert auditing.log().size == 10
    assert faults_of(auditing) == {}
    pack = packed(auditing)
    for key in (old, key_of(auditing)):
        assert not verified(pack, tmp_path, key).faults.first
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        keys = json.loads(archive.read("pack.json"))["keys"]
    assert [each["position"] > 0 for each in keys] == [False, True]
    refuse_other_keys(pack, keys, old, tmp_path)


def refuse_other_keys(pack: bytes, keys: list[dict[str, object]], old: str, folder: Path) -> None:
    """Whose succession another key wrote, or nobody; and the old one alone is not enough any more."""

    def refusal(*chain: dict[str, object]) -> str:
        def change(content: bytes) -> bytes:
            return json.dumps(json.loads(content) | {"keys": chain}).encode()

        with pytest.raises(Refused) as refused:
            verified(changed(pack, {"pack.json": change}), folder, old)
        return str(refused.value)

    first, second = keys
    forged = bytes(succeed(ORIGIN, OTHER, NEW.public_key())).decode()
    assert refusal(first, second | {"succession": forged}) == "the key before it names another"
    stolen = Note.parse(str(second["succession"]).encode())
    signed = bytes(Signer(f"{ORIGIN}/keys", OTHER).sign(stolen.text)).decode()
    assert refusal(first, second | {"succession": signed}) == f"not signed by {ORIGIN}/keys"
    assert refusal(first, second | {"position": 0}) == "the key before it names another"
    assert refusal(first) == f"not signed by {ORIGIN}/pack"


def test_a_key_that_nobody_named_signs_nothing(auditing: Auditing) -> None:
    started_with(auditing, OLD)
    auditing.append(5)
    auditing.rounds().round()
    started_with(auditing, OTHER)
    auditing.append(5)
    rounds = auditing.rounds()
    rounds.round()
    assert (auditing.log().size, auditing.log().refused) == (5, False)
    assert rounds.details()["refused"]
    with pytest.raises(Unconfigured), Tools.of(auditing.settings, auditing.ledgers) as tools:
        tools.rotate(NEW)
    started_with(auditing, OLD)
    auditing.rounds().round()
    assert auditing.log().size == 10


def test_a_checkpoint_of_the_old_key_after_the_succession_is_a_fault(auditing: Auditing) -> None:
    """Who keeps the old key can sign no more."""
    started_with(auditing, OLD)
    auditing.append(5)
    auditing.rounds().round()
    with Tools.of(auditing.settings, auditing.ledgers) as tools:
        tools.rotate(NEW)
        audit = tools.audit
        head = audit.log_of(WATCHED).head
        forged = SignedCheckpoint(checkpoint_id(WATCHED, 99))
        forged.sign(WATCHED, 5, Signer(f"{ORIGIN}/{WATCHED}", OLD).sign(head.text), TODAY)
        audit.record_own("forge", [forged])
    started_with(auditing, NEW)
    ((ledger, fault),) = faults_of(auditing)
    assert (ledger, fault.value) == ("audit", "signature")


def test_a_succession_goes_on_from_the_present_key_only() -> None:
    keys = SigningKeys()
    keys.succeed(succeed(ORIGIN, OLD, NEW.public_key()), TODAY)
    with pytest.raises(Rejected, match=r"audit.key_not_present"):
        keys.succeed(succeed(ORIGIN, OLD, OTHER.public_key()), TODAY)
    with pytest.raises(Rejected, match=r"audit.key_used_before"):
        keys.succeed(succeed(ORIGIN, NEW, OLD.public_key()), TODAY)
    with pytest.raises(NoteRefused):
        Succession.parse(bytes(Signer(f"{ORIGIN}/keys", OLD).sign("a/keys\nb\nc\n")))
    with pytest.raises(NoteRefused):
        Succession.parse(bytes(succeed(ORIGIN, OLD, OLD.public_key())))
