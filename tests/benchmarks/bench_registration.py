"""Importing participants through the gateway of the running platform: time, rate and memory.

    ./dev up --detach --no-demo
    ./dev bench registration --rows 420 5000

Every run sends new people. Seconds count from the upload to the finished job; memory is the peak
of the following process, which must not grow with the file.
"""

import argparse
import csv
import io
import json
import random
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from stdnum.pl import pesel

from demo.names import FEMALE, SURNAMES
from shared.contracts.access import Role
from shared.runtime.development.identity import DevelopmentIdentity

DATA = Path(__file__).parents[2] / ".dev"
HEADER = ("Rodzaj uczestnika", "Sygnatura", "Data zgłoszenia", "Imię", "Nazwisko", "PESEL")
OLDEST = date(1950, 1, 1)
DAYS = 18_000


def file_of(count: int, chance: random.Random) -> bytes:
    """A CSV of people of whom nobody was registered before."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    first = chance.randrange(10_000)
    run = uuid4().hex[:8]
    for number in range(count):
        series, day = divmod(number, DAYS)
        born = OLDEST + timedelta(day)
        digits = f"{born:%y%m%d}{(first + series) % 10_000:04}"
        number_of = digits + pesel.calc_check_digit(digits)
        names = chance.choice(FEMALE), chance.choice(SURNAMES).partition("|")[0]
        writer.writerow(("dependent", f"{run}/{number}", "2026-03-02", *names, number_of))
    return text.getvalue().encode()


def run(client: httpx.Client, content: bytes, progress: Progress, count: int) -> float:
    """Seconds from the upload to the end of the job."""
    task = progress.add_task(f"{count} rows", total=count)
    began = time.monotonic()
    started = client.post(
        "/imports",
        files={"file": ("people.csv", content, "text/csv")},
        data={"partner": "mops-bench", "dry_run": "false", "mode": "good_rows"},
        headers={"Idempotency-Key": str(uuid4())},
    ).raise_for_status()
    while True:
        job = client.get(started.headers["Location"]).raise_for_status().json()
        progress.update(task, completed=job["processed"])
        if job["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    seconds = time.monotonic() - began
    if job["state"] == "failed" or job["created"] != count:
        raise SystemExit(f"not all rows were registered: {job}")
    return seconds


def following() -> psutil.Process:
    return next(
        process
        for process in psutil.process_iter(["cmdline", "cwd"])
        if "follow" in (process.info["cmdline"] or ()) and process.info["cwd"] == str(DATA.parent)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[420, 5000])
    chosen = parser.parse_args()
    state = json.loads((DATA / "up.json").read_text())
    token = DevelopmentIdentity(DATA / "identity").token(Role.COORDINATOR)
    table = Table("rows", "seconds", "rows/s", "peak memory of follow, MB")
    with (
        httpx.Client(
            base_url=state["addresses"]["Gateway"],
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ) as client,
        Progress() as progress,
    ):
        for count in chosen.rows:
            seconds = run(client, file_of(count, random.Random()), progress, count)
            peak = _peak_megabytes(following())
            table.add_row(str(count), f"{seconds:.1f}", f"{count / seconds:.0f}", f"{peak:.0f}")
    Console().print(table)


def _peak_megabytes(process: psutil.Process) -> float:
    """VmHWM of /proc/PID/status, which Linux keeps in kB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


if __name__ == "__main__":
    main()
