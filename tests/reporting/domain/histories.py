"""Histories at random: lawful ones as the registry records them, late, corrected, merged, erased."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from services.reporting.domain.history.facts import Fact, Origin
from shared.contracts.registry.vocabulary import (
    Answer,
    Education,
    Ground,
    LabourStatus,
    Sex,
)
from shared.kernel.personal import ERASED

FIRST: Final = date(2015, 1, 1)
LAST: Final = date(2024, 12, 31)
COUNTRIES: Final = ("PL", "DE", "UA", "BY")


class Told:
    """A fact before it has a place in its ledger: what is recorded later comes later."""

    def __init__(self, fact: Fact, order: tuple[datetime, int]) -> None:
        self.fact, self.order = fact, order


class Chronicle:
    def __init__(self, seed: int, persons: int) -> None:
        self.random = Random(seed)
        self.told: list[Told] = []
        self.persons = [UUID(int=number + 1) for number in range(persons)]
        self.clock: dict[UUID, datetime] = {}

    def day(self, first: date, last: date) -> date:
        return first + timedelta(self.random.randint(0, max(0, (last - first).days)))

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def tell(
        self,
        kind: str,
        subject: UUID,
        on: date,
        /,
        monitoring: dict[str, Any] | None = None,
        special: dict[str, Any] | None = None,
        **data: Any,
    ) -> None:
        """Recorded on the day or later, and after what was recorded of the subject before."""
        late = self.random.choice((0, 0, 1, 3, 40, 200))
        at = datetime.combine(on + timedelta(late), time(self.random.randint(0, 23)), UTC)
        at = max(at, self.clock.get(subject, at) + timedelta(seconds=1))
        self.clock[subject] = at
        ledger = kind.partition(".")[0]
        fact = Fact(
            subject, f"{kind}.v1", Origin(ledger, 0, subject), at, on, data, monitoring, special
        )
        self.told.append(Told(fact, (at, len(self.told))))

    def facts(self) -> list[Fact]:
        """With positions, in the order of recording by ledger; erased boxes read as erased."""
        for subject in self.persons:
            self.live(subject)
        self.merge()
        self.train()
        self.fund()
        positions: dict[str, int] = {}
        found = []
        for told in sorted(self.told, key=lambda each: each.order):
            ledger = told.fact.origin.ledger
            positions[ledger] = place = positions.get(ledger, 0) + 1
            event_id = UUID(int=(place << 8) + len(ledger))
            found.append(told.fact._replace(origin=Origin(ledger, place, event_id)))
        erased = {each.subject for each in found if "erased" in each.kind}
        return [_erased(each) if each.subject in erased else each for each in found]

    def live(self, subject: UUID) -> None:
        applied = self.day(FIRST, date(2022, 1, 1))
        self.tell(
            "registry.participant_registered",
            subject,
            applied,
            {"monitoring": self.monitoring(applied, 12)},
            {"special": self.special()} if self.chance(80) else None,
            applied_on=applied.isoformat(),
            kind=self.random.choice(("dependent", "dependent", "staff")),
            partner=self.random.choice(("mops", "fundacja")),
        )
        if self.chance(10):
            return
        started = self.day(applied, applied + timedelta(60))
        self.tell("registry.participant_enrolled", subject, started, started_on=started.isoformat())
        steps = [("start", started)]
        if self.chance(40):
            changed = self.day(applied - timedelta(20), started + timedelta(200))
            box = {"monitoring": self.monitoring(changed, 60)}
            self.tell(
                "registry.participant_updated",
                subject,
                changed,
                box,
                changed_on=changed.isoformat(),
            )
        steps += self.stays(subject, started)
        self.correct(subject, steps)
        if self.chance(6):
            day = self.day(started, LAST)
            self.tell(
                "registry.participant_erased",
                subject,
                day,
                data_classes=["identity", "monitoring", "special"],
                erased_on=day.isoformat(),
            )

    def stays(self, subject: UUID, started: date) -> list[tuple[str, date]]:
        steps: list[tuple[str, date]] = []
        day = started
        while self.chance(75) and len(steps) < 8:
            left = self.day(day, day + timedelta(300))
            steps.append(("exit", left))
            self.tell(
                "registry.participant_exited",
                subject,
                left,
                exited_on=left.isoformat(),
                as_planned=self.chance(70),
            )
            observed = left
            for _ in range(self.random.choice((0, 1, 1, 1, 2))):
                observed = self.day(observed + timedelta(1), left + timedelta(28))
                if observed <= left + timedelta(28):
                    steps.append(("outcome", observed))
                    self.result("outcome", subject, observed)
            day = left
            if self.chance(50):
                later = left + timedelta(self.random.randint(184, 214))
                steps.append(("follow_up", later))
                self.result("follow_up", subject, later)
                day = later
            if not self.chance(25):
                break
            day = self.day(day + timedelta(1), day + timedelta(90))
            steps.append(("re_entry", day))
            self.tell(
                "registry.participant_re_entered", subject, day, re_entered_on=day.isoformat()
            )
        return steps

    def result(self, kind: str, subject: UUID, on: date) -> None:
        box = {"situation": self.situation()}
        self.tell(f"registry.{kind}_recorded", subject, on, box, observed_on=on.isoformat())

    def correct(self, subject: UUID, steps: list[tuple[str, date]]) -> None:
        """At most one day is moved, within what lies around it, so the order stays lawful."""
        if self.chance(25):
            day = self.day(steps[0][1], LAST)
            values = self.monitoring(day, 70)
            if fields := [f"/monitoring/{name}" for name in values]:
                values.pop(self.random.choice(list(values)))
                in_force = self.day(steps[0][1] - timedelta(30), day)
                self.tell(
                    "registry.participant_corrected",
                    subject,
                    day,
                    {"monitoring": values},
                    decided_on=day.isoformat(),
                    in_force_on=in_force.isoformat(),
                    fields=[*fields, "/identity/phone"],
                )
        if self.chance(25):
            index = self.random.randrange(len(steps))
            kind, was = steps[index]
            is_on = self.moved(steps, index)
            situation = self.situation() if kind in {"outcome", "follow_up"} else None
            day = self.day(steps[-1][1], steps[-1][1] + timedelta(400))
            step = {
                "version": 9,
                "step": kind,
                "was_on": was.isoformat(),
                "is_on": is_on.isoformat(),
            }
            self.tell(
                "registry.steps_corrected",
                subject,
                day,
                {"situations": {"9": situation}} if situation else None,
                decided_on=day.isoformat(),
                steps=[step],
            )

    def moved(self, steps: list[tuple[str, date]], index: int) -> date:
        kind, was = steps[index]
        before = steps[index - 1][1] + timedelta(1) if index else was - timedelta(30)
        after = steps[index + 1][1] - timedelta(1) if index + 1 < len(steps) else was
        if kind in {"outcome", "follow_up"}:
            after = min(after, was)
        return self.day(before, after) if before <= after else was

    def merge(self) -> None:
        for one, other in zip(self.persons[::2], self.persons[1::2], strict=False):
            if not self.chance(12):
                continue
            day = self.day(date(2020, 1, 1), LAST)
            self.tell(
                "registry.participant_merged", other, day, into=str(one), decided_on=day.isoformat()
            )
            if self.chance(30):
                undone = self.day(day, day + timedelta(200))
                self.tell(
                    "registry.merge_undone",
                    other,
                    undone,
                    out_of=str(one),
                    decided_on=undone.isoformat(),
                )

    def train(self) -> None:
        edition = UUID(int=5000)
        for number in range(3):
            session = UUID(int=6000 + number)
            held = self.day(FIRST, LAST)
            marks = [
                {"participant_id": str(each), "minutes": self.random.choice((0, 90, 135))}
                for each in self.persons
                if self.chance(50)
            ]
            self.tell(
                "training.attendance_settled",
                session,
                held,
                edition_id=str(edition),
                held_on=held.isoformat(),
                minutes=135,
                marks=marks,
            )
            if marks and self.chance(50):
                who = UUID(str(self.random.choice(marks)["participant_id"]))
                decided = self.day(held + timedelta(220), held + timedelta(300))
                self.tell(
                    "training.attendance_corrected",
                    who,
                    decided,
                    session_id=str(session),
                    edition_id=str(edition),
                    held_on=held.isoformat(),
                    decided_on=decided.isoformat(),
                    minutes_before=90,
                    minutes=self.random.choice((0, 45, 135)),
                )
        for number, each in enumerate([*self.persons, *self.persons]):
            if self.chance(25):
                self.certify(each, UUID(int=5000 + number), UUID(int=7000 + number))

    def certify(self, subject: UUID, edition: UUID, certificate: UUID) -> None:
        gained = self.day(FIRST, LAST)
        programme: dict[str, Any] = {"edition_id": str(edition), "programme_code": "P1"}
        self.tell(
            "training.qualification_gained",
            subject,
            gained,
            gained_on=gained.isoformat(),
            body="Izba",
            register_number="R1",
            **programme,
        )
        issued: dict[str, Any] = {"certificate_id": str(certificate), "number": "1/2020"}
        result = self.random.choice(("qualification", "competence"))
        self.tell(
            "training.certificate_issued",
            subject,
            gained,
            issued_on=gained.isoformat(),
            result=result,
            **issued,
            **programme,
        )
        if self.chance(30):
            day = self.day(gained, gained + timedelta(100))
            self.tell(
                "training.certificate_revoked",
                subject,
                day,
                revoked_on=day.isoformat(),
                reason="fraud",
                **issued,
            )

    def fund(self) -> None:
        for number in range(4):
            enterprise = UUID(int=8000 + number)
            day = self.day(FIRST, LAST)
            self.tell(
                "kasa.enterprise_founded",
                enterprise,
                day,
                code=f"E{number}",
                kind=self.random.choice(("social_cooperative", "other")),
                partner="mops",
                founded_on=day.isoformat(),
            )
            for advice in range(self.random.randint(0, 2)):
                on = self.day(FIRST, LAST)
                self.tell(
                    "kasa.advice_delivered",
                    enterprise,
                    on,
                    consultation_id=str(UUID(int=8100 + 10 * number + advice)),
                    delivered_on=on.isoformat(),
                    minutes=60,
                )
            place: dict[str, Any] = {
                "place_id": str(UUID(int=8200 + number)),
                "participant_id": str(self.random.choice(self.persons)),
                "created_on": day.isoformat(),
            }
            self.tell("kasa.job_place_created", enterprise, day, share="0.75", **place)
            if self.chance(40):
                lost = self.day(day, LAST)
                self.tell(
                    "kasa.job_place_lost", enterprise, lost, lost_on=lost.isoformat(), **place
                )
            grosz = f"{self.random.randint(1, 9999)}.{self.random.randint(10, 99)}"
            self.tell(
                "kasa.contract_signed",
                enterprise,
                day,
                contract_id=str(UUID(int=8300 + number)),
                offer=self.random.choice(("loan", "grant")),
                amount={"amount": grosz, "currency": "PLN"},
                signed_on=day.isoformat(),
            )

    def monitoring(self, day: date, missing: int) -> dict[str, Any]:
        values = {
            "sex": self.random.choice(tuple(Sex)).value,
            "born_on": self.day(date(1950, 1, 1), date(2004, 12, 31)).isoformat(),
            "citizenship": self.random.choice(COUNTRIES),
            "education": self.random.choice(tuple(Education)).value,
            "labour_status": self.random.choice(tuple(LabourStatus)).value,
            "unemployed_since": self.day(day - timedelta(800), day).isoformat(),
        }
        return {name: each for name, each in values.items() if not self.chance(missing)}

    def special(self) -> dict[str, Any]:
        answers: dict[str, Any] = {
            name: self.random.choice(tuple(Answer)).value
            for name in ("disability", "minority", "foreign_origin", "homeless")
            if self.chance(80)
        }
        if self.chance(70):
            number = self.random.randint(0, 2)
            answers["grounds"] = [each.value for each in self.random.sample(tuple(Ground), number)]
        return answers

    def situation(self) -> dict[str, Any]:
        return {
            "labour_status": self.random.choice(tuple(LabourStatus)).value,
            "in_education_or_training": self.chance(40),
            "gained_qualification": self.chance(40),
            "searching_for_work": self.chance(40),
            "improved": self.random.choice((None, True, False)),
        }


def _erased(fact: Fact) -> Fact:
    return fact._replace(monitoring=fact.monitoring and ERASED, special=fact.special and ERASED)


def at_random(seed: int, persons: int = 12) -> list[Fact]:
    return Chronicle(seed, persons).facts()
