"""Advice before an application: consultations, and the checklist that makes ready to apply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from demo.acts import Act
from demo.enterprises import HUTNIK, KUCHNIA, PRALNIA, SAD, WIKLINA, Enterprise, adviser, desk


@dataclass(frozen=True)
class Advice:
    """A case: of each consultation the days after the opening, its topic, minutes and outcome; of
    each item of the checklist the days after the opening and its document.
    """

    enterprise: Enterprise
    opened_on: date
    consultations: Sequence[tuple[int, str, int, str]]
    items: Sequence[tuple[int, str, str]]
    closed: tuple[int, str] | None = None

    @property
    def key(self) -> str:
        return f"demo/advice/{self.enterprise.code}"


CASES: Sequence[Advice] = (
    Advice(
        WIKLINA,
        date(2026, 1, 15),
        (
            (5, "founding", 60, "informed"),
            (12, "legal", 45, "document_prepared"),
            (20, "business_plan", 90, "follow_up_agreed"),
            (28, "finance", 60, "document_reviewed"),
        ),
        (
            (18, "founders_agreed", "STATUT/1"),
            (27, "business_plan", "BP/WIKLINA/2"),
            (28, "financial_forecast", "PROGNOZA/WIKLINA"),
            (33, "security", "WEKSEL/WIKLINA"),
            (45, "registers_current", "KRS/WIKLINA"),
            (49, "de_minimis_declaration", "OSW/WIKLINA"),
        ),
        (55, "applied"),
    ),
    Advice(
        KUCHNIA,
        date(2025, 11, 18),
        ((2, "finance", 75, "document_reviewed"), (9, "application", 60, "document_prepared")),
        (
            (2, "registers_current", "KRS/KUCHNIA"),
            (9, "business_plan", "BP/KUCHNIA/1"),
            (9, "financial_forecast", "PROGNOZA/KUCHNIA"),
            (10, "security", "PORECZENIE/KUCHNIA"),
            (10, "de_minimis_declaration", "OSW/KUCHNIA"),
        ),
        (24, "applied"),
    ),
    Advice(
        HUTNIK,
        date(2025, 11, 21),
        ((4, "business_plan", 120, "document_reviewed"),),
        (
            (4, "registers_current", "KRS/HUTNIK"),
            (6, "business_plan", "BP/HUTNIK/1"),
            (6, "financial_forecast", "PROGNOZA/HUTNIK"),
            (7, "security", "WEKSEL/HUTNIK"),
            (7, "de_minimis_declaration", "OSW/HUTNIK"),
        ),
        (20, "applied"),
    ),
    Advice(SAD, date(2025, 11, 25), ((8, "marketing", 45, "referred"),), (), (40, "referred")),
    Advice(
        PRALNIA,
        date(2026, 1, 20),
        ((6, "employment", 60, "informed"), (20, "finance", 30, "follow_up_agreed")),
        ((20, "business_plan", "BP/PRALNIA/1"),),
    ),
)


def acts(case: Advice) -> Iterator[Act]:
    """In the order of their days."""
    by = desk(case.enterprise)
    found = [*_consultations(case), *_items(case)]
    yield from sorted(found, key=lambda act: act.on)
    if case.closed:
        after, end = case.closed
        on = case.opened_on + timedelta(after)
        yield Act("close", by, on, "/closing", {"end": end, "closed_on": on})


def _consultations(case: Advice) -> Iterator[Act]:
    for number, (after, topic, minutes, outcome) in enumerate(case.consultations, start=1):
        on = case.opened_on + timedelta(after)
        body = {
            "held_on": on,
            "starts": "10:00",
            "minutes": minutes,
            "topic": topic,
            "adviser": adviser(case.enterprise),
            "outcome": outcome,
            "evidence": f"KD/{case.enterprise.code}/{number}",
        }
        yield Act(f"consultation/{number}", desk(case.enterprise), on, "/consultations", body)


def _items(case: Advice) -> Iterator[Act]:
    for after, item, evidence in case.items:
        on = case.opened_on + timedelta(after)
        body = {"item": item, "evidence": evidence, "met_on": on}
        yield Act(f"item/{item}", desk(case.enterprise), on, "/checklist", body)
