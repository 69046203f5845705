"""The courses played through the gateway, from the programmes to the certificates."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.courses import RUNNING, WEEKS, Course
from demo.gateway import Gateway, Login, Refused
from demo.partnership import PARTNERS
from demo.people import Person
from demo.player import COORDINATOR, NOT_HEARD_YET, Played, Player, Progress, caseworker, until
from demo.programmes import APPROVED, PROGRAMMES, Json, Programme

SECOND_COORDINATOR = Login("coordinator", PARTNERS[1].id)
"""Decides where the first one may not, having issued the certificate."""
PASSED_ON_BECAUSE = "Wyjazd do sanatorium w terminie kursu"
LEFT_BECAUSE = "Wyprowadzka z regionu"
HEADER = ("Zajęcia", "Dzień", "Uczestnik", "Minuty", "Powód nieobecności", "Uwagi")


@dataclass
class Held:
    """A course as the platform has it."""

    course: Course
    id: str
    version: int


class Training(Player):
    """`ids` are the platform's, by the file numbers of participants."""

    def __init__(
        self,
        gateway: Gateway,
        today: date,
        progress: Progress,
        played: Played,
        ids: Mapping[str, str],
    ) -> None:
        super().__init__(gateway, today, progress, played)
        self._ids = ids
        self._programmes: dict[str, str] = {}
        self._held: dict[str, Held] = {}

    async def played_first_on(self) -> date:
        """The day to which the course that is going on is anchored: today, when it is new."""
        for edition in await self._pages("/editions"):
            if edition["code"] == RUNNING:
                return date.fromisoformat(edition["first_day"]) - timedelta(WEEKS[0])
        return self._today

    async def play(self, ended: Sequence[Course], running: Course | None) -> None:
        """Play the courses that have ended by today, and the one that is going on."""
        everyone = [*ended, *([running] if running else [])]
        await self._each("programmes", PROGRAMMES, self._lay_down)
        await self._each("courses: timetables and enrolments", everyone, self._prepare)
        ready = [course for course in ended if course.plan.code in self._held]
        self._progress.stage("courses: attendance of all sessions in one file")
        with self._counted():
            await self._import(ready)
        await self._each("courses: lists confirmed, outcomes, closing", ready, self._conclude)
        if running and RUNNING in self._held:
            await self._each("courses: the one going on", [running], self._go_on)
        await self._each("courses: corrections and certificates", ready, self._certify)
        self._progress.stage("courses: the results")
        await self._look()

    async def _lay_down(self, programme: Programme) -> None:
        body = {"content": programme.content, "approved_on": APPROVED}
        receipt = await self._command(
            COORDINATOR, "/programmes", body, f"demo/programme/{programme.code}"
        )
        self._programmes[programme.code] = receipt["id"]

    async def _prepare(self, course: Course) -> None:
        """Open the edition, with its trainer, timetable and people."""
        plan, key = course.plan, _key(course)
        opened = {
            "programme_id": self._programmes[plan.programme.code],
            "code": plan.code,
            "partner": plan.partner,
            "place": plan.place,
            "opened_on": course.opened_on,
        }
        if plan.own_limit:
            opened["limits"] = {"minimum": 8, "maximum": plan.own_limit}
            opened["limits_justification"] = "Tyle stanowisk ma plac manewrowy"
        receipt = await self._command(COORDINATOR, "/editions", opened, f"{key}/open")
        held = Held(course, receipt["id"], receipt["version"])
        signed = {"contract": _contract(course), "signed_on": course.opened_on}
        await self._on(held, COORDINATOR, "/contracts", signed, "contract")
        timetable = {
            "sessions": [_session(course, number) for number in range(len(course.days))],
            "decided_on": course.opened_on,
        }
        await self._on(held, COORDINATOR, "/timetable", timetable, "timetable", "PUT")
        await self._fill(held)
        self._held[plan.code] = held

    async def _fill(self, held: Held) -> None:
        """Enrol everybody in order; then places pass on, and are given up."""
        course = held.course
        enrolled = [person for person in course.members if person not in course.reserve]
        if course.gives_up:
            enrolled.append(course.gives_up)
        for person in [*enrolled, *course.reserve]:
            await self._enrol(held, person)
        desk = Login("caseworker", course.plan.partner)
        if course.gives_up:
            body = {
                "out": self._ids[course.gives_up.reference],
                "into": self._ids[course.reserve[0].reference],
                "substituted_on": course.days[0] - timedelta(2),
                "reason": PASSED_ON_BECAUSE,
            }
            await self._on(held, desk, "/substitutions", body, "substitute")
        if course.abandons:
            body = {"ended_on": course.abandoned_on, "reason": LEFT_BECAUSE}
            path = f"/enrolments/{self._ids[course.abandons.reference]}/end"
            await self._on(held, desk, path, body, "abandon")

    async def _enrol(self, held: Held, person: Person) -> None:
        body = {
            "participant_id": self._ids[person.reference],
            "enrolled_on": held.course.enrolled_on(person),
            "reserve_if_full": True,
        }
        own = person.partner == held.course.plan.partner
        desk = caseworker(person) if own else COORDINATOR
        key = f"{_key(held.course)}/{person.reference}/enrol"

        async def enrolled() -> dict[str, Any] | None:
            try:
                return await self._command(desk, f"/editions/{held.id}/enrolments", body, key)
            except Refused as refused:
                if refused.code in NOT_HEARD_YET:
                    return None
                raise

        receipt = await until(enrolled, "training to hear of an admission")
        held.version = receipt["version"]

    async def _import(self, ended: Sequence[Course]) -> None:
        """The marks of all sessions of all courses, as one file."""
        text = io.StringIO()
        table = csv.writer(text, delimiter=";")
        table.writerow(HEADER)
        for course in ended:
            for number, day in enumerate(course.days):
                table.writerows(
                    (
                        course.session_id(number),
                        day,
                        self._ids[mark.person.reference],
                        mark.minutes,
                        mark.absence or "",
                        mark.note or "",
                    )
                    for mark in course.list_of(number)
                )
        started = await self._gateway.upload(
            COORDINATOR,
            "/attendance/imports",
            {"dry_run": "false", "mode": "all_or_nothing"},
            ("obecnosc.csv", text.getvalue().encode()),
            "demo/attendance",
        )
        job = await self._job(f"/attendance/imports/{started['id']}", "import of attendance")
        if job["rejected"]:
            raise Refused(f"import of attendance: {job['errors'][:3]}")

    async def _conclude(self, course: Course) -> None:
        """Confirm the lists, record what everybody learned, close the edition."""
        held = self._held[course.plan.code]
        for number in range(len(course.days)):
            await self._settle(course, number, 1 + len(course.list_of(number)))
        for person in course.members:
            if person != course.abandons:
                await self._record_outcomes(held, person)
        body = {"closed_on": course.days[-1] + timedelta(10)}
        await self._on(held, COORDINATOR, "/closing", body, "close")

    async def _settle(self, course: Course, number: int, version: int) -> None:
        """`version`: of the list, one for its place in the timetable and one for each mark."""
        await self._command(
            _trainer(course),
            f"/sessions/{course.session_id(number)}/settlement",
            {"confirmed_on": course.days[number]},
            f"{_key(course)}/{number}/settle",
            version,
        )

    async def _record_outcomes(self, held: Held, person: Person) -> None:
        """Tests, and of who completes the course the stages or the qualification."""
        course, programme = held.course, held.course.plan.programme
        path = f"/participations/{held.id}/{self._ids[person.reference]}"
        last, document = course.days[-1], f"PROT/{course.plan.code}"
        steps: list[tuple[Login, str, Json]] = []
        if programme.tested:
            steps.append((_trainer(course), "/tests", _test("pre", course.days[0], person)))
        if course.completes(person):
            if programme.tested:
                steps.append((_trainer(course), "/tests", _test("post", last, person)))
            if programme.certifying_body:
                gained = {"gained_on": last + timedelta(3), "document_number": _number(person)}
                steps.append((COORDINATOR, "/qualification", gained))
            else:
                steps += [
                    (COORDINATOR, "/stages", {"source_document": document, **stage})
                    for stage in _stages(programme, last)
                ]
        version = 0
        for number, (login, end, body) in enumerate(steps):
            key = f"{_key(course)}/{person.reference}/outcome/{number}"
            receipt = await self._command(login, path + end, body, key, version)
            version = receipt["version"]

    async def _go_on(self, course: Course) -> None:
        """Trainers mark and confirm the lists of the sessions up to now, but today's."""
        trainer = _trainer(course)
        for number in range(WEEKS.index(0)):
            marks = [
                {
                    "participant_id": self._ids[mark.person.reference],
                    "minutes": mark.minutes,
                    "absence": mark.absence,
                    "note": mark.note,
                }
                for mark in course.list_of(number)
            ]
            path = f"/sessions/{course.session_id(number)}/attendance"
            key = f"{_key(course)}/{number}/mark"
            receipt = await self._command(trainer, path, {"marks": marks}, key, 1)
            await self._settle(course, number, receipt["version"])

    async def _certify(self, course: Course) -> None:
        if course.corrected:
            await self._correct(course, course.corrected)
        held = self._held[course.plan.code]
        started = await self._gateway.command(
            COORDINATOR,
            f"/editions/{held.id}/certificates",
            {"issued_on": course.concluded_on},
            f"{_key(course)}/certificates",
        )
        job = await self._job(f"/certificates/issues/{started['id']}", "certificates")
        if course.plan.revoked and job["issued"]:
            body = {
                "revoked_on": course.concluded_on + timedelta(9),
                "reason": "wrong_content",
                "justification": "Nazwisko zmienione przed wystawieniem",
            }
            path = f"/certificates/{job['issued'][0]['certificate_id']}/revocation"
            await self._command(SECOND_COORDINATOR, path, body, f"{_key(course)}/revoke")

    async def _correct(self, course: Course, person: Person) -> None:
        """The trainer asks, the coordinator agrees, and the course counts as completed."""
        path, key = f"/sessions/{course.session_id(1)}/corrections", f"{_key(course)}/correction"
        document = f"KOR/{course.plan.code}"
        asked = {
            "participant_id": self._ids[person.reference],
            "minutes": course.day.minutes,
            "requested_on": course.days[-1] + timedelta(11),
            "reason": "Podpis na drugiej karcie listy",
            "source_document": document,
        }
        version = 4 + len(course.list_of(1))
        receipt = await self._command(_trainer(course), path, asked, key, version)
        listed = await self._gateway.read(
            COORDINATOR,
            "/attendance/corrections",
            edition_id=self._held[course.plan.code].id,
            at_least=self._position,
        )
        [request] = [each for each in listed["items"] if each["source_document"] == document]
        decision = {
            "decided_on": course.days[-1] + timedelta(12),
            "approve": True,
            "justification": "Okazano obie karty listy",
        }
        await self._command(
            COORDINATOR,
            f"{path}/{request['id']}/decision",
            decision,
            f"{key}/decision",
            receipt["version"],
        )

    async def _look(self) -> None:
        """What the platform says of the courses in the end."""
        for held in self._held.values():
            edition = await self._gateway.read(
                COORDINATOR, f"/editions/{held.id}", at_least=self._position
            )
            sessions = await self._gateway.read(
                COORDINATOR,
                "/sessions",
                edition_id=held.id,
                first_day=held.course.days[0],
                last_day=held.course.days[-1],
                at_least=self._position,
            )
            self._played.editions.append(edition | {"held": sessions["items"]})
        self._played.certificates = await self._pages("/certificates")

    async def _on(
        self,
        held: Held,
        login: Login,
        end: str,
        body: Mapping[str, Any],
        step: str,
        method: str = "POST",
    ) -> None:
        """A command on the edition in the version that is known of it."""
        path, key = f"/editions/{held.id}{end}", f"{_key(held.course)}/{step}"
        receipt = await self._command(login, path, body, key, held.version, method)
        held.version = receipt["version"]


