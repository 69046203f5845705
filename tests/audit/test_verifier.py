"""What the verifier of packs says of each thing that can be wrong, also when whoever did it has the key."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.formats.verifier.__main__ import Found, Trust, verify
from services.audit.formats.verifier.texts import Checkpoint, Key, Note, Refused
from services.audit.formats.verifier.trees import EMPTY_ROOT, Frontier, included, leaf_hash
from shared.eventstore.transparency.cosignature import Cosigner
from shared.eventstore.transparency.note import Signer
from tests.audit.made import (
    NEW,
    NOON,
    OLD,
    ORIGIN,
    TRUSTED,
    Made,
    again,
    files_of,
    made,
    pack_of,
    sign,
)
from tests.eventstore.transparency.trees import defined_root, tree_of

EVENTS, HASHES, HEAD = (
    f"logs/registry/{name}" for name in ("events.ndjson", "hashes", "checkpoint")
)
STREAM, OTHER = UUID(int=8), UUID(int=9)
Change = Callable[[bytes], bytes]
Places = dict[tuple[str, str], int]


def found(pack: bytes, **trust: Any) -> Found:
    return verify(io.BytesIO(pack), Trust(**{"keys": (TRUSTED,)} | trust))


def faults(pack: bytes, **trust: Any) -> Places:
    return found(pack, **trust).faults.first


def changed(name: str, change: Change) -> Places:
    files = files_of(made())
    return faults(again(files | {name: change(files[name])}))


def refusal(pack: bytes, **trust: Any) -> str:
    with pytest.raises(Refused) as refused:
        found(pack, **trust)
    return str(refused.value)


def line(position: int, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Change:
    """The entry, and its leaf as read."""

    def apply(content: bytes) -> bytes:
        lines = content.splitlines()
        entry = json.loads(lines[position - 1])
        leaf = json.loads(entry["leaf"])
        change(entry, leaf)
        if leaf != json.loads(entry["leaf"]):
            entry["leaf"] = json.dumps(
                leaf, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
        lines[position - 1] = json.dumps(entry, ensure_ascii=False).encode()
        return b"\n".join(lines) + b"\n"

    return apply


def lines(choose: Callable[[list[bytes]], list[bytes]]) -> Change:
    return lambda content: b"".join(choose(content.splitlines(keepends=True)))


def rewrite(entry: dict[str, Any], leaf: dict[str, Any]) -> None:
    entry["payload"] = entry["payload"].replace("2026", "2027")
    leaf["payload_sha256"] = hashlib.sha256(entry["payload"].encode()).hexdigest()


def of(name: str, value: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def change(_: dict[str, Any], leaf: dict[str, Any]) -> None:
        above, last = name.rpartition(".")[::2]
        target: dict[str, Any] = leaf[above] if above else leaf
        target[last] = value

    return change


def payload(text: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda entry, _: entry.update(payload=text)


CHANGED = "event changed"
PLACE = "event of another place"
ATTACKS: list[tuple[str, Change, Mapping[str, int]]] = [
    (EVENTS, line(5, rewrite), {CHANGED: 5}),
    (EVENTS, line(9, rewrite), {CHANGED: 9}),
    (EVENTS, line(5, payload("{}")), {"payload changed": 5}),
    (EVENTS, line(5, of("commit.meta", {"actor": "x"})), {CHANGED: 5}),
    (EVENTS, line(5, of("position", 6)), {PLACE: 5, CHANGED: 5}),
    (EVENTS, line(5, of("ledger", "kasa")), {PLACE: 5, CHANGED: 5}),
    (EVENTS, line(5, of("version", 9)), {"not the next version of its stream": 5, CHANGED: 5}),
    (EVENTS, line(5, of("version", True)), {"unreadable event": 5, CHANGED: 5}),
    (EVENTS, line(5, of("commit.first", 6)), {"event outside of its commit": 5, CHANGED: 5}),
    (EVENTS, line(5, of("commit.last", 4)), {"event outside of its commit": 5, CHANGED: 5}),
    (EVENTS, line(5, of("commit.at", "now")), {"unreadable event": 5, CHANGED: 5}),
    (EVENTS, line(5, of("type", "other")), {CHANGED: 5}),
    (EVENTS, lines(lambda all_: all_[:4] + all_[5:]), {PLACE: 5, CHANGED: 5, "events missing": 11}),
    (EVENTS, lines(lambda all_: all_[:-1]), {"events missing": 11}),
    (EVENTS, lambda all_: all_[:-5], {"events cut off": 11}),
    (EVENTS, lines(lambda all_: [*all_, all_[-1]]), {"events after the end": 12}),
    (EVENTS, lines(lambda all_: all_[:4] + all_[4:6][::-1] + all_[6:]), {PLACE: 5, CHANGED: 5}),
    (EVENTS, lines(lambda all_: all_[:5] + all_[4:]), {PLACE: 6, "events after the end": 12}),
    (
        EVENTS,
        lines(lambda all_: [*all_[:4], b"{}\n", *all_[5:]]),
        {"unreadable event": 5, CHANGED: 5},
    ),
    (
        EVENTS,
        lines(lambda all_: [*all_[:4], b"[\n", *all_[5:]]),
        {"unreadable event": 5, CHANGED: 5},
    ),
    (HASHES, lambda all_: all_[:64] + bytes(32) + all_[96:], {"hashes changed": 3}),
    (HASHES, lambda all_: all_ + bytes(32), {"events after the end": 12}),
    (HASHES, lambda all_: all_[:-8], {"events cut off": 11}),
    (HASHES, lambda all_: all_[:-32], {"hashes changed": 11}),
    (HEAD, lambda note: note[:-9] + b"AAAAAAAA\n", {}),
    (HEAD, lambda note: note.replace(b"/registry\n11\n", b"/registry\n12\n"), {}),
]


@pytest.mark.parametrize(("name", "change", "expected"), ATTACKS, ids=map(str, range(len(ATTACKS))))
def test_what_was_changed_is_named_with_its_place(
    name: str, change: Change, expected: Mapping[str, int]
) -> None:
    result = changed(name, change)
    told = {what: position for (where, what), position in result.items() if where == "registry"}
    assert told
    assert expected.items() <= told.items()
    assert not result.keys() & {("audit", "event changed"), ("reporting", "event changed")}


def test_a_changed_event_and_its_hash_lead_to_another_root() -> None:
    """From the last good head on, since nothing is left to compare single events with."""
    files = files_of(made())
    files[EVENTS] = line(9, rewrite)(files[EVENTS])
    entries = [json.loads(each)["leaf"].encode() for each in files[EVENTS].splitlines()]
    files[HASHES] = b"".join(map(leaf_hash, entries))
    assert faults(again(files)) == {("registry", "root that nobody signed"): 7}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "a pack of another format"),
        ({"keys": []}, "keys is empty"),
        ({"origin": 5}, "origin is missing, or of another type"),
        ({"logs": {}}, "without the whole log of the audit"),
        (
            {"logs": {"audit": {"size": 9, "first": 2, "last": 9}}},
            "without the whole log of the audit",
        ),
        (
            {"logs": {"audit": {"size": 9, "first": 1, "last": 8}}},
            "without the whole log of the audit",
        ),
        (
            {"logs": {"audit": {"size": 9, "first": 0, "last": 9}}},
            "a range that the log does not have",
        ),
        (
            {"logs": {"audit": {"size": 8, "first": 1, "last": 9}}},
            "a range that the log does not have",
        ),
        ({"logs": {"../x": {"size": 8, "first": 1, "last": 8}}}, "a log of no service"),
    ],
)
def test_a_pack_that_says_nothing_sound_of_itself_is_refused(
    change: dict[str, Any], why: str
) -> None:
    files = files_of(made())
    files["pack.json"] = json.dumps(json.loads(files["pack.json"]) | change).encode()
    assert refusal(again(files)) == why


def test_the_manifest_is_of_this_pack_and_lists_every_file() -> None:
    files = files_of(made())

    def signed(text: str, key: Ed25519PrivateKey = NEW, **added: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in (files | added).items():
                archive.writestr(name, content)
            note = bytes(Signer(f"{ORIGIN}/pack", key).sign(text))
            archive.comment = b"hello" if "comment" in added else b""
            archive.writestr("manifest", note)
        return stream.getvalue()

    text = Note.parse(files.pop("manifest")).text
    assert faults(signed(text)) == {}
    assert refusal(signed(text, OLD)) == f"not signed by {ORIGIN}/pack"
    other = text.replace(f"{ORIGIN}/pack", f"{ORIGIN}/other", 1)
    assert faults(signed(other)) == {("manifest", "manifest of another pack"): 0}
    bad = "line that no manifest has"
    assert faults(signed(text + "nonsense\n")) == {("manifest", bad): 0}
    last = text.splitlines()[-1]
    assert faults(signed(f"{text}{last}\n")) == {("manifest", bad): 0}
    assert faults(signed(text + last.replace("pack.json", "gone") + "\n")) == {
        ("gone", "file missing"): 0
    }
    longer = last.split()[1]
    wrong = text.replace(f" {longer} pack.json", f" {int(longer) + 1} pack.json")
    assert faults(signed(wrong)) == {("pack.json", "file changed"): 0}
    listed = "file that the manifest does not list"
    assert faults(signed(text, comment=b"")) == {
        ("comment", listed): 0,
        ("the archive", "comment that no pack has"): 0,
    }


def history(*appended: Callable[[Made], None]) -> Places:
    """Of a log that was signed as it is."""
    audit, registry = Made("audit"), Made("registry")
    for append in appended:
        append(registry)
    sign(audit, [registry], OLD)
    return faults(pack_of([audit, registry], (OLD,)))


def event(stream: UUID = STREAM, **meta: Any) -> Callable[[Made], None]:
    return lambda log: log.append((stream, "trial.Done", {}), **meta)


def test_a_history_that_cannot_be_is_named_although_it_is_what_was_signed() -> None:
    late = "cause that did not come before"
    caused = [event(), event(causation={"ledger": "registry", "position": 1})]
    assert history(*caused) == {}
    for ledger, position in (("registry", 2), ("registry", 3), ("registry", 0), ("audit", 0)):
        cause = {"ledger": ledger, "position": position}
        assert history(event(), event(causation=cause)) == {("registry", late): 2}
    unclear: tuple[Any, ...] = ({"ledger": "registry"}, {"ledger": 1, "position": 1}, 5, None)
    for each in unclear:
        assert history(event(), event(causation=each)) == {("registry", "unreadable event"): 2}

    def skips(log: Made) -> None:
        log._versions[STREAM] = 5
        event()(log)

    assert history(skips, event()) == {("registry", "not the next version of its stream"): 1}


def test_a_cause_in_another_log_was_recorded_before() -> None:
    """Clocks may differ by five seconds."""
    for ahead, sound in ((6, True), (7, False)):
        audit, registry, kasa = Made("audit"), Made("registry"), Made("kasa")
        for _ in range(ahead):
            event()(registry)
        event(causation={"ledger": "registry", "position": ahead})(kasa)
        sign(audit, [registry, kasa], OLD)
        pack = pack_of([audit, registry, kasa], (OLD,))
        expected = {} if sound else {("kasa", "cause that did not come before"): 1}
        assert faults(pack) == expected
        outside = found(pack_of([audit, kasa], (OLD,)))
        assert "1 causes lie outside of this pack" in outside.said


def recorded(change: Callable[[Made, Made], object], *, fixed: bool = True) -> Places:
    """What the audit recorded besides, fixed by its next head."""
    audit, registry = Made("audit"), Made("registry")
    event()(registry)
    event()(registry)
    sign(audit, [registry], OLD)
    change(audit, registry)
    event()(registry)
    sign(audit, [registry] if fixed else [], OLD)
    return faults(pack_of([audit, registry], (OLD,)))


def test_what_the_audit_recorded_is_held_to_itself() -> None:
    assert recorded(lambda _a, _r: None) == {}

    def head(size: int) -> Callable[[Made, Made], object]:
        told = {"ledger": "registry", "size": size, "root": bytes(32).hex()}
        return lambda audit, _: audit.append((STREAM, "audit.Log.HeadRecorded", told))

    def checkpoint(
        key: Ed25519PrivateKey = OLD, origin: str = f"{ORIGIN}/registry", size: int = 2
    ) -> Callable[[Made, Made], object]:
        def append(audit: Made, registry: Made) -> None:
            root = Checkpoint(origin, size, registry.root).root
            text = f"{origin}\n{size}\n{_base64(root)}\n"
            note = bytes(Signer(f"{ORIGIN}/registry", key).sign(text)).decode()
            told = {"ledger": "registry", "size": size, "note": note}
            audit.append((STREAM, "audit.Checkpoint.Signed", told))

        return append

    assert recorded(checkpoint()) == {}
    assert recorded(head(1)) == {("audit", "head that does not grow"): 5}
    assert recorded(head(2)) == {("audit", "head that does not grow"): 5}
    assert recorded(checkpoint(NEW)) == {("audit", f"not signed by {ORIGIN}/registry"): 5}
    assert recorded(checkpoint(size=1)) == {("audit", "checkpoint of no head"): 5}
    other = checkpoint(origin=f"{ORIGIN}/kasa")
    assert recorded(other) == {("audit", "checkpoint of another log"): 5}


def test_the_keys_of_a_pack_are_those_that_the_audit_recorded() -> None:
    files = files_of(made())
    about = json.loads(files["pack.json"])
    about["keys"][1]["position"] += 1
    result = faults(again(files | {"pack.json": json.dumps(about).encode()}))
    assert ("audit", "keys that the audit did not record") in result


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def kept(log: Made, size: int | None = None) -> Checkpoint:
    return Checkpoint(f"{ORIGIN}/{log.name}", log.size if size is None else size, log.root)


def test_kept_checkpoints_begin_the_log() -> None:
    audit, registry = Made("audit"), Made("registry")
    event()(registry)
    event()(registry)
    earlier = kept(registry)
    event()(registry)
    sign(audit, [registry], OLD)
    pack = pack_of([audit, registry], (OLD,))
    assert faults(pack, kept=(earlier, kept(registry))) == {}
    other = earlier._replace(root=bytes(32))
    assert faults(pack, kept=(other,)) == {("registry", "not the history of a kept checkpoint"): 1}
    longer = kept(registry, 4)
    assert faults(pack, kept=(longer,)) == {("registry", "shorter than a kept checkpoint"): 4}
    elsewhere = earlier._replace(origin="example.org/x")
    missing = "kept checkpoint of a log that is not here"
    assert faults(pack, kept=(elsewhere,)) == {("example.org/x", missing): 0}


def test_the_end_of_a_log_is_where_the_audit_says() -> None:
    """A shorter log, its own checkpoint with it, signed by the key."""
    audit, registry = Made("audit"), Made("registry")
    event()(registry)
    event()(registry)
    sign(audit, [registry], OLD)
    files = files_of(pack_of([audit, registry], (OLD,)))
    about = json.loads(files["pack.json"])
    about["logs"]["registry"] = {"size": 1, "first": 1, "last": 1}
    files["pack.json"] = json.dumps(about).encode()
    files[EVENTS] = files[EVENTS].splitlines(keepends=True)[0]
    files[HASHES] = files[HASHES][:32]
    text = f"{ORIGIN}/registry\n1\n{_base64(files[HASHES])}\n"
    files[HEAD] = bytes(Signer(f"{ORIGIN}/registry", OLD).sign(text))
    assert faults(again(files, OLD)) == {("registry", "not the log that the audit recorded"): 1}


def test_only_the_latest_key_ends_a_pack() -> None:
    files = files_of(made())
    note = Note.parse(files["logs/audit/checkpoint"])
    files["logs/audit/checkpoint"] = bytes(Signer(f"{ORIGIN}/audit", OLD).sign(note.text))
    unsigned = "checkpoint not signed by the key of this installation"
    assert faults(again(files))["audit", unsigned] == 9


def test_witnesses_are_believed_when_they_are_trusted_and_right() -> None:
    files = files_of(made())
    witness = Cosigner("witness.example.org", OLD)
    key = Key.parse(str(witness.verifier))
    text = Note.parse(files[HEAD]).text
    for cosigned, fault, said in (
        (text, None, "registry: cosigned by witness.example.org at 2026-02-01T12:00:00Z"),
        (text + "x\n", "the signature of witness.example.org is wrong", None),
    ):
        signature = f"{witness.cosign(cosigned, NOON)}\n".encode()
        result = found(again(files | {HEAD: files[HEAD] + signature}), witnesses=(key,))
        assert [what for _, what in result.faults.first] == ([fault] if fault else [])
        assert said is None or said in result.said
    assert "registry: not cosigned by witness.example.org" in found(made(), witnesses=(key,)).said


def test_trees_are_those_of_the_standard() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT == defined_root([])
    entries = [b"%d" % number for number in range(40)]
    for size, entry in enumerate(entries, 1):
        frontier.add(leaf_hash(entry))
        root = frontier.root()
        assert root == defined_root(entries[:size])
        tree = tree_of(entries[:size])
        for index in range(size):
            path = tree.inclusion(index)
            leaf = leaf_hash(entries[index])
            assert included(leaf, index, size, path, root)
            assert not included(leaf, index, size, [*path, bytes(32)], root)
            assert not included(leaf, index, size, [*path, b""], root)
            assert not (path and included(leaf, index, size, path[:-1], root))
            assert not included(leaf, index, size, path, bytes(32))
            assert not included(leaf, -1, size, path, root)
            assert not included(leaf, size, size, path, root)
            assert size == 1 or not included(leaf, index ^ 1, size, path, root)
