"""The clients of the fund: enterprises that were there before, and a social cooperative that people
of the demonstration found after their course.

Names and numbers are fictional; the numbers are well formed, as registers check them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from demo.acts import Act, Json, officer, subject
from demo.courses import Course
from demo.gateway import Login
from demo.partnership import BODZENTYN, KIELCE, KONSKIE, LEAD, OSTROWIEC, SANDOMIERZ, STARACHOWICE
from demo.people import Person

NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
REGON_WEIGHTS = (8, 9, 2, 3, 4, 5, 6, 7)
FOUNDERS: Final = 4
"""People of the course; one more founder is from outside."""
EMPLOYED: Final = 3
"""Founders whom the cooperative employs."""


@dataclass(frozen=True)
class Enterprise:
    """`number` makes the numbers in public registers; `known_on` is the day the fund took it up."""

    code: str
    name: str
    legal_form: str
    partner: str
    teryt: str
    number: int
    entered_on: date
    """In the National Court Register."""
    known_on: date
    kind: str = "other"
    employees: int = 3
    """From outside, on full-time places since the day of entry."""

    @property
    def krs(self) -> str:
        return f"{900_000 + self.number:010}"

    @property
    def identifiers(self) -> Json:
        return {"nip": _nip(self.number), "regon": _regon(self.number), "krs": self.krs}

    @property
    def registration(self) -> Json:
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "legal_form": self.legal_form,
            "partner": self.partner,
            "teryt": self.teryt,
            "registered_on": self.known_on,
        }


WIKLINA = Enterprise("SS-WIKLINA", "Spółdzielnia Socjalna Wiklina", "cooperative", "mops-kamienna", STARACHOWICE.teryt, 11, date(2026, 2, 20), date(2026, 1, 12), "social_cooperative")  # fmt: skip
KUCHNIA = Enterprise("F-KUCHNIA", "Fundacja Dobra Kuchnia", "foundation", "fundacja-prog", KIELCE.teryt, 12, date(2023, 5, 15), date(2025, 11, 17))  # fmt: skip
WARSZTAT = Enterprise("SP-WARSZTAT", "Warsztat Most sp. z o.o. non profit", "company", "centrum-most", KONSKIE.teryt, 13, date(2022, 9, 5), date(2025, 11, 19))  # fmt: skip
HUTNIK = Enterprise("ST-HUTNIK", "Stowarzyszenie Rzemieślnicy Hutnika", "association", "stow-hutnik", OSTROWIEC.teryt, 14, date(2021, 3, 8), date(2025, 11, 20), employees=5)  # fmt: skip
SAD = Enterprise("SP-SAD", "Wspólny Sad sp. z o.o.", "company", "gmina-wzgorza", SANDOMIERZ.teryt, 15, date(2024, 6, 10), date(2025, 11, 24), employees=2)  # fmt: skip
OPIEKA = Enterprise("F-OPIEKA", "Fundacja Bliska Opieka", "foundation", "pup-lysogory", BODZENTYN.teryt, 16, date(2023, 11, 6), date(2025, 12, 1), employees=4)  # fmt: skip
PRALNIA = Enterprise("SP-PRALNIA", "Pralnia Wspólna sp. z o.o.", "company", "fundacja-prog", KIELCE.teryt, 17, date(2025, 9, 22), date(2026, 1, 19))  # fmt: skip
ROWER = Enterprise("ST-ROWER", "Stowarzyszenie Rower dla Każdego", "association", "mops-kamienna", STARACHOWICE.teryt, 18, date(2024, 2, 12), date(2026, 2, 2))  # fmt: skip
SCENA = Enterprise("F-SCENA", "Fundacja Scena pod Lipą", "foundation", "gmina-wzgorza", SANDOMIERZ.teryt, 19, date(2025, 4, 14), date(2026, 2, 9), employees=1)  # fmt: skip
ESTABLISHED: Sequence[Enterprise] = (
    KUCHNIA,
    WARSZTAT,
    HUTNIK,
    SAD,
    OPIEKA,
    PRALNIA,
    ROWER,
    SCENA,
)


def desk(enterprise: Enterprise) -> Login:
    """Who advises the enterprise."""
    return Login("caseworker", enterprise.partner)


def taken_up(enterprise: Enterprise) -> Iterator[Act]:
    """An enterprise that was there before: its numbers, its entry in the register, its staff."""
    on, lender = enterprise.known_on, officer(LEAD.id)
    identifiers = {"identifiers": enterprise.identifiers, "set_on": on}
    yield Act("identifiers", desk(enterprise), on, "/identifiers", identifiers, "PUT")
    entry = {"krs": enterprise.krs, "entered_on": enterprise.entered_on}
    yield Act("founding", lender, on, "/founding", entry)
    for number in range(1, enterprise.employees + 1):
        place = {
            "person": {"number": f"PRAC-{number}"},
            "share": "1",
            "created_on": enterprise.entered_on,
        }
        yield Act(f"place/{number}", lender, on, "/places", place)


def founders(courses: Sequence[Course], today: date) -> list[Person]:
    """Those with a certificate by the time the group forms; nobody before that day."""
    trained = [
        person
        for course in courses
        if course.plan.kind == "dependent" and course.concluded_on < WIKLINA.known_on <= today
        for person in course.members
        if course.completes(person)
    ]
    trained.sort(key=lambda person: (person.partner != WIKLINA.partner, person.reference))
    return trained[:FOUNDERS]


def founding(participants: Sequence[str]) -> Iterator[Act]:
    """The group forms, is entered in the register, gets its numbers and employs its people.
    `participants` are the ids of the founders from the course.
    """
    by, lender, joined_on = desk(WIKLINA), officer(LEAD.id), WIKLINA.known_on + timedelta(2)
    for number, participant in enumerate(participants, start=1):
        founder = _founder({"participant_id": participant}, joined_on, entitled=True)
        yield Act(f"founder/{number}", by, joined_on, "/founders", founder)
    outside = _founder({"number": "ZAL-1"}, joined_on, entitled=False)
    yield Act("founder/outside", by, joined_on, "/founders", outside)
    entry = {"krs": WIKLINA.krs, "entered_on": WIKLINA.entered_on}
    yield Act("founding", lender, WIKLINA.entered_on, "/founding", entry)
    numbered_on = WIKLINA.entered_on + timedelta(7)
    identifiers = {"identifiers": WIKLINA.identifiers, "set_on": numbered_on}
    yield Act("identifiers", by, numbered_on, "/identifiers", identifiers, "PUT")
    hired_on = date(2026, 5, 11)
    for number, participant in enumerate(participants[:EMPLOYED], start=1):
        place = {
            "person": {"participant_id": participant},
            "share": "1" if number == 1 else "0.75",
            "entitled": True,
            "created_on": hired_on,
        }
        yield Act(f"place/{number}", lender, hired_on, "/places", place)
    status = {"decision": "PS-II.9447.3.2026", "granted_on": date(2026, 6, 15)}
    yield Act("status", lender, date(2026, 6, 15), "/status", status)


def adviser(enterprise: Enterprise) -> str:
    return subject(desk(enterprise))


def _founder(person: Json, on: date, *, entitled: bool) -> Json:
    return {"person": person, "nature": "natural", "entitled": entitled, "added_on": on}


def _nip(number: int) -> str:
    """A tax number: where the sum of a draft leaves ten, there is none, and the next one is tried."""
    draft = number * 10
    while (check := _weighted(f"999{draft:06}", NIP_WEIGHTS) % 11) == 10:
        draft += 1
    return f"999{draft:06}{check}"


def _regon(number: int) -> str:
    digits = f"99{number:06}"
    return f"{digits}{_weighted(digits, REGON_WEIGHTS) % 11 % 10}"


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
