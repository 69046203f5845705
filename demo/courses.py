"""The courses of the partnership: who takes part, when, and who was there.

All of it follows from the people's records; only the course that is going on is anchored to a day,
the one on which it was first played.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from demo.mistakes import Mistakes
from demo.people import SEED, Person
from demo.programmes import CASES, ENTERPRISE, EVENING, FORKLIFT, Day, Programme
from demo.story import Start, Step, story

MINIMUM_PERCENT = 80
WAITED = timedelta(50)
"""The longest between admission and the first day of a course."""
NOTICE = timedelta(4)
"""The shortest."""
CONCLUDED_AFTER = timedelta(14)
"""From the last day to the certificates."""
RUNNING = "PES/W/1"
"""The evening course that has a session on the day of playing."""
WEEKS = (-28, -21, -14, -7, 0, 7)


@dataclass(frozen=True)
class Presence:
    """What the list says of one person in one session."""

    person: Person
    minutes: int
    absence: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Plan:
    """An edition before anybody is on it. `own_limit`: the most people, instead of the rule's."""

    code: str
    programme: Programme
    kind: str
    partner: str
    trained_by: str
    place: str
    first_day: date
    places: int = 13
    own_limit: int | None = None
    failing: bool = False
    """Somebody attends too little."""
    corrected: bool = False
    """Somebody attended enough after all, as a correction shows."""
    abandoned: bool = False
    revoked: bool = False


@dataclass(frozen=True)
class Course:
    """An edition with its people."""

    plan: Plan
    day: Day
    days: tuple[date, ...]
    members: tuple[Person, ...]
    """Enrolled in the end, in the order of their admission; who abandons is the last one."""
    gives_up: Person | None = None
    """Had a place, which the first of the reserve list takes before the first session."""
    reserve: tuple[Person, ...] = ()
    starts: Mapping[str, Start] = field(default_factory=dict)
    """With which day of the course support starts, by file number."""

    @property
    def concluded_on(self) -> date:
        return self.days[-1] + CONCLUDED_AFTER

    @property
    def opened_on(self) -> date:
        return self.days[0] - WAITED

    @property
    def corrected(self) -> Person | None:
        """Missed the second session by mistake of the list, and another one indeed."""
        return self.members[1] if self.plan.corrected else None

    @property
    def abandons(self) -> Person | None:
        return self.members[-1] if self.plan.abandoned else None

    @property
    def abandoned_on(self) -> date:
        """From this day on, that of the third session, the place is empty."""
        return self.days[2]

    def session_id(self, number: int) -> UUID:
        return uuid5(NAMESPACE_URL, f"demo/{self.plan.code}/{number}")

    def list_of(self, number: int) -> list[Presence]:
        """The marks of a session, counted from 0."""
        present = [p for p in self.members if p != self.abandons or number < 2]
        return [self._presence(person, number) for person in present]

    def completes(self, person: Person) -> bool:
        """Whether the minimum is attended, after corrections."""
        if person == self.abandons:
            return False
        attended = sum(self._presence(person, number).minutes for number in range(len(self.days)))
        if person == self.corrected:
            attended += self.day.minutes
        return attended * 100 >= len(self.days) * self.day.minutes * MINIMUM_PERCENT

    def enrolled_on(self, person: Person) -> date:
        return max(self.opened_on, _admitted_on(person))

    def _presence(self, person: Person, number: int) -> Presence:
        """Everybody comes on the first day, and most of them on the others too."""
        draw = Random(f"{SEED}/{self.plan.code}/{person.reference}/{number}")  # noqa: S311
        if person == self.corrected:
            missed = number in {1, 3}
        elif self.plan.failing and person == self.members[0]:
            missed = number % 2 == 1
        else:
            missed = number > 0 and draw.random() < 0.06
        if missed:
            reason = draw.choice(("illness", "illness", "care", "work", "office", "unexcused"))
            return Presence(person, 0, reason)
        if number > 0 and draw.random() < 0.07:
            late = draw.choice((15, 30, 45))
            return Presence(person, self.day.minutes - late, None, "Spóźnienie")
        return Presence(person, self.day.minutes)


