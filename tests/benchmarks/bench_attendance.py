"""Marks imported through the gateway of the running platform, certificates issued and printed.

    ./dev up --detach --no-demo
    ./dev bench attendance

Every run sends new people to new editions, whose sessions lie in the past. Seconds of the import and
of the issue count from the request to the finished job.
"""

import argparse
import asyncio
import csv
import io
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from demo.gateway import TIMEOUT, Gateway, Login, Refused
from demo.names import FEMALE, SURNAMES
from demo.player import CONCURRENCY, NOT_HEARD_YET, until
from shared.contracts.access import Role
from shared.kernel.days import POLAND
from shared.runtime.development.identity import DevelopmentIdentity
from tests.benchmarks.bench_registration import DATA, HEADER

IMPORT_SECONDS: Final = 30.0
"""What ten thousand marks may take."""
MARKS: Final = 10_000
GROUP: Final = 15
MINUTES: Final = 90
PARTNER: Final = "mops-bench"
COORDINATOR: Final = Login("coordinator", PARTNER)
CASEWORKER: Final = Login("caseworker", PARTNER)
PRINTED: Final = 20
"""Certificates that are fetched as documents, one after the other."""
TODAY: Final = datetime.now(POLAND).date()
T = TypeVar("T")


@dataclass
class Edition:
    """A group of people with a session on each day; the fields below are the platform's."""

    number: int
    days: Sequence[date]
    people: list[str]
    run: str
    sessions: list[str] = field(default_factory=list)
    id: str = ""
    version: int = 0

    @property
    def trainer(self) -> Login:
        return Login("trainer", f"{self.run}-{self.number}")


