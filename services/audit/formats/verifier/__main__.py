"""Verifies a pack of the audit on any machine: needs Python 3.11 or later and `cryptography` only.

    python -I verify.py PACK.zip --key KEY [--checkpoint FILE] [--witness KEY] [--authority PEM]
    python -I verify.py PACK.zip --key KEY --disclosure FILE

KEY is a verifier key (`name+id+key`, or a file of such lines) that you got by another way than this
pack; without one nothing is proven. FILE is a checkpoint that you kept earlier, which must still be a
beginning of the log. PEM is the certificate of a time-stamping authority, or of who issued it.

Everything that does not fit is named with its place; the exit code is 1 then, 2 for what is no pack.
It shares no code with the platform, so that a mistake there is not repeated here. Sources: RFC 9162
(trees), C2SP signed-note, tlog-checkpoint and tlog-cosignature, RFC 3161 and RFC 5652 (time stamps).
"""

import argparse
import base64
import json
import re
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from cryptography import x509

from services.audit.formats.verifier.archive import MANIFEST, Pack, check_manifest
from services.audit.formats.verifier.disclosures import Disclosure
from services.audit.formats.verifier.logs import Causes, LogPass, _signed, latest_of
from services.audit.formats.verifier.recorded import OWN, Heads, Keys, Place, Signed, heads_of
from services.audit.formats.verifier.reports import Line, ReportCheck, Told
from services.audit.formats.verifier.stamps import stamped_at
from services.audit.formats.verifier.texts import (
    Checkpoint,
    Faults,
    Key,
    Note,
    Refused,
    from_base64,
    parse_json,
    told,
)

FORMAT: Final = 1
ABOUT: Final = "pack.json"


