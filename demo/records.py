"""What the people of the demonstration are to the API: registrations and corrections as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from demo.mistakes import Mistakes
from demo.people import Person
from demo.story import Start, story

Json = dict[str, Any]
ASKED_AFTER: Final = timedelta(60)


@dataclass(frozen=True)
class Correction:
    """Facts that were recorded wrongly. `approve` None: left undecided."""

    person: Person
    right: Json
    """What is right, in the words of the request."""
    reason: str
    approve: bool | None
    justification: str = ""
    path: str = "/corrections"
    """Behind `/participants/{id}`."""

    @property
    def requested_on(self) -> date:
        return self.person.applied_on + ASKED_AFTER

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


def corrections(
    people: Sequence[Person], mistakes: Mistakes, starts: Mapping[str, Start]
) -> list[Correction]:
    """Of values: two approved, one rejected and one that waits. Of steps: a start, approved, which
    no course proves.
    """
    by_reference = {person.reference: person for person in people}
    swapped = by_reference[mistakes.swapped_birth_date]
    education = by_reference[mistakes.wrong_education]
    concerned = {reference for pair in (*mistakes.doubled, mistakes.twins) for reference in pair}
    concerned |= {swapped.reference, education.reference, *mistakes.refused}
    concerned |= starts.keys()
    others = (p for p in people if p.reference not in concerned and p.kind == "dependent")
    rejected = next(p for p in others if p.labour_status == "inactive")
    waiting = next(p for p in others if p.phone)
    misdated, start = next((p, start) for p in others if (start := _start(p)))
    return [
        Correction(
            swapped,
            {"personal": {"monitoring": {"born_on": swapped.born_on}}},
            "Dzień i miesiąc urodzenia przestawione przy wpisywaniu",
            approve=True,
            justification="Zgodnie z numerem PESEL i dowodem osobistym",
        ),
        Correction(
            education,
            {"personal": {"monitoring": {"education": education.education}}},
            "Wpisano licencjat zamiast ukończonych studiów magisterskich",
            approve=True,
            justification="Okazano dyplom",
        ),
        Correction(
            rejected,
            {"personal": {"monitoring": {"labour_status": "unemployed_registered"}}},
            "Osoba twierdzi, że była zarejestrowana w urzędzie pracy",
            approve=False,
            justification="Urząd pracy nie potwierdził rejestracji w tym dniu",
        ),
        Correction(
            waiting,
            {"personal": {"identity": {"phone": "+48 600 100 200"}}},
            "W formularzu zgłoszenia przestawiono cyfry numeru",
            approve=None,
        ),
        Correction(
            misdated,
            {"steps": [start]},
            "Wpisano dzień drugich zajęć zamiast pierwszych",
            approve=True,
            justification="Zgodnie z listą obecności z pierwszych zajęć",
            path="/steps/corrections",
        ),
    ]


def _start(person: Person) -> Json | None:
    """The first start as it was, two days earlier; None where support had not started by then."""
    for version, step in enumerate(story(person, person.applied_on + ASKED_AFTER), start=2):
        if step.name == "enrol":
            return {"version": version, "occurred_on": step.on - timedelta(2)}
    return None


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value}
