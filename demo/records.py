"""What the people of the demonstration are to the API: registrations and corrections as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.mistakes import Mistakes
from demo.people import Person

Json = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """Recorded values that were wrong from the start. `approve` None: left undecided."""

    person: Person
    personal: Json
    reason: str
    approve: bool | None
    justification: str = ""

    @property
    def requested_on(self) -> date:
        return self.person.applied_on + timedelta(60)

    @property
    def source_document(self) -> str:
        return f"KOR/{self.person.reference}"


def registration(person: Person) -> Json:
    """The body of a single registration; blank cells are left out."""
    kind, number, country = person.document
    street, house_number, postal_code, city, teryt = person.address
    identity = _given(
        given_name=person.given_name,
        family_name=person.family_name,
        pesel=person.pesel,
        other_id=number and {"type": kind, "number": number, "country": country},
        address=teryt
        and {
            "street": street,
            "house_number": house_number,
            "postal_code": postal_code,
            "city": city,
            "teryt": teryt,
        },
        phone=person.phone,
        email=person.email,
    )
    monitoring = _given(
        sex=person.sex,
        born_on=person.born_on,
        citizenship=person.citizenship,
        education=person.education,
        labour_status=person.labour_status,
        unemployed_since=person.unemployed_since,
        institution=person.institution,
        institution_name=person.institution_name,
        position=person.position,
    )
    special = _given(
        grounds=person.grounds,
        disability=person.disability,
        minority=person.minority,
        foreign_origin=person.foreign_origin,
        homeless=person.homeless,
    )
    return {
        "kind": person.kind,
        "partner": person.partner,
        "reference": person.reference,
        "applied_on": person.applied_on,
        "personal": {"identity": identity, "monitoring": monitoring, "special": special},
    }


def corrections(people: Sequence[Person], mistakes: Mistakes) -> list[Correction]:
    """Two that are approved, one that is rejected and one that waits for a decision."""
    by_reference = {person.reference: person for person in people}
    swapped = by_reference[mistakes.swapped_birth_date]
    education = by_reference[mistakes.wrong_education]
    concerned = {reference for pair in (*mistakes.doubled, mistakes.twins) for reference in pair}
    concerned |= {swapped.reference, education.reference, *mistakes.refused}
    others = (p for p in people if p.reference not in concerned and p.kind == "dependent")
    rejected = next(p for p in others if p.labour_status == "inactive")
    waiting = next(p for p in others if p.phone)
    return [
        Correction(
            swapped,
            {"monitoring": {"born_on": swapped.born_on}},
            "Dzień i miesiąc urodzenia przestawione przy wpisywaniu",
            approve=True,
            justification="Zgodnie z numerem PESEL i dowodem osobistym",
        ),
        Correction(
            education,
            {"monitoring": {"education": education.education}},
            "Wpisano licencjat zamiast ukończonych studiów magisterskich",
            approve=True,
            justification="Okazano dyplom",
        ),
        Correction(
            rejected,
            {"monitoring": {"labour_status": "unemployed_registered"}},
            "Osoba twierdzi, że była zarejestrowana w urzędzie pracy",
            approve=False,
            justification="Urząd pracy nie potwierdził rejestracji w tym dniu",
        ),
        Correction(
            waiting,
            {"identity": {"phone": "+48 600 100 200"}},
            "W formularzu zgłoszenia przestawiono cyfry numeru",
            approve=None,
        ),
    ]


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value}
