"""The partnership played through the gateway, from the upload of its file to the dashboard.

Every command has a key that depends on its person and step alone: played twice, nothing happens
twice.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demo.courses import courses, running, starts
from demo.enterprises import founders
from demo.gateway import Gateway
from demo.kasa import Kasa
from demo.mistakes import rows_of
from demo.partnership import LEAD
from demo.people import Person, people
from demo.player import COORDINATOR, Played, Player, Progress, caseworker, until
from demo.records import Correction, corrections, registration
from demo.research import Research
from demo.story import BY_TRAINING, Step, story
from demo.training import Training

FILE = Path(__file__).parent / "participants.xlsx"


class Scenario(Player):
    """One playing of the demonstration."""

    def __init__(self, gateway: Gateway, today: date, progress: Progress) -> None:
        super().__init__(gateway, today, progress, Played())
        self._file = (FILE.name, FILE.read_bytes())
        self._rows, self._mistakes = rows_of(people())
        self._courses = courses(self._people(), self._mistakes)
        self._starts = starts(self._courses)
        self._ids: dict[str, str] = {}
        self._begun: dict[str, int] = {}
        """Versions of the records of those who wait for a course."""

    async def play(self) -> Played:
        """Raises `Refused` where nothing sensible could follow; other refusals are counted."""
        await self._import()
        await self._find_ids()
        await self._each("mended rows, one by one", self._mended(), self._register)
        await self._each("people", self._people(), self._live)
        await self._train()
        await self._each("people after their course", self._learners(), self._live_on)
        await self._each("corrections", self._corrections(), self._correct)
        await self._decide_duplicates()
        await Research(self._gateway, self._today, self._progress, self._played).play()
        await self._fund()
        self._played.dashboard = await self._gateway.read(
            COORDINATOR, "/dashboard", at_least=self._position
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

        return await self._job(f"/imports/{started['id']}", f"import {key}")

    async def _find_ids(self) -> None:
        """The ids that the platform gave to the people of the file, by their file numbers."""
        refused = set(self._mistakes.refused)
        expected = {row.person.reference for row in self._rows} - refused
        self._progress.stage("reading the list back")

        async def listed() -> bool | None:
            self._ids |= {p["reference"]: p["id"] for p in await self._pages("/participants")}
            return expected <= self._ids.keys() or None

        await until(listed, "the imported people in the list")

    def _mended(self) -> list[Person]:
        refused = set(self._mistakes.refused)
        return [row.person for row in self._rows if row.person.reference in refused]

    def _people(self) -> list[Person]:
        """Everybody once; not those whom a second partner wrote down too."""
        copies = {copy for _, copy in self._mistakes.doubled}
        unique = {row.person.reference: row.person for row in self._rows}
        return [person for reference, person in unique.items() if reference not in copies]

    def _corrections(self) -> list[Correction]:
        people = [row.person for row in self._rows]
        return corrections(people, self._mistakes, self._starts)

    async def _register(self, person: Person) -> None:
        key = f"demo/{person.reference}/register"
        receipt = await self._command(
            caseworker(person), "/participants", registration(person), key
        )
        self._ids[person.reference] = receipt["id"]

    async def _live(self, person: Person) -> None:
        """The steps of a person; of those who are to be on a course, the steps before it."""
        await self._take(person, self._story(person), version=1)

    async def _live_on(self, person: Person) -> None:
        """The steps after a course: its first attended minute is a step that the registry took."""
        steps = iter(self._story(person))
        if any(step.path == BY_TRAINING for step in steps):
            await self._take(person, steps, self._begun[person.reference] + 1)

    async def _take(self, person: Person, steps: Iterable[Step], version: int) -> None:
        for step in steps:
            if step.path == BY_TRAINING:
                break
            login = COORDINATOR if step.by_coordinator else caseworker(person)
            path = f"/participants/{self._ids[person.reference]}{step.path}"
            key = f"demo/{person.reference}/{step.name}"
            receipt = await self._command(login, path, step.body, key, version)
            version = receipt["version"]
        self._begun[person.reference] = version

    def _story(self, person: Person) -> Iterator[Step]:
        return story(person, self._today, self._starts.get(person.reference))

    def _learners(self) -> list[Person]:
        """Whose support a course has started by today."""
        return [
            person
            for person in self._people()
            if any(step.path == BY_TRAINING for step in self._story(person))
        ]

    async def _train(self) -> None:
        """Play the courses; then support has started of everybody on them."""
        training = Training(self._gateway, self._today, self._progress, self._played, self._ids)
        anchor = await training.played_first_on()
        ended = [course for course in self._courses if course.concluded_on <= self._today]
        await training.play(ended, running(self._people(), self._starts, anchor))
        self._progress.stage("starts of support by attendance")
        learners = {person.reference for person in self._learners()}

        async def started() -> bool | None:
            waiting = {
                each["reference"]
                for each in await self._pages("/participants")
                if each["status"] == "admitted"
            }
            return learners.isdisjoint(waiting) or None

        await until(started, "the registry to hear of first minutes")

    async def _fund(self) -> None:
        """The fund, with those of the courses who found a cooperative."""
        ids = [self._ids[person.reference] for person in founders(self._courses, self._today)]
        await Kasa(self._gateway, self._today, self._progress, self._played, ids).play()

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
            login = caseworker(correction.person)
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
            at_least=self._position,
        )
        document = correction.source_document
        return next((c for c in page["items"] if c["source_document"] == document), None)

    async def _version(self, path: str) -> int:
        seen = await self._gateway.read(COORDINATOR, path, at_least=self._position)
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

        case = await until(found, f"the suspicion to decide on ({decision})")
        if case["state"] == "suspected":
            body = {"decided_on": self._today, "justification": justification, **more}
            path = f"/duplicates/{case['id']}/{decision}"
            key = f"demo/{'/'.join(pair)}/{decision}"
            with self._counted():
                await self._command(COORDINATOR, path, body, key, case["version"])
