"""Enterprises and people that the tests of the domain speak of."""

from datetime import date
from uuid import UUID

from services.kasa.domain.enterprise import Enterprise
from shared.contracts.kasa.vocabulary.enterprises import (
    EnterpriseKind,
    Identifiers,
    LegalForm,
    Nature,
    Person,
)
from shared.testing.scenario import Fact, fact

TODAY = date(2026, 3, 2)
REGISTERED = date(2005, 1, 3)
NIP, REGON, KRS = "5260250995", "123456785", "0000123456"


def uid(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")


def outsider(number: int) -> Person:
    return Person(number=f"M/{number}")


def registered(
    kind: EnterpriseKind = EnterpriseKind.SOCIAL_COOPERATIVE,
    founded_by: Nature = Nature.NATURAL,
    *,
    converted: bool = False,
    on: date = REGISTERED,
) -> Fact:
    return fact(
        Enterprise.Registered,
        on,
        code="SS-1",
        name="Spółdzielnia Socjalna Przykład",
        kind=kind,
        legal_form=LegalForm.COOPERATIVE,
        founded_by=founded_by,
        partner="mops-gdansk",
        teryt="2061011",
        identifiers=Identifiers(),
        fiscal_year_month=1,
        converted=converted,
    )


def founders(
    entitled: int, others: int, nature: Nature = Nature.NATURAL, on: date = REGISTERED
) -> tuple[Fact, ...]:
    return tuple(
        fact(
            Enterprise.FounderAdded,
            on,
            member_id=uid(number),
            person=outsider(number),
            nature=nature,
            entitled=number < entitled,
        )
        for number in range(entitled + others)
    )


def entered(on: date) -> Fact:
    return fact(
        Enterprise.Founded,
        on,
        krs=KRS,
        founders=5,
        entitled=5,
        article="art. 4",
        rule_from=on,
        code="SS-1",
        kind=EnterpriseKind.SOCIAL_COOPERATIVE,
        partner="mops-gdansk",
        teryt="2061011",
    )


def place(number: int, on: date, *, entitled: bool = True) -> Fact:
    return fact(
        Enterprise.JobPlaceCreated,
        on,
        place_id=uid(100 + number),
        person=outsider(number),
        share="1.00",
        entitled=entitled,
    )
