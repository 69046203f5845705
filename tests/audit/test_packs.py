"""A pack verifies without the platform; whatever is done to it is refused, and located."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.application.anchoring import Anchoring
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.formats.pack import PackWriter
from services.audit.formats.verifier.texts import Checkpoint, Key, Note, Refused
from shared.contracts.audit.commands import AttachCosignature
from shared.eventstore.connection import durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.transparency.cosignature import Cosigner
from shared.eventstore.transparency.note import Signer
from shared.kernel.errors import Rejected
from tests.audit.conftest import AUDITOR, WATCHED, Auditing
from tests.audit.packing import (
    ORIGIN,
    Change,
    changed,
    key_of,
    lines,
    packed,
    run,
    tell_report,
    verified,
)
from tests.driving import act_by

EVENTS, HASHES = f"logs/{WATCHED}/events.ndjson", f"logs/{WATCHED}/hashes"
LEDGERS = (WATCHED, "reporting", "audit")


@pytest.fixture
def whole(auditing: Auditing) -> bytes:
    """Sixty events, forty of them under an earlier head, and a report."""
    auditing.ledgers = LEDGERS
    auditing.append(40)
    tell_report(auditing)
    auditing.rounds().round()
    auditing.append(
        10, {"actor": "a", "role": "b", "causation": {"ledger": WATCHED, "position": 7}}
    )
    auditing.append(10)
    auditing.rounds().round()
    return packed(auditing, registry=None, reporting=None)


def resigned(pack: bytes, key: Ed25519PrivateKey, changes: dict[str, Change]) -> bytes:
    """By somebody who has a key, so that the manifest fits what was changed."""
    out = io.BytesIO()
    with (
        PackWriter(out, ORIGIN) as writer,
        zipfile.ZipFile(io.BytesIO(changed(pack, changes))) as old,
    ):
        for name in old.namelist():
            if name != "manifest":
                writer.add(name, [old.read(name)])
        writer.sign(lambda text: bytes(Signer(f"{ORIGIN}/pack", key).sign(text)))
    return out.getvalue()


def edited(position: int, change: Callable[[dict[str, str]], None]) -> Change:
    def apply(content: bytes) -> bytes:
        told = content.splitlines()
        entry = json.loads(told[position - 1])
        change(entry)
        told[position - 1] = json.dumps(entry, ensure_ascii=False).encode()
        return b"\n".join(told) + b"\n"

    return apply


def flip(entry: dict[str, str]) -> None:
    entry["leaf"] = entry["leaf"].replace("somebody", "nobodyyy")


def test_a_pack_verifies_by_itself_on_a_machine_without_the_platform(
    auditing: Auditing, whole: bytes, tmp_path: Path
) -> None:
    assert packed(auditing, registry=None, reporting=None) == whole
    (tmp_path / "pack.zip").write_bytes(whole)
    ran = run(tmp_path, "pack.zip", "--key", key_of(auditing))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "registry: 60 events, 1 to 60 in the pack, 1 checkpoints" in ran.stdout
    assert "LOANS: 10000, from the events: 10000" in ran.stdout
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = set(archive.namelist())
        secret = auditing.settings.signing_key
        assert secret is not None
        for name in names:
            content = archive.read(name)
            assert secret.encode() not in content
            assert auditing.settings.files_master_key.encode() not in content
    assert {"verify.py", "README.txt", "rules/registry/retention.toml"} <= names
    assert "schemas/registry.participant_enrolled.v1.schema.json" in names


def test_without_a_key_of_the_auditors_own_nothing_is_proven(
    auditing: Auditing, whole: bytes, tmp_path: Path
) -> None:
    (tmp_path / "pack.zip").write_bytes(whole)
    stranger = str(Signer(f"{ORIGIN}/audit", Ed25519PrivateKey.generate()).verifier)
    elsewhere = str(Signer("example.org/other/audit", auditing.rounds().signer("x").key).verifier)
    for keys in ((), ("--key", stranger), ("--key", elsewhere)):
        ran = run(tmp_path, "pack.zip", *keys)
        assert (ran.returncode, ran.stderr) == (2, "refused: of no key that you trust\n")


def test_another_history_signed_by_the_same_key_is_held_to_a_kept_checkpoint(
    auditing: Auditing, whole: bytes, tmp_path: Path
) -> None:
    kept = auditing.settings.checkpoints_folder
    assert kept is not None
    (tmp_path / "kept").write_bytes((kept / f"{WATCHED}.checkpoint").read_bytes())
    (tmp_path / "pack.zip").write_bytes(whole)
    asked = ("pack.zip", "--checkpoint", "kept", "--key", key_of(auditing))
    assert run(tmp_path, *asked).returncode == 0
    for name in ("audit", WATCHED):
        auditing.stored[f"{name}_ledger"]["commits"].delete_many({})
    for each in kept.iterdir():
        each.unlink()
    auditing.stored["audit_ledger"]["snapshots"].delete_many({})
    auditing.views["tiles"].delete_many({})
    auditing.versions.clear()
    auditing.ledger = Ledger(durable(auditing.stored, f"{WATCHED}_ledger"))
    auditing.append(70)
    auditing.rounds().round()
    (tmp_path / "pack.zip").write_bytes(packed(auditing))
    ran = run(tmp_path, "pack.zip", "--key", key_of(auditing))
    assert (ran.returncode, "registry: 70 events" in ran.stdout) == (0, True)
    ran = run(tmp_path, *asked)
    assert ran.returncode == 1
    assert f"FAULT {WATCHED}: not the history of a kept checkpoint" in ran.stdout
    (tmp_path / "pack.zip").write_bytes(packed(auditing, audit=None))
    ran = run(tmp_path, *asked)
    assert f"FAULT {ORIGIN}/{WATCHED}: kept checkpoint of a log that is not here" in ran.stdout


def test_the_archive_has_what_its_manifest_lists_and_nothing_else(
    auditing: Auditing, whole: bytes, tmp_path: Path
) -> None:
    key, rules = key_of(auditing), "rules/registry/retention.toml"

    def refusal(pack: bytes) -> str:
        with pytest.raises(Refused) as refused:
            verified(pack, tmp_path, key)
        return str(refused.value)

    def found(pack: bytes) -> set[tuple[str, str]]:
        return set(verified(pack, tmp_path, key).faults.first)

    other = Ed25519PrivateKey.generate()
    wrong = refusal(resigned(whole, other, {}))
    assert wrong == "not signed by example.org/test/pack"
    assert refusal(changed(whole, {"manifest": lambda note: note.replace(b"rules/", b"rulez/", 1)}))
    assert refusal(whole[:-30]) == "not a zip archive"
    assert refusal(b"PK") == "not a zip archive"
    assert refusal(changed(whole, {"pack.json": lambda _: b"{"})) == "not a JSON object"
    assert found(changed(whole, {rules: lambda text: text + b" "})) == {(rules, "file changed")}
    assert found(changed(whole, {rules: lambda _: None})) == {(rules, "file missing")}
    listed = "file that the manifest does not list"
    assert found(changed(whole, {}, extra=b"")) == {("extra", listed)}
    for name in ("../../etc/passwd", "/etc/passwd", "a/../b", "c:\\x", "a//b", "bad\0name"):
        assert any("name that no pack has" in what for _, what in found(_with(whole, name)))
    assert (rules, "entry given twice") in found(_with(whole, rules))
    assert {"verify.py"} <= set(zipfile.ZipFile(io.BytesIO(whole)).namelist())


def _with(pack: bytes, name: str) -> bytes:
    """With one more entry, of a name that a decent writer of archives refuses or changes."""
    out, plain = io.BytesIO(pack), "x" * len(name)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(plain, b"")
    return out.getvalue().replace(plain.encode(), name.encode())


def test_numbers_are_counted_again(auditing: Auditing, tmp_path: Path) -> None:
    auditing.ledgers = LEDGERS
    auditing.append(1)
    tell_report(auditing, value=12_000)
    auditing.rounds().round()
    pack = packed(auditing, registry=None, reporting=None)
    ((where, what),) = verified(pack, tmp_path, key_of(auditing)).faults.first
    assert where.startswith("reports/")
    assert what == "LOANS: not what the events give"


def test_a_range_has_its_events_and_the_whole_tree(auditing: Auditing, tmp_path: Path) -> None:
    auditing.append(30)
    auditing.rounds().round()
    pack = packed(auditing, registry=(10, 20))
    assert len(lines(zipfile.ZipFile(io.BytesIO(pack)).read(EVENTS))) == 11
    found = verified(pack, tmp_path, key_of(auditing))
    assert not found.faults.first
    attacked = verified(changed(pack, {EVENTS: edited(4, flip)}), tmp_path, key_of(auditing))
    assert attacked.faults.first[WATCHED, "event changed"] == 13
    for wrong in ((0, 5), (5, 4), (20, 31)):
        with pytest.raises(Rejected, match=r"audit.range_unknown"):
            packed(auditing, registry=wrong)


def test_witnesses_are_in_the_pack(auditing: Auditing, tmp_path: Path) -> None:
    auditing.append(3)
    auditing.rounds().round()
    witness = Cosigner("witness.example.org", Ed25519PrivateKey.generate())
    audit = auditing.audit()
    note = audit.load(SignedCheckpoint, checkpoint_id(WATCHED, 3)).note
    line = str(witness.cosign(note.text, datetime(2026, 2, 1, 10, tzinfo=UTC)))
    Anchoring([witness.verifier]).attach_cosignature(
        audit,
        AttachCosignature(ledger=WATCHED, size=3, signature=line),
        act_by(AUDITOR, "audit.attach_cosignature"),
    )
    pack = packed(auditing)
    trusted = (Key.parse(str(witness.verifier)),)
    found = verified(pack, tmp_path, key_of(auditing), witnesses=trusted)
    assert f"{WATCHED}: cosigned by witness.example.org at 2026-02-01T10:00:00Z" in found.said
    impostor = Cosigner(witness.name, Ed25519PrivateKey.generate()).verifier
    found = verified(pack, tmp_path, key_of(auditing), witnesses=(Key.parse(str(impostor)),))
    assert f"{WATCHED}: not cosigned by witness.example.org" in found.said


def test_a_ledger_with_a_gap_is_not_packed(auditing: Auditing) -> None:
    auditing.append(9)
    auditing.rounds().round()
    auditing.commits.delete_one({"_id": 4})
    with pytest.raises(Rejected, match=r"audit.ledger_unsound") as refused:
        packed(auditing)
    assert refused.value.details == {"fault": "missing", "position": 4}


def test_the_parsers_of_both_sides_agree() -> None:
    signer = Signer(f"{ORIGIN}/audit", Ed25519PrivateKey.generate())
    note = signer.sign(f"{ORIGIN}/audit\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
    read = Note.parse(bytes(note))
    read.require_signed(Key.parse(str(signer.verifier)))
    assert Checkpoint.parse(read.text).size == 0