PLANS: Sequence[Plan] = (
    Plan("PES/2025/1", ENTERPRISE, "dependent", "mops-kamienna", "mops-kamienna", "Skarżysko-Kamienna", date(2025, 11, 17), failing=True, corrected=True),
    Plan("ZPI/2025/1", CASES, "staff", "fundacja-prog", "fundacja-prog", "Kielce", date(2025, 12, 1), failing=True),
    Plan("OWJ/2026/1", FORKLIFT, "dependent", "stow-hutnik", "fundacja-prog", "Ostrowiec Świętokrzyski", date(2026, 1, 12), places=10, own_limit=10),
    Plan("PES/2026/1", ENTERPRISE, "dependent", "fundacja-prog", "fundacja-prog", "Kielce", date(2026, 2, 9), abandoned=True, revoked=True),
    Plan("ZPI/2026/1", CASES, "staff", "pup-lysogory", "fundacja-prog", "Kielce", date(2026, 2, 23)),
    Plan("OWJ/2026/2", FORKLIFT, "dependent", "mops-kamienna", "mops-kamienna", "Starachowice", date(2026, 3, 16), failing=True),
    Plan("PES/2026/2", ENTERPRISE, "dependent", "pup-lysogory", "fundacja-prog", "Bodzentyn", date(2026, 4, 13)),
    Plan("ZPI/2026/2", CASES, "staff", "centrum-most", "mops-kamienna", "Końskie", date(2026, 4, 20), places=12),
)  # fmt: skip


def courses(people: Sequence[Person], mistakes: Mistakes) -> list[Course]:
    """All courses with fixed days; nobody is on two, and nobody whose record is disputed on one."""
    disputed = {reference for pair in (*mistakes.doubled, mistakes.twins) for reference in pair}
    disputed |= {mistakes.swapped_birth_date, mistakes.wrong_education, *mistakes.refused}
    free = [p for p in people if p.reference not in disputed and _started_on(p)]
    free.sort(key=lambda person: (_admitted_on(person), person.reference))
    found = []
    for plan in PLANS:
        candidates = [person for person in free if _fits(person, plan)]
        joined = candidates[: plan.places + 3 if plan.own_limit else plan.places]
        free = [person for person in free if person not in joined]
        found.append(_course(plan, joined))
    return found


def running(people: Sequence[Person], taken: Mapping[str, Start], day: date) -> Course | None:
    """The evening course with a session on a day, of those who are in support by then. All of them
    are of the trainer's partner: of others the registry tells the trainer no names.
    """
    plan = Plan(
        RUNNING,
        ENTERPRISE,
        "dependent",
        "mops-kamienna",
        "mops-kamienna",
        "Starachowice",
        day + timedelta(WEEKS[0]),
        failing=True,
    )
    around = (day - timedelta(60), day)
    members = [
        person
        for person in people
        if (person.kind, person.partner) == (plan.kind, plan.partner)
        and person.reference not in taken
        and all(_in_support(person, on) for on in around)
    ][: plan.places]
    if len(members) < 8:
        return None
    days = tuple(day + timedelta(week) for week in WEEKS)
    return Course(plan, EVENING, days, tuple(members))


def starts(found: Sequence[Course]) -> dict[str, Start]:
    """With which course support starts, by file number."""
    return {reference: start for course in found for reference, start in course.starts.items()}


def _course(plan: Plan, joined: Sequence[Person]) -> Course:
    days = tuple(plan.first_day + timedelta(offset) for offset in plan.programme.days)
    members, gives_up, reserve = list(joined), None, []
    if plan.own_limit:
        gives_up = joined[plan.own_limit - 1]
        reserve = list(joined[plan.own_limit :])
        members = [*joined[: plan.own_limit - 1], reserve[0]]
    course = Course(plan, plan.programme.day, days, tuple(members), gives_up, tuple(reserve))
    started = Start(days[0], plan.code, course.concluded_on)
    return replace(course, starts={person.reference: started for person in members})


def _fits(person: Person, plan: Plan) -> bool:
    waited = plan.first_day - _admitted_on(person)
    return person.kind == plan.kind and NOTICE <= waited <= WAITED


def _steps(person: Person) -> Iterator[Step]:
    return story(person, date.max)


def _admitted_on(person: Person) -> date:
    """The day of the last decision, which admitted whoever starts."""
    return max(step.on for step in _steps(person) if step.path == "/decision")


def _started_on(person: Person) -> date | None:
    return next((step.on for step in _steps(person) if step.path == "/enrolment"), None)


def _in_support(person: Person, day: date) -> bool:
    """Started, and not out of the project before or on that day."""
    paths = [step.path for step in story(person, day)]
    return "/enrolment" in paths and "/exit" not in paths
