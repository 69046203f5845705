"""`python -m services.audit serve | follow | rebuild`, and what only the audit can do:

verify                every ledger, from its first event, against all that was signed; 1: faults
rebuild-tree LEDGER   the tiles of a log anew from its events, which must lead to the recorded head
checkpoint            the latest checkpoint of the audit's own log, which fixes all others
"""

import sys

from shared.runtime.entrypoints import BAD_SETTINGS, run

if __name__ == "__main__" and sys.argv[1:2] not in (["verify"], ["rebuild-tree"], ["checkpoint"]):
    run("audit")  # ends the process; `serve` patches before anything below may be imported

from collections.abc import Callable, Mapping

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from services.audit.application.verifying import Faults, Signed
from services.audit.bootstrap import Tools
from shared.eventstore.transparency.stored import Unsound
from shared.runtime.settings import ServiceSettings, Unconfigured

console = Console(highlight=False)


def verify(tools: Tools) -> int:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
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


def main(arguments: list[str]) -> int:
    actions: dict[tuple[str, int], Callable[[Tools], int]] = {
        ("verify", 1): verify,
        ("rebuild-tree", 2): lambda tools: rebuild_tree(tools, arguments[1]),
        ("checkpoint", 1): checkpoint,
    }
    action = actions.get((arguments[0] if arguments else "", len(arguments)))
    if action is None:
        console.print("expected: verify, rebuild-tree LEDGER, or checkpoint")
        return BAD_SETTINGS
    try:
        with Tools.of(ServiceSettings.load("audit")) as tools:
            return action(tools)
    except Unconfigured as error:
        console.print(f"audit: cannot start:\n{error}", markup=False)
        return BAD_SETTINGS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