@dataclass(frozen=True)
class Trust:
    """What the auditor brings: keys, kept checkpoints, witnesses, time-stamping authorities."""

    keys: tuple[Key, ...] = ()
    kept: tuple[Checkpoint, ...] = ()
    witnesses: tuple[Key, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()


@dataclass
class Found:
    """What verifying found; `said` are sentences about what holds."""

    faults: Faults = field(default_factory=Faults)
    said: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    disclosed: dict[str, Any] | None = None


def verify(file: Path | IO[bytes], trust: Trust, disclosure: Disclosure | None = None) -> Found:
    """Raises `Refused` for what is no pack at all, or of nobody who is trusted."""
    found = Found()
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("not a zip archive") from None
    with archive:
        _verify(Pack(archive, found.faults), trust, disclosure, found)
    return found


def _verify(pack: Pack, trust: Trust, disclosure: Disclosure | None, found: Found) -> None:
    faults = found.faults
    about = parse_json(pack.read(ABOUT))
    if about.get("format") != FORMAT:
        raise Refused("a pack of another format")
    keys, places = Keys.of(about), _places(about)
    if not any(map(keys.named, trust.keys)):
        raise Refused("of no key that you trust")
    manifest = Note.parse(pack.read(MANIFEST))
    manifest.require_signed(Key(f"{keys.origin}/pack", 1, keys.chain[-1].public))
    check_manifest(pack, manifest, keys.origin, faults)
    heads = heads_of(pack, keys, places[OWN].size, faults)
    origins = {f"{keys.origin}/{name}" for name in places}
    for each in trust.kept:
        if each.origin not in origins:
            faults.add(each.origin, "kept checkpoint of a log that is not here")
    causes, told_ = Causes(), Told(faults)
    for name, place in places.items():
        signed = heads.of(name)
        if name != OWN and signed.size != place.size:
            faults.add(name, "not the log that the audit recorded", place.size)
        _witnessed(_held(pack, name, keys, place, signed, faults), name, trust.witnesses, found)
        kept = [each for each in trust.kept if each.origin == f"{keys.origin}/{name}"]
        observe = partial(_observe, name, told_, disclosure)
        LogPass(name, place, signed, kept, causes, observe, faults).run(pack)
        if any(each.size > place.size for each in kept):
            faults.add(name, "shorter than a kept checkpoint", place.size + 1)
        found.said.append(
            f"{name}: {place.size:,} events, {place.first:,} to {place.last:,} in the pack, "
            f"{signed.checkpoints:,} checkpoints"
        )
    if outside := causes.settle(places, faults):
        found.said.append(f"{outside:,} causes lie outside of this pack")
    if disclosure is not None and not any(where == disclosure.ledger for where, _ in faults.first):
        found.disclosed = disclosure.verified()
    _stamps(pack, keys, heads, trust, found)
    _reports(pack, about, told_, found)


def _observe(
    ledger: str,
    told_: Told,
    disclosure: Disclosure | None,
    position: int,
    type_: str,
    payload: bytes,
) -> None:
    if ledger == "reporting":
        told_.observe(position, type_, payload)
    if disclosure is not None:
        disclosure.observe(ledger, position, payload)


def _places(about: Mapping[str, Any]) -> dict[str, Place]:
    """The audit's own log first. Raises `Refused`."""
    listed = told(about, "logs", dict)
    places = {
        name: Place(*(told(each, part, int) for part in ("size", "first", "last")))
        for name, each in sorted(listed.items(), key=lambda item: item[0] != OWN)
    }
    for name, place in places.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise Refused("a log of no service")
        if not 1 <= place.first <= place.last <= place.size < 2**53:
            raise Refused("a range that the log does not have")
    if OWN not in places or (places[OWN].first, places[OWN].last) != (1, places[OWN].size):
        raise Refused("without the whole log of the audit")
    return places


def _held(
    pack: Pack, name: str, keys: Keys, place: Place, signed: Signed, faults: Faults
) -> Note | None:
    """The checkpoint that the log is held to; its root joins those that were recorded."""
    try:
        note, latest = latest_of(pack, name, keys, place)
    except Refused as refusal:
        faults.add(name, str(refusal), place.size)
        return None
    if signed.roots.setdefault(latest.size, latest.root) != latest.root:
        faults.add(name, "checkpoint of no head", place.size)
    return note


def _witnessed(note: Note | None, name: str, witnesses: Sequence[Key], found: Found) -> None:
    for witness in witnesses if note else ():
        try:
            at = note.cosigned(witness) if note else None
        except Refused as refusal:
            found.faults.add(name, str(refusal))
            continue
        seen = f"cosigned by {witness.name} at {at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
        found.said.append(f"{name}: {seen or f'not cosigned by {witness.name}'}")


def _stamps(pack: Pack, keys: Keys, heads: Heads, trust: Trust, found: Found) -> None:
    """Answers of authorities about checkpoints; the text that they saw is made here again."""
    try:
        for line in pack.lines("timestamps.ndjson"):
            stamp = parse_json(line)
            ledger, size = told(stamp, "ledger", str), told(stamp, "size", int)
            root = heads.of(ledger).roots.get(size, b"")
            text = f"{keys.origin}/{ledger}\n{size}\n{base64.b64encode(root).decode()}\n"
            if not trust.authorities:
                found.said.append(f"{ledger}: time stamp of {size:,} events, not looked at")
                continue
            response = from_base64(told(stamp, "response", str))
            at = stamped_at(response, text.encode(), trust.authorities)
            found.said.append(f"{ledger}: {size:,} events existed at {at:%Y-%m-%dT%H:%M:%SZ}")
    except Refused as refusal:
        found.faults.add("timestamps.ndjson", str(refusal))


def _reports(pack: Pack, about: Mapping[str, Any], told_: Told, found: Found) -> None:
    for listed in told(about, "reports", list):
        check = ReportCheck(listed, told_)
        try:
            check.run(pack, found.faults)
        except Refused as refusal:
            found.faults.add(told(listed, "file", str), str(refusal))
        found.lines += check.lines


def tell(found: Found) -> None:
    for sentence in found.said:
        print(sentence)
    for line in found.lines:
        counted = (
            "sealed: its units and their facts were looked at"
            if line.counted is None
            else line.counted
        )
        print(f"report {line.report} {line.code}: {line.said}, from the events: {counted}")
    if found.disclosed:
        print(f"recorded: {json.dumps(found.disclosed, ensure_ascii=False)}")
    for (where, what), position in sorted(found.faults.first.items()):
        times = found.faults.count[where, what]
        print(
            f"FAULT {where}: {what}, first at {position}, {times} times"
            if position
            else f"FAULT {where}: {what}"
        )
    print("DOES NOT VERIFY" if found.faults.first else "everything in this pack is what was signed")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Verify a pack of the audit, or a disclosed field."
    )
    parser.add_argument("pack", type=Path)
    parser.add_argument(
        "--key", action="append", default=[], help="verifier key, or a file of them"
    )
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--authority", type=Path, action="append", default=[])
    parser.add_argument("--disclosure", type=Path)
    given = parser.parse_args(arguments)
    try:
        keys = tuple(key for text in given.key for key in _keys(text))
        disclosure = Disclosure(given.disclosure.read_bytes()) if given.disclosure else None
        trust = Trust(
            keys=keys,
            kept=tuple(_kept(each.read_bytes(), keys) for each in given.checkpoint),
            witnesses=tuple(key for text in given.witness for key in _keys(text)),
            authorities=tuple(
                each
                for file in given.authority
                for each in x509.load_pem_x509_certificates(file.read_bytes())
            ),
        )
        found = verify(given.pack, trust, disclosure)
    except (Refused, OSError) as error:
        return _wrong(str(error))
    tell(found)
    return 1 if found.faults.first else 0


def _keys(text: str) -> list[Key]:
    lines = Path(text).read_text(encoding="utf-8").split() if "+" not in text else [text]
    return [Key.parse(line) for line in lines]


def _kept(document: bytes, keys: Sequence[Key]) -> Checkpoint:
    """As the auditor kept it, signed by a key that is trusted. Raises `Refused`."""
    note = Note.parse(document)
    checkpoint = Checkpoint.parse(note.text)
    if not any(_signed(note, Key(checkpoint.origin, 1, key.public)) for key in keys):
        raise Refused("the kept checkpoint is of no key that you trust")
    return checkpoint


def _wrong(why: str) -> int:
    print(f"refused: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
