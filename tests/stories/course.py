"""One course on a platform of its own: its users, and the steps that a story is made of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import MongoClient

from demo.people import Person, people
from demo.player import NOT_HEARD_YET
from demo.records import registration
from shared.contracts.access import Role
from shared.kernel.days import POLAND
from tests.stories.playground import SERVICES, Playground, Refused, User, eventually, playground

PARTNER = "mops-kamienna"
TODAY = datetime.now(POLAND).date()
LENGTH = 90
"""Minutes of a session."""


@dataclass
class Course:
    """A competence with a session on each of the days before this week, one for each id."""

    platform: Playground
    days: Sequence[date]
    sessions: Sequence[str]
    participants: list[str] = field(default_factory=list)
    edition: str = ""

    def __post_init__(self) -> None:
        self.mongodb, self.broker = self.platform.mongodb, self.platform.broker
        user = self.platform.user
        self.coordinator: User = user(Role.COORDINATOR, "lead")
        self.other_coordinator: User = user(Role.COORDINATOR, "second")
        self.caseworker: User = user(Role.CASEWORKER, PARTNER)
        self.trainer: User = user(Role.TRAINER, PARTNER)

    def version(self) -> int:
        return int(self.coordinator.read(f"/editions/{self.edition}")["version"])

    def commits(self) -> dict[str, int]:
        """How many each ledger has; the audit's grows by itself, with each head that it signs."""
        with MongoClient[dict[str, Any]](self.mongodb.uri) as client:
            return {
                name: client[f"{name}_ledger"]["commits"].count_documents({})
                for name in SERVICES
                if name != "audit"
            }

    def enrolled(self) -> int:
        """The participants whose support the registry counts as started."""
        tallies = self.coordinator.read("/dashboard")["tallies"]
        return sum(tally["enrolled"] for tally in tallies)

    def begin(self, group: Sequence[Person]) -> None:
        """Admit everybody, open the edition, enrol when training has heard of the admissions."""
        self.participants = [self._admit(person) for person in group]
        self._open()
        for participant in self.participants:
            eventually(partial(self._enrol, participant))

    def settle(self, session: str, version: int) -> None:
        body = {"confirmed_on": self.days[-1].isoformat()}
        self.trainer.give(f"/sessions/{session}/settlement", body, version=version)

    def confirm(self, participant: str) -> None:
        """The last two stages of the competence."""
        version = 0
        for stage in ("assessment", "comparison"):
            body = {
                "stage": stage,
                "reached_on": self.days[-1].isoformat(),
                "achieved": ["E1"],
                "source_document": "PROT/1",
            }
            path = f"/participations/{self.edition}/{participant}/stages"
            version = self.coordinator.give(path, body, version=version)["version"]

    def close(self) -> None:
        body = {"closed_on": self.days[-1].isoformat()}
        self.coordinator.give(f"/editions/{self.edition}/closing", body, version=self.version())

    def order_certificates(self) -> str:
        """The path of the job; the same one whenever it is ordered."""
        body = {"issued_on": TODAY.isoformat()}
        path = f"/editions/{self.edition}/certificates"
        return f"/certificates/issues/{self.coordinator.give(path, body, key='issue')['id']}"

    def _admit(self, person: Person) -> str:
        """Registered, with consents and points, and admitted by the coordinator."""
        applied, scored, decided = (TODAY - timedelta(back) for back in (160, 155, 150))
        person = replace(
            person, partner=PARTNER, applied_on=applied, born_on=None, unemployed_since=None
        )
        body = registration(person) | {"applied_on": applied.isoformat()}
        receipt = self.caseworker.give("/participants", body)
        path, version = f"/participants/{receipt['id']}", receipt["version"]
        consent = {"text_version": "1", "given_on": applied.isoformat()}
        points = {
            "distance_from_labour_market": 30,
            "multiple_disadvantage": 14,
            "motivation": 20,
            "availability": 15,
        }
        decision = {
            "decided_on": decided.isoformat(),
            "decision": "admit",
            "justification": "Enough points",
        }
        steps: list[tuple[User, str, dict[str, Any]]] = [
            (self.caseworker, "/consents", {"purpose": "participation", **consent}),
            (self.caseworker, "/consents", {"purpose": "sensitive_data", **consent}),
            (self.caseworker, "/score", {"scored_on": scored.isoformat(), "points": points}),
            (self.coordinator, "/decision", decision),
        ]
        for user, end, step in steps:
            version = user.give(path + end, step, version=version)["version"]
        return str(receipt["id"])

    def _open(self) -> None:
        early, opened = ((TODAY - timedelta(back)).isoformat() for back in (200, 145))
        content = {
            "code": "KUCH",
            "title_pl": "Kucharz żywienia zbiorowego",
            "title_en": "Canteen cook",
            "result": "competence",
            "hour": "didactic",
            "outcomes": [{"code": "E1", "text": "Gotuje żurek"}],
            "topics": [{"code": "T1", "title": "Zupy", "planned_minutes": LENGTH * len(self.days)}],
            "scope_on": early,
            "standard_on": early,
        }
        give = self.coordinator.give
        programme = give("/programmes", {"content": content, "approved_on": early})
        edition = give(
            "/editions",
            {
                "programme_id": programme["id"],
                "code": "KUCH/1",
                "partner": PARTNER,
                "place": "Skarżysko-Kamienna",
                "opened_on": opened,
            },
        )
        self.edition, path = edition["id"], f"/editions/{edition['id']}"
        contract = {
            "trainer": f"trainer@{PARTNER}",
            "contract": "UM/1",
            "first_day": self.days[0].isoformat(),
            "last_day": self.days[-1].isoformat(),
            "agreed_minutes": LENGTH * len(self.days),
        }
        signed = {"contract": contract, "signed_on": opened}
        version = give(f"{path}/contracts", signed, version=edition["version"])["version"]
        sessions = [
            {
                "id": session,
                "topic": "T1",
                "day": day.isoformat(),
                "starts": "09:00",
                "ends": "10:30",
                "room": "7",
                "trainer": f"trainer@{PARTNER}",
            }
            for session, day in zip(self.sessions, self.days, strict=True)
        ]
        timetable = {"sessions": sessions, "decided_on": opened}
        give(f"{path}/timetable", timetable, version=version, method="PUT")

    def _enrol(self, participant: str) -> dict[str, Any] | None:
        """None while training has not heard of the admission."""
        body = {
            "participant_id": participant,
            "enrolled_on": (TODAY - timedelta(140)).isoformat(),
        }
        try:
            return self.caseworker.give(f"/editions/{self.edition}/enrolments", body)
        except Refused as refused:
            if refused.code in NOT_HEARD_YET:
                return None
            raise


@contextmanager
def course(folder: Path, sessions: int) -> Iterator[Course]:
    """A platform on servers of its own; the course has not begun."""
    days = [TODAY - timedelta(7 + back) for back in range(sessions, 0, -1)]
    with playground(folder) as platform:
        yield Course(platform, days, [str(uuid4()) for _ in days])


def group(size: int) -> list[Person]:
    """People who may take part; none of them looks like another."""
    return [p for p in people() if p.kind == "dependent" and p.pesel][:size]
