"""All indicators of all sets, from prepared columns and from the facts as known on a day.

    ./dev bench indicators

CPU seconds of one process, without opening boxes: what reporting's ledger holds sealed is opened
before. `count` is what a question to the read model costs, with every breakdown; `recount` replays
the facts as of two days, which a job does with its progress shown.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.reporting.domain.history.facts import Fact, Known, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import count
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.evidence import evidence
from services.reporting.domain.indicators.explanation import explain
from services.reporting.domain.indicators.frames import prepare
from shared.contracts.registry.vocabulary import Education, LabourStatus, Sex

RULES = Path(__file__).parents[2] / "services/reporting/rules/indicators"
FIRST = date(2022, 1, 1)
LAST = date(2025, 12, 31)
T = TypeVar("T")


def life(random: Random, subject: UUID, sessions: list[UUID]) -> Iterator[tuple[Any, ...]]:
    """Ten facts: applied, started, attended five times, left, and two results."""
    day = FIRST + timedelta(random.randrange(900))
    yield (
        subject,
        "registry.participant_registered.v1",
        day,
        {"kind": random.choice(("dependent", "staff")), "partner": f"p{random.randrange(12)}"},
        {
            "monitoring": {
                "sex": random.choice(SEXES),
                "born_on": f"{random.randint(1955, 2004)}-06-15",
                "education": random.choice(LEVELS),
                "labour_status": random.choice(STATUSES),
                "unemployed_since": "2021-03-01",
                "citizenship": "PL",
            }
        },
        {
            "special": {
                "disability": random.choice(("yes", "no", "refused")),
                "grounds": ["disabled"],
            }
        },
    )
    day += timedelta(20)
    yield (
        subject,
        "registry.participant_enrolled.v1",
        day,
        {"started_on": day.isoformat()},
        None,
        None,
    )
    for _ in range(5):
        day += timedelta(7)
        yield (
            random.choice(sessions),
            "training.attendance_settled.v1",
            day,
            {
                "held_on": day.isoformat(),
                "marks": [{"participant_id": str(subject), "minutes": 90}],
            },
            None,
            None,
        )
    day += timedelta(30)
    yield subject, "registry.participant_exited.v1", day, {"exited_on": day.isoformat()}, None, None
    for kind, days in (("outcome", 20), ("follow_up", 190)):
        on = day + timedelta(days)
        yield (
            subject,
            f"registry.{kind}_recorded.v1",
            on,
            {"observed_on": on.isoformat()},
            {"situation": {"labour_status": random.choice(STATUSES), "searching_for_work": True}},
            None,
        )


SEXES = [each.value for each in Sex]
LEVELS = [each.value for each in Education]
STATUSES = [each.value for each in LabourStatus]


def told(persons: int, seed: int) -> list[Fact]:
    random = Random(seed)
    sessions = [UUID(int=random.getrandbits(128)) for _ in range(1000)]
    facts: list[Fact] = []
    for number in range(persons):
        subject = UUID(int=random.getrandbits(128))
        for about, kind, day, data, monitoring, special in life(random, subject, sessions):
            position = len(facts) + 1
            origin = Origin(kind.partition(".")[0], position, UUID(int=position))
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            at += timedelta(number % 60)
            facts.append(Fact(about, kind, origin, at, day, data, monitoring, special))
    return facts


def timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    console = Console()
    sets = [
        IndicatorSet.parse(path.name, path.read_text()) for path in sorted(RULES.glob("*.toml"))
    ]
    facts = told(arguments.persons, arguments.seed)
    earlier = date(2024, 6, 30)

    with Progress(console=console) as progress:
        bar = progress.add_task("replaying", total=len(facts))
        learn, knowledge = timed(
            lambda: Knowledge.of(
                facts, Known(LAST), lambda done, _all: progress.update(bar, completed=done)
            )
        )
    ready, prepared = timed(lambda: prepare(knowledge, LAST))
    counting, counted = timed(lambda: [count(rules, prepared) for rules in sets])
    again, before = timed(
        lambda: [
            count(rules, prepare(Knowledge.of(facts, Known(earlier)), earlier))
            for rules in sets[-1:]
        ]
    )
    proof, listed = timed(lambda: evidence(counted[0], sets[0].indicators[0].code))
    why, difference = timed(lambda: explain(before[0], counted[-1], facts))

    number = sum(len(each.indicators) for each in sets)
    cells = sum(len(each.cells) for result in counted for each in result.numbers.values())
    table = Table(title=f"{arguments.persons:,} participants, {len(facts):,} facts")
    for heading in ("what", "CPU s", "of"):
        table.add_column(heading)
    for what, seconds, of in (
        ("replay as known on a day", learn, f"{len(facts):,} facts"),
        ("prepare as true on a day", ready, f"{arguments.persons:,} histories"),
        ("count", counting, f"{number} indicators, {cells} cells"),
        ("recount as of two days (replay, prepare, count one set)", again, f"{len(facts):,} facts"),
        ("evidence of one number", proof, f"{listed.number:,} units"),
        ("explain one set", why, f"{len(difference.movements):,} movements"),
    ):
        table.add_row(what, f"{seconds:.2f}", of)
    console.print(table)


if __name__ == "__main__":
    main()
