"""What the tests of grants share: a contract of two tranches, two reports, two places."""

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.kasa.domain.grant import Grant
from services.kasa.domain.rules.grants import GrantRules
from shared.contracts.kasa.vocabulary.grants import (
    Condition,
    GrantTerms,
    ReportDue,
    Support,
    Tranche,
)
from shared.kernel.money import Money
from shared.kernel.parameters import read_toml
from shared.testing.scenario import SUBJECT

RULES: Final = GrantRules.model_validate(
    read_toml(each.read_text() for each in Path("services/kasa/rules/grants").glob("*.toml"))
)
SIGNED_ON: Final = date(2024, 4, 2)
TODAY: Final = date(2027, 6, 30)
PLACE_A, PLACE_B = UUID(int=0xA), UUID(int=0xB)
TERMS: Final = GrantTerms(
    number="DOT/2024/0003",
    enterprise_id=UUID(int=1),
    application_id=UUID(int=2),
    source="EFS-85",
    support=Support.JOB_PLACE_LABOUR_FUND,
    tranches=(
        Tranche(number=1, amount=Money.of("30000")),
        Tranche(number=2, amount=Money.of("10000"), after_report=1),
    ),
    conditions=(Condition(code="WEKSEL", text="Weksel in blanco z deklaracją"),),
    reports=(
        ReportDue(
            number=1,
            first_day=date(2024, 4, 2),
            last_day=date(2024, 9, 30),
            due_on=date(2024, 10, 31),
        ),
        ReportDue(
            number=2,
            first_day=date(2024, 10, 1),
            last_day=date(2025, 3, 31),
            due_on=date(2025, 4, 30),
        ),
    ),
    job_places=2,
)


def signed(**changes: Any) -> Grant:
    grant = Grant(SUBJECT)
    terms = GrantTerms.model_validate({**TERMS.model_dump(), **changes})
    grant.sign(terms, signed_on=SIGNED_ON, today=TODAY, by="officer", rules=RULES)
    return grant


def with_conditions_met() -> Grant:
    grant = signed()
    grant.meet_condition("WEKSEL", on=SIGNED_ON, source_document="W/1", today=TODAY, by="officer")
    return grant


def submit(grant: Grant, number: int, spent: str, on: date, by: str = "beneficiary") -> None:
    grant.submit_report(
        number, spent=Money.of(spent), on=on, source_document="S/1", today=TODAY, by=by
    )


def accept(grant: Grant, number: int, accepted: str, on: date, by: str = "officer") -> None:
    grant.accept_report(number, accepted=Money.of(accepted), on=on, today=TODAY, by=by)


def release(grant: Grant, number: int, on: date, by: str = "head") -> None:
    grant.release_tranche(number, on=on, today=TODAY, by=by)


def pay(grant: Grant, number: int, on: date, reference: str = "") -> None:
    grant.pay_tranche(number, bank_reference=reference or f"P/{number}", on=on, today=TODAY)


def paid_out() -> Grant:
    """Both tranches paid, both reports accepted in full."""
    grant = with_conditions_met()
    release(grant, 1, date(2024, 4, 3))
    pay(grant, 1, date(2024, 4, 4))
    submit(grant, 1, "30000", date(2024, 10, 2))
    accept(grant, 1, "30000", date(2024, 10, 5))
    release(grant, 2, date(2024, 10, 7))
    pay(grant, 2, date(2024, 10, 8))
    submit(grant, 2, "10000", date(2025, 4, 2))
    accept(grant, 2, "10000", date(2025, 4, 5))
    return grant


def settled(grant: Grant, on: date) -> None:
    grant.check_durability(on=on, today=TODAY, by="officer")
    grant.compute_clawback(on=on, today=TODAY, by="officer")
