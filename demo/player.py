"""What every part of the scenario does: give commands, several at a time, and wait for what follows."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from demo.gateway import Gateway, Login, Refused
from demo.partnership import LEAD
from demo.people import Person

COORDINATOR = Login("coordinator", LEAD.id)
CONCURRENCY = 8
PAGE = 200
POLL = 0.25
PATIENCE = 120.0
"""Seconds for a job, or for one part of the platform to hear of another."""
ENDED = {"done", "failed"}
NOT_HEARD_YET = {"training.participant_unknown", "training.not_admitted"}
"""How training refuses somebody of whose admission the registry's event has not reached it."""
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
    failures: list[str] = field(default_factory=list)
    dashboard: dict[str, Any] = field(default_factory=dict)
    editions: list[dict[str, Any]] = field(default_factory=list)
    """Each with `held`, the summaries of its sessions."""
    certificates: list[dict[str, Any]] = field(default_factory=list)
    fund: dict[str, Any] = field(default_factory=dict)
    """What `/fund` and the lists of its clients and contracts say."""
    research: dict[str, Any] = field(default_factory=dict)
    """The tables and the needs of the published diagnosis; nothing before it is."""


class Player:
    """Plays against one service: positions of its ledger are compared with each other only."""

    def __init__(self, gateway: Gateway, today: date, progress: Progress, played: Played) -> None:
        self._gateway = gateway
        self._today = today
        self._progress = progress
        self._played = played
        self._position = 0

    @property
    def position(self) -> int:
        """Of the last commit known of."""
        return self._position

    async def _command(
        self,
        login: Login,
        path: str,
        body: Mapping[str, Any],
        key: str,
        version: int | None = None,
        method: str = "POST",
    ) -> dict[str, Any]:
        receipt = await self._gateway.command(login, path, body, key, version, method)
        self._played.commands += 1
        self._played.repeated += receipt["repeated"]
        self._position = max(self._position, receipt["position"])
        return receipt

    async def _job(self, path: str, what: str, by: Login = COORDINATOR) -> dict[str, Any]:
        """The job when it is done. Raises `Refused` when it failed."""

        async def ended() -> dict[str, Any] | None:
            job = await self._gateway.read(by, path)
            return job if job["state"] in ENDED else None

        job = await until(ended, what)
        if job["state"] == "failed":
            raise Refused(f"{what}: {job['failure']}")
        return job

    async def _pages(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All items of a list."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = await self._gateway.read(
                COORDINATOR, path, limit=PAGE, cursor=cursor, at_least=self._position, **query
            )
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

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


def caseworker(person: Person) -> Login:
    return Login("caseworker", person.partner)


async def until(found: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Ask until there is an answer. Raises `Refused` when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while (answer := await found()) is None:
        if time.monotonic() > deadline:
            raise Refused(f"waited {PATIENCE:.0f} s for {what}")
        await asyncio.sleep(POLL)
    return answer
