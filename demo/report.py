"""What the demonstration shows on the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo import fund_report, research_report
from demo.fund_report import titled
from demo.player import Played

SHOWN_FAILURES = 10
ON_THE_COURSE = ("enrolled", "completed", "not_completed", "abandoned")


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
        f"{imported['rejected']} rejected of {imported['rows']} rows.\n"
        f"Commands: {played.commands}, of which {played.repeated} repeated. {seconds:.1f} s."
    )
    for failure in played.failures[:SHOWN_FAILURES]:
        console.print(f"refused: {failure}", markup=False)
    if played.failures:
        console.print(f"{len(played.failures)} commands refused in all")
    console.print(_targets(played.dashboard))
    console.print(_partners(played.dashboard["by_partner"]))
    console.print(_courses(played.editions, played.certificates))
    for part in (*research_report.parts(played.research), *fund_report.parts(played.fund)):
        console.print(part)


def _import_errors(job: Mapping[str, Any]) -> Table:
    table = titled(f"Dry run: {job['rows']} rows, {job['rejected']} with errors")
    table.add_column("row", justify="right")
    table.add_column("column", no_wrap=True)
    table.add_column("what is wrong")
    for error in job["errors"]:
        table.add_row(str(error["row"]), error["column"], error["message_en"])
    return table


def _targets(dashboard: Mapping[str, Any]) -> Table:
    tallies = dashboard["tallies"]
    table = titled(f"{dashboard['project']}: targets against actuals on {dashboard['as_of']}")
    table.add_column("")
    for tally in tallies:
        table.add_column(tally["kind"], justify="right")

    def add(name: str, values: Iterable[int], style: str | None = None) -> None:
        table.add_row(name, *map(str, values), style=style)

    for name in ("target", "countable"):
        add(name, (tally[name] for tally in tallies), "bold")
    for sex in sorted({sex for tally in tallies for sex in tally["by_sex"]}):
        add(f"  {sex}", (tally["by_sex"].get(sex, 0) for tally in tallies))
    add("ever enrolled", (tally["enrolled"] for tally in tallies))
    table.add_section()
    add("registered", (tally["registered"] for tally in tallies), "bold")
    for status in sorted({status for tally in tallies for status in tally["by_status"]}):
        add(f"  {status}", (tally["by_status"].get(status, 0) for tally in tallies))
    return table


def _partners(by_partner: Mapping[str, int]) -> Table:
    table = titled("Participants by partner")
    table.add_column("partner")
    table.add_column("participants", justify="right")
    for partner, count in sorted(by_partner.items()):
        table.add_row(partner, str(count))
    return table


def _courses(
    editions: Sequence[Mapping[str, Any]], certificates: Sequence[Mapping[str, Any]]
) -> Table:
    """Hours are clock hours of sessions whose lists are confirmed."""
    table = titled(f"Training: {len(editions)} editions, {len(certificates)} certificates")
    table.add_column("edition", no_wrap=True)
    for name in ("enrolled", "hours", "completed", "certificates", "revoked"):
        table.add_column(name, justify="right")
    for edition in sorted(editions, key=lambda each: str(each["sessions"][0]["day"])):
        states = Counter(each["state"] for each in edition["enrolments"])
        minutes = sum(each["minutes"] for each in edition["held"] if each["settled"])
        own = [each for each in certificates if each["edition_id"] == edition["id"]]
        figures = (
            sum(states[state] for state in ON_THE_COURSE),
            minutes // 60,
            states["completed"],
            len(own),
            sum(each["revoked_on"] is not None for each in own),
        )
        table.add_row(edition["code"], *map(str, figures))
    return table
