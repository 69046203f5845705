"""What the partnership teaches: two competences and a qualification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

Json = dict[str, Any]
APPROVED: Final = date(2025, 9, 1)
SCOPE, STANDARD = date(2025, 6, 2), date(2025, 7, 1)


@dataclass(frozen=True)
class Day:
    """A day of a course: its session from hour to hour, and the pause within it."""

    starts: time
    ends: time
    pause: tuple[time, time]
    minutes: int
    """Without the pause."""


MORNING = Day(time(9), time(13, 15), (time(11), time(11, 30)), 225)
EVENING = Day(time(16), time(20, 15), (time(18), time(18, 30)), 225)
LONG = Day(time(8, 30), time(15), (time(12), time(12, 30)), 360)
SHORT = Day(time(9), time(13, 15), (time(11), time(11, 15)), 240)


@dataclass(frozen=True)
class Programme:
    """A programme, and how its courses are held: on which days from the first one."""

    code: str
    title_pl: str
    title_en: str
    hour: str
    outcomes: tuple[str, ...]
    topics: tuple[str, ...]
    day: Day
    days: tuple[int, ...]
    certifying_body: Json | None = None
    tested: bool = False

    @property
    def result(self) -> str:
        return "qualification" if self.certifying_body else "competence"

    def topic_of(self, session: int) -> str:
        """The code of the topic of a session, counted from 0."""
        return f"T{session * len(self.topics) // len(self.days) + 1}"

    @property
    def content(self) -> Json:
        topics = [self.topic_of(number) for number in range(len(self.days))]
        content: Json = {
            "code": self.code,
            "title_pl": self.title_pl,
            "title_en": self.title_en,
            "result": self.result,
            "hour": self.hour,
            "outcomes": [
                {"code": f"E{number}", "text": text}
                for number, text in enumerate(self.outcomes, start=1)
            ],
            "topics": [
                {
                    "code": f"T{number}",
                    "title": title,
                    "planned_minutes": topics.count(f"T{number}") * self.day.minutes,
                }
                for number, title in enumerate(self.topics, start=1)
            ],
        }
        if self.certifying_body:
            return content | {"certifying_body": self.certifying_body}
        return content | {"scope_on": SCOPE, "standard_on": STANDARD}


ENTERPRISE = Programme(
    code="PES",
    title_pl="Podstawy przedsiębiorczości społecznej",
    title_en="Foundations of social entrepreneurship",
    hour="didactic",
    outcomes=(
        "Opisuje formy prawne przedsiębiorstw społecznych",
        "Układa prosty plan finansowy przedsięwzięcia",
        "Współpracuje w zespole założycielskim",
    ),
    topics=("Czym jest ekonomia społeczna", "Od pomysłu do planu", "Pierwszy rok działania"),
    day=MORNING,
    days=(0, 2, 4, 7, 9, 11),
    tested=True,
)
FORKLIFT = Programme(
    code="OWJ",
    title_pl="Operator wózków jezdniowych podnośnikowych",
    title_en="Forklift truck operator",
    hour="clock",
    outcomes=("Obsługuje wózek zgodnie z instrukcją", "Dba o bezpieczeństwo swoje i innych"),
    topics=("Budowa wózka i przepisy", "Jazda i podnoszenie ładunków"),
    day=LONG,
    days=(0, 1, 2, 3, 4),
    certifying_body={"name": "Urząd Dozoru Technicznego", "register_number": "UDT/WJO/II"},
)
CASES = Programme(
    code="ZPI",
    title_pl="Zarządzanie przypadkiem w pracy socjalnej",
    title_en="Case management in social work",
    hour="clock",
    outcomes=(
        "Prowadzi rozmowę motywującą",
        "Układa indywidualny plan działania",
        "Łączy wsparcie kilku instytucji",
    ),
    topics=("Rozmowa i diagnoza", "Plan i jego przegląd"),
    day=SHORT,
    days=(0, 1, 3, 7, 8, 10),
)
PROGRAMMES: Sequence[Programme] = (ENTERPRISE, FORKLIFT, CASES)
