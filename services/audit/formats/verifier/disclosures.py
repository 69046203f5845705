"""One personal field shown without the others, and proven to be what was recorded."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from services.audit.formats.verifier.logs import _signed
from services.audit.formats.verifier.texts import (
    Checkpoint,
    Key,
    Note,
    Refused,
    from_base64,
    parse_json,
    told,
)
from services.audit.formats.verifier.trees import included, leaf_hash


def disclosed(document: bytes, keys: Sequence[Key]) -> dict[str, Any]:
    """The one field that a disclosure shows, proven to be what was recorded. Raises `Refused`.

    The event is in the log by a checkpoint that a trusted key signed; its box commits to the field
    by the root of a tree over salted fields, of which only this one's salt is told.
    """
    shown = parse_json(document)
    leaf, payload = told(shown, "leaf", str), told(shown, "payload", str).encode()
    recorded = parse_json(leaf)
    _require_in_log(told(shown, "proof", str).encode(), leaf.encode(), recorded, keys)
    if recorded.get("payload_sha256") != sha256(payload).hexdigest():
        raise Refused("disclosure of another payload")
    salt = from_base64(told(shown, "salt", str))
    if len(salt) < 16:
        raise Refused("disclosure with a salt that is too short")
    stated = [told(shown, "salt", str), told(shown, "field", str), shown.get("value")]
    canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    path = [from_base64(str(each)) for each in told(shown, "path", list)]
    index, size = told(shown, "index", int), told(shown, "size", int)
    for box in told(parse_json(payload), "sealed", list):
        whose = told(box, "subject", str), told(box, "data_class", str)
        root = from_base64(told(box, "fields", str)) if whose == _whose(shown) else b""
        if included(leaf_hash(canonical.encode()), index, size, path, root):
            return shown
    raise Refused("disclosure of what was not recorded")


def _whose(shown: Mapping[str, Any]) -> tuple[str, str]:
    return told(shown, "subject", str), told(shown, "data_class", str)


def _require_in_log(
    proof: bytes, leaf: bytes, recorded: Mapping[str, Any], keys: Sequence[Key]
) -> None:
    """By a C2SP tlog-proof whose checkpoint a trusted key signed. Raises `Refused`."""
    head, _, checkpoint = proof.partition(b"\n\n")
    header, index, *path = head.decode("ascii", errors="replace").split("\n")[:66] + [""] * 2
    note = Note.parse(checkpoint)
    found = Checkpoint.parse(note.text)
    installation, _, ledger = found.origin.rpartition("/")
    trusted = [key for key in keys if key.name.rpartition("/")[0] == installation]
    if not any(_signed(note, Key(found.origin, 1, key.public)) for key in trusted):
        raise Refused("disclosure by no key that you trust")
    position = told(recorded, "position", int)
    if header != "c2sp.org/tlog-proof@v1" or index != f"index {position - 1}":
        raise Refused("disclosure with another proof")
    hashes_ = [from_base64(each) for each in path if each]
    if recorded.get("ledger") != ledger or not included(
        leaf_hash(leaf), position - 1, found.size, hashes_, found.root
    ):
        raise Refused("disclosure of an event that is not in the log")
