"""What the demonstration shows on the terminal."""

from collections.abc import Mapping
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.scenario import Played

SHOWN_FAILURES = 10


class Bars:
    """Progress as bars on a terminal, as plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: Any = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def stage(self, name: str, total: int = 0) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
        self._task = self._progress.add_task(name, total=total or None)
        if not self._console.is_terminal:
            self._console.print(name)

    def advance(self) -> None:
        self._progress.advance(self._task)


def show(console: Console, played: Played, seconds: float) -> None:
    """The import's errors, what was refused, and the dashboard."""
    console.print(_import_errors(played.dry_run))
    imported = played.imported
    console.print(
        f"Imported: {imported['created']} created, {imported['unchanged']} unchanged, "
        f"{imported['rejected']} rejected of {imported['rows']} rows. "
        f"Commands: {played.commands}, of which {played.repeated} repeated. {seconds:.1f} s."
    )
    for failure in played.failures[:SHOWN_FAILURES]:
        console.print(f"refused: {failure}", markup=False)
    if played.failures:
        console.print(f"{len(played.failures)} commands refused in all")
    console.print(_targets(played.dashboard))
    console.print(_partners(played.dashboard["by_partner"]))


def _import_errors(job: Mapping[str, Any]) -> Table:
    table = Table(title=f"Dry run: {job['rows']} rows, {job['rejected']} with errors")
    for header in ("row", "column", "code", "what is wrong"):
        table.add_column(header)
    for error in job["errors"]:
        code = error["code"].removeprefix("registry.")
        table.add_row(str(error["row"]), error["column"], code, error["message_en"])
    return table


def _targets(dashboard: Mapping[str, Any]) -> Table:
    title = f"{dashboard['project']}: targets against actuals on {dashboard['as_of']}"
    table = Table(title=title, min_width=len(title) + 2)
    table.add_column("")
    statuses = sorted({s for tally in dashboard["tallies"] for s in tally["by_status"]})
    sexes = sorted({s for tally in dashboard["tallies"] for s in tally["by_sex"]})
    for tally in dashboard["tallies"]:
        table.add_column(tally["kind"], justify="right")
    rows: list[tuple[str, list[Any]]] = [
        (name, [tally[name] for tally in dashboard["tallies"]])
        for name in ("target", "registered", "enrolled", "countable")
    ]
    rows += [
        (f"countable, {s}", [t["by_sex"].get(s, 0) for t in dashboard["tallies"]]) for s in sexes
    ]
    rows += [(s, [t["by_status"].get(s, 0) for t in dashboard["tallies"]]) for s in statuses]
    for name, values in rows:
        bold = name in {"target", "countable"}
        table.add_row(name, *map(str, values), style="bold" if bold else None)
    return table


def _partners(by_partner: Mapping[str, int]) -> Table:
    table = Table(title="Participants by partner")
    for partner in sorted(by_partner):
        table.add_column(partner, justify="right")
    table.add_row(*(str(by_partner[partner]) for partner in sorted(by_partner)))
    return table
