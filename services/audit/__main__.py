"""`python -m services.audit serve | follow | rebuild`, and what only the audit can do:

verify                every ledger, from its first event, against all that was signed; 1: faults
rebuild-tree LEDGER   the tiles of a log anew from its events, which must lead to the recorded head
checkpoint            the latest checkpoint of the audit's own log, which fixes all others
pack FILE [LEDGER[:FIRST-LAST] …]   what verifies on a machine without this platform; all ledgers
                      where none is named
rotate-key FILE       the key that signs from the next start on: base64 of 32 bytes
"""

import sys

from shared.runtime.entrypoints import BAD_SETTINGS, run

if __name__ == "__main__" and not {*sys.argv[1:2]} & {
    "verify",
    "rebuild-tree",
    "checkpoint",
    "pack",
    "rotate-key",
}:
    run("audit")  # ends the process; `serve` patches before anything below may be imported

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from services.audit.application.packing import Range
from services.audit.application.verifying import Faults, Signed
from services.audit.bootstrap import Tools
from shared.eventstore.transparency.stored import Unsound
from shared.eventstore.vault import secret_from_base64
from shared.kernel.errors import Rejected
from shared.runtime.settings import ServiceSettings, Unconfigured

console = Console(highlight=False)


def verify(tools: Tools) -> int:
    with _progress() as progress:
        tasks = {
            each.name: progress.add_task(each.name, total=each.head()) for each in tools.ledgers
        }
        verifying = tools.verifying(lambda ledger, count: progress.advance(tasks[ledger], count))
        faults, signed = verifying.run()
        events = int(sum(task.completed for task in progress.tasks))
    _tell(events, faults, signed)
    return 1 if faults.first else 0


def _tell(events: int, faults: Faults, signed: Mapping[str, Signed]) -> None:
    checkpoints = sum(each.checkpoints for each in signed.values())
    console.print(f"{events:,} events, {checkpoints:,} checkpoints of {len(signed)} logs")
    if not faults.first:
        console.print("everything is what was signed")
        return
    table = Table("ledger", "fault", "first bad position", "times")
    for (ledger, fault), position in sorted(faults.first.items()):
        table.add_row(ledger, fault, str(position), str(faults.count[ledger, fault]))
    console.print(table)


def rebuild_tree(tools: Tools, ledger: str) -> int:
    try:
        size = tools.rebuilt(ledger)
    except Unsound as found:
        console.print(f"{ledger}: not what was signed: {found}; the tiles are as they were")
        return 1
    console.print(f"{ledger}: {size:,} leaves lead to the recorded head")
    return 0


def checkpoint(tools: Tools) -> int:
    note = tools.latest()
    console.print(note or "nothing was signed yet", end="", markup=False, soft_wrap=True)
    return 0 if note else 1


def pack(tools: Tools, file: Path, wanted: Sequence[str]) -> int:
    """Whole or not at all."""
    try:
        chosen = _chosen(wanted, [each.name for each in tools.ledgers])
        fresh = file.with_name(f"{file.name}.new")
        with fresh.open("wb") as stream, _progress() as progress:
            task = progress.add_task("events", total=None)
            count = tools.packing.write(
                stream,
                chosen,
                lambda done, all_: progress.update(task, completed=done, total=all_),
            )
        fresh.replace(file)
    except (ValueError, OSError) as error:
        console.print(f"audit: {error}", markup=False)
        return BAD_SETTINGS
    except Rejected as refusal:
        console.print(f"audit: {refusal.code} {refusal.details}", markup=False)
        return 1
    console.print(f"{count:,} events in {file}")
    return 0


def _chosen(wanted: Sequence[str], known: Sequence[str]) -> dict[str, Range]:
    """All where none is named. Raises `ValueError`."""
    chosen = dict(map(_range, wanted)) or dict.fromkeys(known)
    if unknown := chosen.keys() - set(known):
        raise ValueError(f"there is no ledger {min(unknown)}")
    return chosen


def _range(text: str) -> tuple[str, Range]:
    """`LEDGER` or `LEDGER:FIRST-LAST`. Raises `ValueError`."""
    name, separator, positions = text.partition(":")
    if not separator:
        return name, None
    first, _, last = positions.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        raise ValueError(f"{text}: LEDGER or LEDGER:FIRST-LAST is expected")
    return name, (int(first), int(last))


def rotate_key(tools: Tools, file: Path) -> int:
    try:
        key = Ed25519PrivateKey.from_private_bytes(secret_from_base64(file.read_text().strip()))
        tools.rotate(key)
    except (ValueError, OSError) as error:
        console.print(f"audit: {error}", markup=False)
        return BAD_SETTINGS
    except Rejected as refusal:
        console.print(f"audit: {refusal.code}", markup=False)
        return 1
    console.print("recorded; nothing is signed until AUDIT_SIGNING_KEY is the new key")
    return 0


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _action(arguments: list[str]) -> Callable[[Tools], int] | None:
    match arguments:
        case ["verify"]:
            return verify
        case ["rebuild-tree", ledger]:
            return lambda tools: rebuild_tree(tools, ledger)
        case ["checkpoint"]:
            return checkpoint
        case ["pack", file, *ledgers]:
            return lambda tools: pack(tools, Path(file), ledgers)
        case ["rotate-key", file]:
            return lambda tools: rotate_key(tools, Path(file))
    return None


def main(arguments: list[str]) -> int:
    action = _action(arguments)
    if action is None:
        console.print(f"expected:\n{__doc__}", markup=False)
        return BAD_SETTINGS
    try:
        with Tools.of(ServiceSettings.load("audit")) as tools:
            return action(tools)
    except Unconfigured as error:
        console.print(f"audit: cannot start:\n{error}", markup=False)
        return BAD_SETTINGS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
