"""Enterprises that kasa knows, and what they had, for the tests that drive the whole service."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.contracts.kasa.commands.enterprises import (
    AddFounder,
    CreateJobPlace,
    FoundEnterprise,
    RegisterEnterprise,
)
from shared.contracts.kasa.commands.undertakings import (
    AddLink,
    AnnounceRates,
    DeclareAid,
    GrantAid,
)
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.vocabulary.enterprises import (
    EnterpriseKind,
    Identifiers,
    LegalForm,
    Nature,
    Person,
)
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    DeclaredAid,
    ExchangeRate,
    LinkKind,
    Party,
)
from shared.kernel.money import Currency, Money
from tests.kasa.conftest import Kasa

TODAY = date(2026, 3, 2)
FRIDAY = date(2026, 2, 27)
NIPS = ("9990000008", "9990000014", "9990000020", "9990000037", "9990000043")
RATE = Decimal("4.0000")


def register(kasa: Kasa, number: int, nip: str | None = None, **facts: object) -> UUID:
    command = RegisterEnterprise.model_validate(
        {
            "code": f"SS-{number}",
            "name": f"Spółdzielnia Socjalna {number}",
            "kind": EnterpriseKind.SOCIAL_COOPERATIVE,
            "legal_form": LegalForm.COOPERATIVE,
            "partner": "mops-gdansk",
            "teryt": "2061011",
            "identifiers": Identifiers(nip=nip),
            "registered_on": date(2025, 1, 7),
        }
        | facts
    )
    return kasa.do(command).id


def add_founder(kasa: Kasa, enterprise: UUID, person: Person, *, entitled: bool = True) -> None:
    kasa.do(
        AddFounder(
            enterprise_id=enterprise,
            person=person,
            nature=Nature.NATURAL,
            entitled=entitled,
            added_on=date(2025, 1, 8),
        )
    )


def found(kasa: Kasa, enterprise: UUID, on: date = date(2025, 2, 3)) -> None:
    kasa.do(FoundEnterprise(enterprise_id=enterprise, krs="0000123456", entered_on=on))


def employ(kasa: Kasa, enterprise: UUID, person: Person, on: date = date(2025, 3, 3)) -> UUID:
    kasa.do(
        CreateJobPlace(
            enterprise_id=enterprise,
            person=person,
            share=Decimal("0.50"),
            entitled=True,
            created_on=on,
        )
    )
    shown = kasa.ask("get_enterprise", by_id(enterprise))
    place: UUID = shown.places[-1].place_id
    return place


def by_id(identity: UUID) -> ById:
    return ById(id=identity)


def announce(kasa: Kasa, on: date = FRIDAY, rate: Decimal = RATE) -> None:
    table = f"{on.timetuple().tm_yday}/A/NBP/{on.year}"
    kasa.do(AnnounceRates(rates=(ExchangeRate(announced_on=on, table=table, rate=rate),)))


def declare(kasa: Kasa, enterprise: UUID, *items: DeclaredAid, on: date = TODAY) -> None:
    kasa.do(DeclareAid(party=Party(enterprise_id=enterprise), items=items, declared_on=on))


def declared(euros: str, on: date, reference: str = "Z/1/2025") -> DeclaredAid:
    return DeclaredAid(
        granted_on=on,
        amount=Money.of(euros, Currency.EUR),
        granted_by="Powiatowy Urząd Pracy",
        regulation="2023/2831",
        reference=reference,
    )


def granting(enterprise: UUID, zlotys: str, *, on: date = TODAY, **facts: object) -> GrantAid:
    return GrantAid.model_validate(
        {
            "enterprise_id": enterprise,
            "amount": Money.of(zlotys),
            "regulation": "2023/2831",
            "basis": AidBasis.GRANT,
            "decision": "DEC/1/2026",
            "granted_on": on,
        }
        | facts
    )


def linking(one: UUID, other: Party, kind: LinkKind = LinkKind.MAJORITY_OF_VOTES) -> AddLink:
    return AddLink(
        enterprise_id=one, other=other, kind=kind, since=date(2025, 6, 2), reference="KRS/1"
    )