async def measure(gateway: Gateway, marks: int) -> Table:
    run = uuid4().hex[:8]
    meetings = -(-marks // GROUP)
    groups = -(-meetings // 60)
    days = [TODAY - timedelta(back) for back in range(-(-meetings // groups), 0, -1)]
    console = Console()
    with console.status("people, editions and timetables"):
        people = await _admitted(gateway, run, groups * GROUP)
        programme = await _programme(gateway, run, len(days))
        editions = [
            Edition(number, days, people[number * GROUP : (number + 1) * GROUP], run)
            for number in range(groups)
        ]
        await _each(editions, lambda each: _open(gateway, each, programme))
    with console.status("import"):
        rows, seconds = await _imported(gateway, editions)
    with console.status("lists confirmed, qualifications, closing"):
        await _each(editions, lambda each: _conclude(gateway, each))
    with console.status("certificates"):
        issued, issuing = await _issued(gateway, editions)
        printing = await _printed(gateway, issued)
    verdict = "reached" if seconds * MARKS <= IMPORT_SECONDS * rows else "MISSED"
    table = Table("what", "how many", "measured", "target", "verdict")
    rate = f"{seconds:.1f} s, {rows / seconds:.0f} marks/s"
    table.add_row("marks imported", f"{rows}", rate, f"{MARKS} in {IMPORT_SECONDS:.0f} s", verdict)
    rate = f"{issuing:.1f} s, {len(issued) / issuing:.0f} certificates/s"
    table.add_row("certificates issued", f"{len(issued)}", rate, "", "")
    middle, worst = statistics.median(printing), max(printing)
    rate = f"median {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms"
    table.add_row("certificates printed", f"{len(printing)}", rate, "", "")
    return table


async def _admitted(gateway: Gateway, run: str, count: int) -> list[str]:
    """The ids of new people, admitted in time for the first session."""
    chance = random.Random(run)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    applied = TODAY - timedelta(200)
    for number in range(count):
        names = chance.choice(FEMALE), chance.choice(SURNAMES).partition("|")[0]
        writer.writerow(("staff", f"{run}/{number}", applied, *names, ""))
    fields = {"partner": PARTNER, "dry_run": "false", "mode": "good_rows"}
    file = ("people.csv", text.getvalue().encode())
    started = await gateway.upload(COORDINATOR, "/imports", fields, file, f"{run}/people")
    await _job(gateway, f"/imports/{started['id']}")
    ids: list[str] = []
    cursor = None
    while len(ids) < count:
        page = await gateway.read(
            COORDINATOR, "/participants", partner=PARTNER, limit=200, cursor=cursor
        )
        ids += [p["id"] for p in page["items"] if (p["reference"] or "").startswith(run)]
        cursor = page["next_cursor"]
        await asyncio.sleep(0 if cursor else 0.2)
        ids = ids if cursor or len(ids) == count else []
    points = {"work_with_dependent_groups": 40, "motivation": 30, "passing_on_knowledge": 30}
    consent = {"purpose": "participation", "text_version": "1", "given_on": applied}
    decision = {"decided_on": applied, "decision": "admit", "justification": "enough points"}
    steps = (
        (CASEWORKER, "consents", consent),
        (CASEWORKER, "score", {"scored_on": applied, "points": points}),
        (COORDINATOR, "decision", decision),
    )

    async def admit(participant: str) -> None:
        version = 1
        for login, end, body in steps:
            path, key = f"/participants/{participant}/{end}", f"{run}/{participant}/{end}"
            receipt = await gateway.command(login, path, body, key, version)
            version = receipt["version"]

    await _each(ids, admit)
    return ids


async def _programme(gateway: Gateway, run: str, sessions: int) -> str:
    content = {
        "code": f"B-{run.upper()}",
        "title_pl": "Pomiar",
        "title_en": "Measurement",
        "result": "qualification",
        "hour": "didactic",
        "outcomes": [{"code": "E1", "text": "Mierzy"}],
        "topics": [{"code": "T1", "title": "Miary", "planned_minutes": MINUTES * sessions}],
        "certifying_body": {"name": "Urząd Miar", "register_number": "1"},
    }
    body = {"content": content, "approved_on": TODAY - timedelta(200)}
    receipt = await gateway.command(COORDINATOR, "/programmes", body, f"{run}/programme")
    return str(receipt["id"])


async def _open(gateway: Gateway, edition: Edition, programme: str) -> None:
    opened, key = TODAY - timedelta(150), f"{edition.run}/{edition.number}"
    trainer = f"trainer@{edition.trainer.partner}"
    edition.sessions = [str(uuid4()) for _ in edition.days]
    body: dict[str, Any] = {
        "programme_id": programme,
        "code": f"{edition.run.upper()}/{edition.number}",
        "partner": PARTNER,
        "place": "Kielce",
        "opened_on": opened,
    }
    receipt = await gateway.command(COORDINATOR, "/editions", body, f"{key}/open")
    edition.id, path = receipt["id"], f"/editions/{receipt['id']}"
    contract = {
        "trainer": trainer,
        "contract": key,
        "first_day": edition.days[0],
        "last_day": edition.days[-1],
        "agreed_minutes": MINUTES * len(edition.days),
    }
    body = {"contract": contract, "signed_on": opened}
    receipt = await gateway.command(
        COORDINATOR, f"{path}/contracts", body, f"{key}/contract", receipt["version"]
    )
    sessions = [
        {
            "id": session,
            "topic": "T1",
            "day": day.isoformat(),
            "starts": "09:00",
            "ends": "10:30",
            "room": key,
            "trainer": trainer,
        }
        for session, day in zip(edition.sessions, edition.days, strict=True)
    ]
    body = {"sessions": sessions, "decided_on": opened}
    await gateway.command(
        COORDINATOR, f"{path}/timetable", body, f"{key}/timetable", receipt["version"], "PUT"
    )
    for participant in edition.people:
        edition.version = await _enrolled(gateway, edition, participant, opened)


async def _enrolled(gateway: Gateway, edition: Edition, participant: str, on: date) -> int:
    """The edition's version, once training has heard of the admission."""
    path = f"/editions/{edition.id}/enrolments"
    body = {"participant_id": participant, "enrolled_on": on}

    async def enrolled() -> dict[str, Any] | None:
        try:
            return await gateway.command(COORDINATOR, path, body, f"{edition.run}/{participant}")
        except Refused as refused:
            if refused.code in NOT_HEARD_YET:
                return None
            raise

    return int((await until(enrolled, "training to hear of an admission"))["version"])


async def _imported(gateway: Gateway, editions: Sequence[Edition]) -> tuple[int, float]:
    """All marks of all sessions as one file: rows and seconds."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Zajęcia", "Uczestnik", "Minuty", "Powód nieobecności", "Uwagi"))
    for edition in editions:
        for number, session in enumerate(edition.sessions):
            for place, participant in enumerate(edition.people):
                absent = number > 0 and (number + place) % 10 == 0
                mark = (0, "choroba", "Zwolnienie") if absent else (MINUTES, "", "")
                writer.writerow((session, participant, *mark))
    fields = {"dry_run": "false", "mode": "all_or_nothing"}
    file = ("marks.csv", text.getvalue().encode())
    began = time.monotonic()
    started = await gateway.upload(COORDINATOR, "/attendance/imports", fields, file, str(uuid4()))
    job = await _job(gateway, f"/attendance/imports/{started['id']}")
    seconds = time.monotonic() - began
    rows = sum(len(edition.sessions) * len(edition.people) for edition in editions)
    if job["recorded"] != rows:
        raise SystemExit(f"not all marks were recorded: {job}")
    return rows, seconds


async def _conclude(gateway: Gateway, edition: Edition) -> None:
    key, last = f"{edition.run}/{edition.number}", edition.days[-1]
    for session in edition.sessions:
        await gateway.command(
            edition.trainer,
            f"/sessions/{session}/settlement",
            {"confirmed_on": last},
            f"{key}/{session}",
            1 + len(edition.people),
        )
    for participant in edition.people:
        await gateway.command(
            COORDINATOR,
            f"/participations/{edition.id}/{participant}/qualification",
            {"gained_on": last, "document_number": "1"},
            f"{key}/{participant}/qualification",
            0,
        )
    path = f"/editions/{edition.id}/closing"
    await gateway.command(COORDINATOR, path, {"closed_on": last}, f"{key}/close", edition.version)


async def _issued(gateway: Gateway, editions: Sequence[Edition]) -> tuple[list[str], float]:
    """The ids of all certificates, of one edition after the other, and seconds."""
    issued: list[str] = []
    began = time.monotonic()
    for edition in editions:
        path = f"/editions/{edition.id}/certificates"
        body = {"issued_on": TODAY}
        started = await gateway.command(COORDINATOR, path, body, f"{edition.id}/issue")
        job = await _job(gateway, f"/certificates/issues/{started['id']}")
        if job["refused"]:
            raise SystemExit(f"not everybody got a certificate: {job['refused'][0]}")
        issued += [each["certificate_id"] for each in job["issued"]]
    return issued, time.monotonic() - began


async def _printed(gateway: Gateway, certificates: Sequence[str]) -> list[float]:
    """Seconds of each request for a document."""
    found = []
    for certificate in certificates[:PRINTED]:
        began = time.monotonic()
        await gateway.fetch(COORDINATOR, f"/certificates/{certificate}/document.pdf")
        found.append(time.monotonic() - began)
    return found


async def _job(gateway: Gateway, path: str) -> dict[str, Any]:
    while True:
        job = await gateway.read(COORDINATOR, path)
        if job["state"] == "done":
            return job
        if job["state"] == "failed":
            raise SystemExit(f"{path}: {job['failure']}")
        await asyncio.sleep(0.1)


async def _each(items: Sequence[T], act: Callable[[T], Awaitable[None]]) -> None:
    waiting = iter(items)

    async def work() -> None:
        for item in waiting:
            await act(item)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


async def run(marks: int) -> Table:
    state = json.loads((DATA / "up.json").read_text())
    identity = DevelopmentIdentity(DATA / "identity")

    def token(login: Login) -> str:
        return identity.token(Role(login.role), partner=login.partner)

    url = state["addresses"]["Gateway"]
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT) as http:
        return await measure(Gateway(http, token), marks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", type=int, default=MARKS)
    Console().print(asyncio.run(run(parser.parse_args().marks)))


if __name__ == "__main__":
    main()
