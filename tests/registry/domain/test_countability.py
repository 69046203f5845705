"""Who is counted, and which named fields are missing."""

from typing import Any

import pytest

from services.registry.domain.consents import Consent
from services.registry.domain.countability import countable, gaps, gaps_of
from services.registry.domain.participant import Participant
from services.registry.domain.personal_record import Personal
from shared.contracts.registry.vocabulary import (
    Answer,
    IdentityData,
    Kind,
    MonitoringData,
    OtherId,
    PersonalData,
    Purpose,
    SpecialData,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, WITHHELD
from shared.testing.scenario import fact, given
from tests.registry.domain.people import (
    ADAM,
    ADMITTED_HISTORY,
    APPLIED,
    ENROLLED_HISTORY,
    EXITED,
    EXITED_HISTORY,
    RULES,
    STARTED,
    TODAY,
    ZOFIA,
    declared,
    enrolled,
    registered,
)

DECLARED = (Consent(Purpose.PARTICIPATION, "2026-1", APPLIED),)


def missing(kind: Kind, personal: PersonalData | Personal, **options: Any) -> list[str]:
    known = personal if isinstance(personal, Personal) else Personal.of(personal)
    return [gap.field for gap in gaps(kind, known, DECLARED, STARTED, RULES, **options)]


def without(personal: PersonalData, part: str, *names: str) -> PersonalData:
    changed = getattr(personal, part).model_copy(update=dict.fromkeys(names))
    return personal.model_copy(update={part: changed})


def test_a_complete_record_has_no_gaps() -> None:
    assert missing(Kind.DEPENDENT, ZOFIA) == missing(Kind.STAFF, ADAM) == []


def test_an_empty_record_names_every_field_of_its_kind() -> None:
    dependent = missing(Kind.DEPENDENT, PersonalData())
    staff = missing(Kind.STAFF, PersonalData())
    assert "/special/grounds" in dependent
    assert "/special/grounds" not in staff
    assert "/monitoring/institution" in staff
    assert "/monitoring/institution" not in dependent


def test_each_gap_names_the_version_of_its_rule() -> None:
    (gap,) = gaps(
        Kind.STAFF, Personal.of(without(ADAM, "monitoring", "education")), DECLARED, STARTED, RULES
    )
    assert (gap.field, gap.rule) == ("/monitoring/education", "minimum_data.staff/2004-05-01")


@pytest.mark.parametrize("name", ["disability", "minority", "foreign_origin", "homeless"])
def test_a_refused_answer_counts_and_an_unasked_question_does_not(name: str) -> None:
    refused = ZOFIA.special.model_copy(update={name: Answer.REFUSED})
    assert missing(Kind.DEPENDENT, ZOFIA.model_copy(update={"special": refused})) == []
    assert missing(Kind.DEPENDENT, without(ZOFIA, "special", name)) == [f"/special/{name}"]


def test_a_foreigner_without_pesel_counts_with_another_document() -> None:
    nameless = without(ZOFIA, "identity", "pesel")
    passport = OtherId(type="passport", number="FA 123456", country="UA")
    identity = nameless.identity.model_copy(update={"other_id": passport})
    assert missing(Kind.DEPENDENT, nameless) == ["/identity/pesel"]
    assert missing(Kind.DEPENDENT, nameless.model_copy(update={"identity": identity})) == []


def test_a_later_record_with_the_same_pesel_waits_for_a_decision() -> None:
    assert missing(Kind.DEPENDENT, ZOFIA, suspected=True) == ["/identity/pesel"]


def test_an_erasure_changes_no_total_and_a_withheld_record_is_not_guessed() -> None:
    assert missing(Kind.DEPENDENT, Personal(ERASED, ERASED, ERASED)) == []
    with pytest.raises(Rejected) as refusal:
        missing(Kind.DEPENDENT, Personal(ZOFIA.identity, WITHHELD, ZOFIA.special))
    assert refusal.value.code == "registry.data_withheld"


def counted(*history: Any) -> bool:
    participant = given(Participant, *history).aggregate()
    return countable(participant, gaps_of(participant, today=TODAY, suspected=False, rules=RULES))


def test_a_person_counts_from_the_start_of_support_and_for_ever() -> None:
    assert not counted(*ADMITTED_HISTORY)
    assert counted(*ENROLLED_HISTORY)
    assert counted(*EXITED_HISTORY)


def test_a_declaration_withdrawn_later_leaves_the_count() -> None:
    withdrawn = fact(Participant.ConsentWithdrawn, EXITED, purpose=Purpose.PARTICIPATION)
    assert counted(*ENROLLED_HISTORY, withdrawn)


def test_an_incomplete_record_is_not_counted_until_it_is_completed() -> None:
    partial = without(ZOFIA, "monitoring", "education")
    history = (registered(partial), declared, enrolled)
    completed = fact(
        Participant.Updated,
        EXITED,
        monitoring=MonitoringData(education=ZOFIA.monitoring.education),
    )
    assert not counted(*history)
    assert counted(*history, completed)


def test_a_merged_record_is_not_counted_beside_the_one_that_was_kept() -> None:
    one = "00000000-0000-4000-8000-000000000002"
    merged = fact(Participant.MergedInto, EXITED, into=one, case_id=one)
    assert not counted(*ENROLLED_HISTORY, merged)
    assert counted(
        *ENROLLED_HISTORY, merged, fact(Participant.MergeUndone, EXITED, out_of=one, case_id=one)
    )


def test_half_a_record_is_half_a_record() -> None:
    half = PersonalData(identity=IdentityData(given_name="Ewa"), special=SpecialData(grounds=()))
    assert "/identity/given_name" not in missing(Kind.DEPENDENT, half)
    assert "/identity/family_name" in missing(Kind.DEPENDENT, half)
