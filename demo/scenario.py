"""The partnership played through the gateway, from the upload of its file to the dashboard.

Every command has a key that depends on its person and step alone: played twice, nothing happens
twice.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from demo.gateway import Gateway, Login, Refused
from demo.mistakes import rows_of
from demo.partnership import LEAD
from demo.people import Person, people
from demo.records import Correction, corrections, registration
from demo.story import story

FILE = Path(__file__).parent / "participants.xlsx"
COORDINATOR = Login("coordinator", LEAD.id)
CONCURRENCY = 8
PAGE = 200
POLL = 0.25
PATIENCE = 120.0
"""Seconds for an import, or for a read model to show what was recorded."""
T = TypeVar("T")


class Progress(Protocol):
    """Where the scenario tells how far it is."""

    def stage(self, name: str, total: int = 0) -> None: ...

    def advance(self) -> None: ...


@dataclass
class Played:
    """What playing came to."""

    dry_run: dict[str, Any] = field(default_factory=dict)
    imported: dict[str, Any] = field(default_factory=dict)
    commands: int = 0
    repeated: int = 0
    """Commands that the platform had seen before."""
    position: int = 0
    """Of the last commit the scenario knows of."""
    failures: list[str] = field(default_factory=list)
    dashboard: dict[str, Any] = field(default_factory=dict)


class Scenario:
    """One playing of the demonstration."""

    def __init__(self, gateway: Gateway, today: date, progress: Progress) -> None:
        self._gateway = gateway
        self._today = today
        self._progress = progress
        self._file = (FILE.name, FILE.read_bytes())
        self._rows, self._mistakes = rows_of(people())
        self._played = Played()
        self._ids: dict[str, str] = {}

    async def play(self) -> Played:
        """Raises `Refused` where nothing sensible could follow; other refusals are counted."""
        await self._import()
        await self._find_ids()
        await self._each("mended rows, one by one", self._mended(), self._register)
        await self._each("people", self._people(), self._live)
        await self._each("corrections", self._corrections(), self._correct)
        await self._decide_duplicates()
        self._played.dashboard = await self._gateway.read(
            COORDINATOR, "/dashboard", at_least=self._played.position
        )
        return self._played

    async def _import(self) -> None:
        self._progress.stage("dry run of the file")
        self._played.dry_run = await self._import_job("dry-run", dry_run=True)
        self._progress.stage("import of the good rows")
        self._played.imported = await self._import_job("good-rows", dry_run=False)

    async def _import_job(self, key: str, *, dry_run: bool) -> dict[str, Any]:
        fields = {"partner": LEAD.id, "dry_run": str(dry_run).lower(), "mode": "good_rows"}
        started = await self._gateway.upload(
            COORDINATOR, "/imports", fields, self._file, f"demo/import/{key}"
        )

        async def finished() -> dict[str, Any] | None:
            job = await self._gateway.read(COORDINATOR, f"/imports/{started['id']}")
            return job if job["state"] in {"done", "failed"} else None

        job = await _until(finished, f"import {key}")
        if job["state"] == "failed":
            raise Refused(f"import {key}: {job['failure']}")
        return job

    async def _find_ids(self) -> None:
        """The ids that the platform gave to the people of the file, by their file numbers."""
        refused = set(self._mistakes.refused)
        expected = {row.person.reference for row in self._rows} - refused
        self._progress.stage("reading the list back")

        async def listed() -> bool | None:
            self._ids |= {p["reference"]: p["id"] for p in await self._list()}
            return expected <= self._ids.keys() or None

        await _until(listed, "the imported people in the list")

    async def _list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = await self._gateway.read(COORDINATOR, "/participants", limit=PAGE, cursor=cursor)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _mended(self) -> list[Person]:
        refused = set(self._mistakes.refused)
        return [row.person for row in self._rows if row.person.reference in refused]

    def _people(self) -> list[Person]:
        """Everybody once; not those whom a second partner wrote down too."""
        copies = {copy for _, copy in self._mistakes.doubled}
        unique = {row.person.reference: row.person for row in self._rows}
        return [person for reference, person in unique.items() if reference not in copies]

    def _corrections(self) -> list[Correction]:
        return corrections([row.person for row in self._rows], self._mistakes)

    async def _register(self, person: Person) -> None:
        key = f"demo/{person.reference}/register"
        receipt = await self._command(
            _caseworker(person), "/participants", registration(person), key
        )
        self._ids[person.reference] = receipt["id"]

    async def _live(self, person: Person) -> None:
        version = 1
        for step in story(person, self._today):
            login = COORDINATOR if step.by_coordinator else _caseworker(person)
            path = f"/participants/{self._ids[person.reference]}{step.path}"
            key = f"demo/{person.reference}/{step.name}"
            receipt = await self._command(login, path, step.body, key, version)
            version = receipt["version"]

    async def _correct(self, correction: Correction) -> None:
        """Request it, unless that was done; another person decides, unless it is left open."""
        reference = correction.person.reference
        record = f"/participants/{self._ids[reference]}"
        key = f"demo/{reference}/correction"
        recorded = await self._recorded(correction)
        if recorded is None:
            version = await self._version(record)
            body = {
                "requested_on": correction.requested_on,
                "reason": correction.reason,
                "source_document": correction.source_document,
                **correction.right,
            }
            login = _caseworker(correction.person)
            await self._command(login, record + correction.path, body, key, version)
            recorded = await self._recorded(correction)
        if recorded is None or recorded["state"] != "requested" or correction.approve is None:
            return
        decision = {
            "decided_on": correction.requested_on + timedelta(3),
            "approve": correction.approve,
            "justification": correction.justification,
        }
        path = f"{record}/corrections/{recorded['id']}/decision"
        version = await self._version(record)
        await self._command(COORDINATOR, path, decision, f"{key}/decision", version)

    async def _recorded(self, correction: Correction) -> dict[str, Any] | None:
        page = await self._gateway.read(
            COORDINATOR,
            "/corrections",
            participant_id=self._ids[correction.person.reference],
            at_least=self._played.position,
        )
        document = correction.source_document
        return next((c for c in page["items"] if c["source_document"] == document), None)

    async def _version(self, path: str) -> int:
        seen = await self._gateway.read(COORDINATOR, path, at_least=self._played.position)
        return int(seen["version"])

    async def _decide_duplicates(self) -> None:
        """One pair is merged, the twins are told apart, a second pair is left to the user."""
        original, copy = self._mistakes.doubled[0]
        kept = self._ids[original]
        await self._decide((original, copy), "merge", "Ta sama osoba u dwóch partnerów", kept=kept)
        await self._decide(
            self._mistakes.twins, "dismissal", "Bliźniaczki, okazano dowody obu sióstr"
        )

    async def _decide(
        self, pair: tuple[str, str], decision: str, justification: str, **more: str
    ) -> None:
        self._progress.stage(f"duplicate: {decision}")
        ids = {self._ids[reference] for reference in pair}

        async def found() -> dict[str, Any] | None:
            for state in ("suspected", "merged", "dismissed"):
                cases = await self._gateway.read(COORDINATOR, "/duplicates", state=state)
                for case in cases["items"]:
                    if {case["first"]["id"], case["second"]["id"]} == ids:
                        return dict(case)
            return None

        case = await _until(found, f"the suspicion to decide on ({decision})")
        if case["state"] == "suspected":
            body = {"decided_on": self._today, "justification": justification, **more}
            path = f"/duplicates/{case['id']}/{decision}"
            key = f"demo/{'/'.join(pair)}/{decision}"
            with self._counted():
                await self._command(COORDINATOR, path, body, key, case["version"])

    async def _command(
        self,
        login: Login,
        path: str,
        body: Mapping[str, Any],
        key: str,
        version: int | None = None,
    ) -> dict[str, Any]:
        receipt = await self._gateway.command(login, path, body, key, version)
        self._played.commands += 1
        self._played.repeated += receipt["repeated"]
        self._played.position = max(self._played.position, receipt["position"])
        return receipt

    async def _each(
        self, stage: str, items: Sequence[T], act: Callable[[T], Awaitable[None]]
    ) -> None:
        """Act on all items, `CONCURRENCY` at a time; what is refused is counted, the rest goes on."""
        self._progress.stage(stage, len(items))
        waiting = iter(items)

        async def work() -> None:
            for item in waiting:
                with self._counted():
                    await act(item)
                self._progress.advance()

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            self._played.failures.append(str(refused))


def _caseworker(person: Person) -> Login:
    return Login("caseworker", person.partner)


async def _until(found: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Ask until there is an answer. Raises `Refused` when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while (answer := await found()) is None:
        if time.monotonic() > deadline:
            raise Refused(f"waited {PATIENCE:.0f} s for {what}")
        await asyncio.sleep(POLL)
    return answer