def _key(course: Course) -> str:
    return f"demo/course/{course.plan.code}"


def _trainer(course: Course) -> Login:
    return Login("trainer", course.plan.trained_by)


def _subject(course: Course) -> str:
    """Of the trainer at the development identity provider."""
    return f"trainer@{course.plan.trained_by}"


def _contract(course: Course) -> Json:
    return {
        "trainer": _subject(course),
        "contract": f"UM/{course.plan.code}",
        "first_day": course.days[0],
        "last_day": course.days[-1],
        "agreed_minutes": course.day.minutes * len(course.days),
    }


def _session(course: Course, number: int) -> Json:
    starts, ends = course.day.pause
    return {
        "id": str(course.session_id(number)),
        "topic": course.plan.programme.topic_of(number),
        "day": course.days[number],
        "starts": f"{course.day.starts:%H:%M}",
        "ends": f"{course.day.ends:%H:%M}",
        "breaks": [{"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}],
        "room": f"Sala szkoleniowa, {course.plan.place}",
        "trainer": _subject(course),
    }


def _test(phase: str, taken_on: date, person: Person) -> Json:
    """Between 4 and 9 points of 20 before, twice as many and 1 after."""
    before = 4 + sum(map(ord, person.reference)) % 6
    points = before if phase == "pre" else 2 * before + 1
    return {"phase": phase, "taken_on": taken_on, "points": points, "maximum": 20}


def _number(person: Person) -> str:
    return f"UDT/{person.reference}"


def _stages(programme: Programme, last_day: date) -> list[Json]:
    achieved = [outcome["code"] for outcome in programme.content["outcomes"]]
    return [
        {"stage": "assessment", "reached_on": last_day, "achieved": achieved},
        {"stage": "comparison", "reached_on": last_day + timedelta(5), "achieved": achieved},
    ]
