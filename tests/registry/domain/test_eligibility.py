"""Who may start support: each policy on its boundary."""

from datetime import date
from typing import Any

import pytest

from services.registry.domain.consents import Consent
from services.registry.domain.eligibility import Candidate, age_on, require_eligible
from services.registry.domain.personal_record import Personal
from shared.contracts.registry.vocabulary import (
    IdentityData,
    Kind,
    MonitoringData,
    PersonalData,
    Purpose,
    SpecialData,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import WITHHELD
from tests.registry.domain.people import ADAM, APPLIED, RULES, STARTED, ZOFIA

DECLARED = (Consent(Purpose.PARTICIPATION, "2026-1", APPLIED),)


def refusal(kind: Kind, personal: PersonalData | Personal, **changes: Any) -> str | None:
    known = personal if isinstance(personal, Personal) else Personal.of(personal)
    facts = {"consents": DECLARED, "starts_on": STARTED, **changes}
    try:
        require_eligible(Candidate(kind=kind, personal=known, **facts), RULES)
    except Rejected as rejected:
        return rejected.code
    return None


def born(on: date | None, pesel: str | None = None) -> PersonalData:
    return ZOFIA.model_copy(
        update={
            "identity": IdentityData(pesel=pesel),
            "monitoring": MonitoringData(born_on=on),
        }
    )


def test_dependent_and_staff_have_their_own_conditions() -> None:
    assert refusal(Kind.DEPENDENT, ZOFIA) is None
    assert refusal(Kind.STAFF, ADAM) is None
    assert refusal(Kind.DEPENDENT, ADAM) == "registry.ground_missing"
    assert refusal(Kind.STAFF, ZOFIA) == "registry.institution_missing"


@pytest.mark.parametrize(
    ("born_on", "code"),
    [(date(2008, 2, 2), None), (date(2008, 2, 3), "registry.too_young")],
)
def test_the_minimum_age_is_reached_on_the_birthday(born_on: date, code: str | None) -> None:
    assert refusal(Kind.DEPENDENT, born(born_on)) == code


def test_the_age_may_be_known_from_the_pesel() -> None:
    assert refusal(Kind.DEPENDENT, born(None, "85031512344")) is None
    assert refusal(Kind.DEPENDENT, born(None)) == "registry.birth_date_missing"


def test_who_was_born_on_29_february_completes_a_year_on_1_march() -> None:
    assert age_on(date(2026, 2, 28), date(2008, 2, 29)) == 17
    assert age_on(date(2026, 3, 1), date(2008, 2, 29)) == 18
    assert age_on(date(2028, 2, 29), date(2008, 2, 29)) == 20


def test_a_declaration_withdrawn_by_the_day_of_the_start_is_none() -> None:
    withdrawn = (Consent(Purpose.PARTICIPATION, "2026-1", APPLIED, withdrawn_on=STARTED),)
    assert refusal(Kind.STAFF, ADAM, consents=withdrawn) == "registry.consent_missing"


def test_a_declaration_of_the_day_after_comes_too_late() -> None:
    late = (Consent(Purpose.PARTICIPATION, "2026-1", date(2026, 2, 3)),)
    assert refusal(Kind.STAFF, ADAM, consents=late) == "registry.consent_missing"


def test_no_ground_is_no_ground() -> None:
    none = ZOFIA.model_copy(update={"special": SpecialData(grounds=())})
    assert refusal(Kind.DEPENDENT, none) == "registry.ground_missing"


def test_what_is_withheld_is_not_taken_for_missing() -> None:
    hidden = Personal(ZOFIA.identity, ZOFIA.monitoring, WITHHELD)
    assert refusal(Kind.DEPENDENT, hidden) == "registry.data_withheld"
    ageless = Personal(WITHHELD, WITHHELD, ZOFIA.special)
    assert refusal(Kind.DEPENDENT, ageless) == "registry.data_withheld"
