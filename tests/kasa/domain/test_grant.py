"""A grant: who may pay what when, how long places last, what comes back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.kasa.domain.clawback import FORMULAS, clawback
from services.kasa.domain.grant import Grant
from services.kasa.domain.grant_tasks import due_tasks
from shared.contracts.kasa.vocabulary.grants import (
    ClawbackPart,
    GrantTask,
    GrantTerms,
    Ground,
    PlaceResult,
    Support,
    Tranche,
)
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from shared.testing.scenario import SUBJECT
from tests.kasa.domain.books import pln
from tests.kasa.domain.granting import (
    PLACE_A,
    PLACE_B,
    RULES,
    SIGNED_ON,
    TERMS,
    TODAY,
    accept,
    paid_out,
    pay,
    release,
    settled,
    signed,
    submit,
    with_conditions_met,
)
from tests.kasa.domain.test_fund import refused

AFTER = SIGNED_ON + timedelta(1)


def test_the_contract_keeps_the_rules_of_the_day_it_was_signed_on() -> None:
    grant = signed()
    assert grant.signed.durability.months == 24
    assert grant.signed.clawback.formula == "proportional_to_days/1"
    assert signed(support=Support.JOB_PLACE_ESF).signed.durability.months == 18
    assert signed(support=Support.COOPERATIVE_LABOUR_FUND).signed.durability.months == 12


def test_a_contract_is_signed_once() -> None:
    grant = signed()
    refused(
        "kasa.contract_number_taken",
        lambda: grant.sign(TERMS, signed_on=SIGNED_ON, today=TODAY, by="officer", rules=RULES),
    )


def test_support_by_unit_rates_is_never_above_them() -> None:
    """From 26 March 2024: 35 212 and 38 178 for a place; before, 31 229 and 32 400."""
    two_places = Tranche(number=1, amount=Money.of("146780"))
    grant = signed(support=Support.JOB_PLACE_ESF, tranches=[two_places])
    assert grant.terms.amount == pln(146780)
    too_much = Tranche(number=1, amount=Money.of("146780.01"))
    refusal = refused(
        "kasa.rate_exceeded", lambda: signed(support=Support.JOB_PLACE_ESF, tranches=[too_much])
    )
    assert refusal.details["ceiling"] == "146780.00 PLN"
    refused("kasa.places_exceeded", lambda: signed(support=Support.JOB_PLACE_ESF, job_places=11))


@pytest.mark.parametrize(
    "changes",
    [
        {"tranches": [{"number": 2, "amount": {"amount": "1.00", "currency": "PLN"}}]},
        {"tranches": [Tranche(number=1, amount=pln(1), after_report=3)]},
        {"tranches": [{"number": 1, "amount": {"amount": "1.005", "currency": "PLN"}}]},
        {"tranches": [{"number": 1, "amount": {"amount": "0.00", "currency": "PLN"}}]},
        {
            "tranches": [
                Tranche(number=1, amount=pln(1)),
                Tranche(number=2, amount=Money.of(1, Currency.EUR)),
            ]
        },
        {"conditions": [{"code": "A", "text": "a"}, {"code": "A", "text": "b"}]},
        {"job_places": -1},
    ],
)
def test_terms_that_contradict_themselves_are_none(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GrantTerms.model_validate({**TERMS.model_dump(), **changes})


def test_nothing_is_paid_before_the_conditions_are_met() -> None:
    refusal = refused("kasa.conditions_not_met", lambda: release(signed(), 1, AFTER))
    assert refusal.details == {"missing": ["WEKSEL"]}
    grant = signed()
    meet = date(2024, 4, 10)
    grant.meet_condition("WEKSEL", on=meet, source_document="W/1", today=TODAY, by="officer")
    refused("kasa.conditions_not_met", lambda: release(grant, 1, AFTER))
    release(grant, 1, meet)


def test_a_condition_is_one_of_the_contract_and_met_once() -> None:
    grant = with_conditions_met()

    def meet(code: str) -> Callable[[], None]:
        return lambda: grant.meet_condition(
            code, on=AFTER, source_document="W/2", today=TODAY, by="officer"
        )

    refused("kasa.condition_met", meet("WEKSEL"))
    refused("kasa.condition_unknown", meet("HIPOTEKA"))


def test_an_advance_is_released_by_another_person_than_who_signed() -> None:
    grant = with_conditions_met()
    refused("four_eyes", lambda: release(grant, 1, AFTER, by="officer"))
    release(grant, 1, AFTER, by="head")
    refused("kasa.tranche_released", lambda: release(grant, 1, AFTER, by="head"))


def test_a_tranche_waits_for_its_report_and_a_second_person() -> None:
    grant = with_conditions_met()
    refusal = refused("kasa.report_not_accepted", lambda: release(grant, 2, AFTER))
    assert refusal.details == {"report": 1, "state": "due"}
    submit(grant, 1, "30000", date(2024, 10, 1))
    refused("kasa.report_not_accepted", lambda: release(grant, 2, date(2024, 10, 2)))
    refused("four_eyes", lambda: accept(grant, 1, "1", date(2024, 10, 2), by="beneficiary"))
    accept(grant, 1, "30000", date(2024, 10, 5), by="clerk")
    refused("four_eyes", lambda: release(grant, 2, date(2024, 10, 5), by="clerk"))
    refused("date_too_early", lambda: release(grant, 2, date(2024, 10, 4), by="head"))
    release(grant, 2, date(2024, 10, 5), by="head")


def test_a_report_is_about_days_that_are_over_and_is_decided_once() -> None:
    grant = with_conditions_met()
    refused("date_too_early", lambda: submit(grant, 1, "1", date(2024, 9, 29)))
    refused("kasa.report_not_submitted", lambda: accept(grant, 1, "1", date(2024, 10, 5)))
    submit(grant, 1, "30000", date(2024, 10, 1))
    refused("kasa.report_submitted", lambda: submit(grant, 1, "1", date(2024, 10, 2)))
    refused("kasa.accepted_exceeds_spent", lambda: accept(grant, 1, "30000.01", date(2024, 10, 5)))
    grant.reject_report(1, reason="Brak faktur", on=date(2024, 10, 5), today=TODAY, by="officer")
    submit(grant, 1, "29000", date(2024, 10, 9))
    assert grant.reports[1].version == 2
    accept(grant, 1, "29000", date(2024, 10, 10))
    refused("kasa.report_not_submitted", lambda: accept(grant, 1, "1", date(2024, 10, 11)))
    refused("kasa.report_unknown", lambda: submit(grant, 3, "1", date(2025, 5, 1)))


def test_a_tranche_is_paid_once_whatever_is_repeated() -> None:
    grant = with_conditions_met()
    refused("kasa.tranche_not_released", lambda: pay(grant, 1, AFTER))
    release(grant, 1, AFTER)
    pay(grant, 1, AFTER, "P/1")
    version = grant.version
    pay(grant, 1, AFTER, "P/1")
    assert grant.version == version
    refused("kasa.tranche_not_released", lambda: pay(grant, 1, AFTER, "P/2"))
    assert grant.paid == pln(30000)


def filled(*since: date) -> Grant:
    grant = paid_out()
    for place, day in zip((PLACE_A, PLACE_B), since, strict=False):
        grant.fill_place(place, on=day, today=TODAY)
    return grant


def test_a_place_that_lasted_returns_nothing() -> None:
    grant = filled(date(2024, 5, 31), date(2024, 6, 1))
    too_early = date(2026, 5, 31)
    refused("date_too_early", lambda: settled(grant, too_early))
    settled(grant, date(2026, 6, 1))
    assert grant.due is not None
    assert grant.due.amount == pln(0)


def test_a_short_vacancy_breaks_nothing_and_a_longer_one_breaks_the_place_off() -> None:
    """30 days may pass until a place is filled again."""
    last = date(2026, 6, 1)
    grant = filled(date(2024, 6, 1), date(2024, 6, 1))
    grant.vacate_place(PLACE_A, on=date(2025, 6, 1), today=TODAY)
    grant.fill_place(PLACE_A, on=date(2025, 7, 1), today=TODAY)
    grant.vacate_place(PLACE_B, on=date(2025, 6, 1), today=TODAY)
    grant.fill_place(PLACE_B, on=date(2025, 7, 2), today=TODAY)
    settled(grant, last)
    assert grant.checked is not None
    assert grant.checked.results == (
        PlaceResult(place_id=PLACE_A, required_days=730, kept_days=730),
        PlaceResult(place_id=PLACE_B, required_days=730, kept_days=365),
    )
    assert grant.due is not None
    assert grant.due.amount == pln(10000)
    assert grant.due.pay_by == date(2026, 7, 1)


def test_what_happens_after_the_required_days_changes_nothing() -> None:
    grant = filled(date(2024, 6, 1), date(2024, 6, 1))
    for place in (PLACE_A, PLACE_B):
        grant.vacate_place(place, on=date(2026, 6, 1), today=TODAY)
    settled(grant, date(2027, 6, 1))
    assert grant.still_due == pln(0)


def test_a_place_that_broke_off_can_be_settled_at_once() -> None:
    grant = filled(date(2024, 6, 1))
    grant.vacate_place(PLACE_A, on=date(2024, 12, 1), today=TODAY)
    refused("date_too_early", lambda: settled(grant, date(2024, 12, 30)))
    settled(grant, date(2025, 1, 1))
    assert grant.due is not None


def test_a_place_never_filled_and_money_not_accounted_for_come_back_whole() -> None:
    parts = clawback(
        "proportional_to_days/1",
        paid=pln(40000),
        accepted=pln("39000.01"),
        places=(
            PlaceResult(place_id=PLACE_A, required_days=730, kept_days=500),
            PlaceResult(place_id=None, required_days=0, kept_days=0),
        ),
    )
    assert parts == (
        ClawbackPart(ground=Ground.NOT_ACCOUNTED_FOR, amount=pln("999.99")),
        ClawbackPart(ground=Ground.PLACE_NOT_KEPT, amount=pln("6143.84"), place_id=PLACE_A),
        ClawbackPart(ground=Ground.PLACE_NOT_FILLED, amount=pln("19500.00")),
    )


def test_the_other_formula_takes_the_whole_of_a_place_that_was_not_kept() -> None:
    places = (PlaceResult(place_id=PLACE_A, required_days=365, kept_days=364),)
    (part,) = clawback("whole_place/1", paid=pln(9), accepted=pln(9), places=places)
    assert part.amount == pln(9)
    assert sorted(FORMULAS) == ["proportional_to_days/1", "whole_place/1"]


def test_clawback_waits_for_the_check_of_durability() -> None:
    grant = paid_out()
    refused(
        "kasa.durability_not_checked",
        lambda: grant.compute_clawback(on=TODAY, today=TODAY, by="officer"),
    )


def test_repayments_fill_what_is_due_and_the_rest_is_the_payers() -> None:
    grant = paid_out()
    settled(grant, TODAY)
    assert grant.still_due == pln(40000)
    grant.repay(pln(39000), bank_reference="B/1", on=TODAY, today=TODAY)
    grant.repay(pln(39000), bank_reference="B/1", on=TODAY, today=TODAY)
    grant.repay(pln(1500), bank_reference="B/2", on=TODAY, today=TODAY)
    assert (grant.repaid, grant.still_due, grant.money.held) == (pln(40000), pln(0), pln(500))
    grant.reverse_repayment("B/2", on=TODAY, today=TODAY)
    assert (grant.still_due, grant.money.held) == (pln(1000), pln(0))
    refused("kasa.payment_unknown", lambda: grant.reverse_repayment("B/2", on=TODAY, today=TODAY))


def test_places_are_those_of_the_contract_and_filled_one_after_another() -> None:
    grant = filled(date(2024, 6, 1), date(2024, 6, 1))
    other = SUBJECT
    refused("kasa.places_exceeded", lambda: grant.fill_place(other, on=TODAY, today=TODAY))
    refused("kasa.place_filled", lambda: grant.fill_place(PLACE_A, on=TODAY, today=TODAY))
    refused("kasa.place_vacant", lambda: grant.vacate_place(other, on=TODAY, today=TODAY))
    refused(
        "date_too_early",
        lambda: grant.vacate_place(PLACE_A, on=date(2024, 6, 1), today=TODAY),
    )


def test_a_closed_grant_pays_nothing_more_and_frees_what_was_not_used() -> None:
    grant = with_conditions_met()
    release(grant, 1, AFTER)
    refused("kasa.tranche_unpaid", lambda: grant.close(on=AFTER, today=TODAY, by="officer"))
    pay(grant, 1, AFTER)
    grant.close(on=AFTER, today=TODAY, by="officer")
    assert grant.unused == pln(10000)
    assert grant.money.committed == pln(0)
    refused("kasa.grant_closed", lambda: release(grant, 2, date(2024, 12, 1)))


def test_tasks_follow_from_the_state() -> None:
    def tasks(grant: Grant) -> dict[tuple[GrantTask, str | None], date | None]:
        return {(task.kind, task.about): task.due_on for task in due_tasks(grant, RULES)}

    assert tasks(signed()) == {
        (GrantTask.MEET_CONDITION, "WEKSEL"): None,
        (GrantTask.SUBMIT_REPORT, "1"): date(2024, 10, 31),
        (GrantTask.SUBMIT_REPORT, "2"): date(2025, 4, 30),
        (GrantTask.FILL_JOB_PLACE, "2"): date(2024, 7, 1),
    }
    grant = with_conditions_met()
    assert (GrantTask.RELEASE_TRANCHE, "1") in tasks(grant)
    release(grant, 1, AFTER)
    assert (GrantTask.PAY_TRANCHE, "1") in tasks(grant)
    submit(grant, 1, "1", date(2024, 10, 1))
    assert tasks(grant)[GrantTask.REVIEW_REPORT, "1"] == date(2024, 10, 31)
    done = filled(date(2024, 6, 1), date(2024, 7, 1))
    assert tasks(done) == {(GrantTask.CHECK_DURABILITY, None): None}
    done.vacate_place(PLACE_A, on=date(2024, 8, 1), today=TODAY)
    settled(done, TODAY)
    assert tasks(done) == {(GrantTask.PAY_CLAWBACK, None): TODAY + timedelta(30)}


def test_a_rule_names_a_formula_that_exists() -> None:
    with pytest.raises(ValidationError, match="no formula"):
        type(RULES).model_validate(
            RULES.model_dump()
            | {
                "clawback": {
                    "other": [
                        {
                            "valid_from": "2024-01-01",
                            "source": "x",
                            "verified": False,
                            "value": {"formula": "guess/1", "pay_within_days": 1},
                        }
                    ]
                }
            }
        )


def test_days_come_and_follow_the_signing() -> None:
    grant = signed()
    refused("date_too_early", lambda: release(grant, 1, SIGNED_ON - timedelta(1)))
    refused("date_in_future", lambda: release(grant, 1, TODAY + timedelta(1)))
    with pytest.raises(Rejected):
        Grant(SUBJECT).sign(
            TERMS, signed_on=TODAY + timedelta(1), today=TODAY, by="officer", rules=RULES
        )
