"""Numbers over two axes of time, and the way from each of them to its people and their events."""

from datetime import date
from typing import Any

import pytest

from services.reporting.application import counting
from services.reporting.application.indicators import COUNT
from shared.contracts.access import Role
from shared.contracts.registry import events as registry
from shared.contracts.reporting.views import indicators as views
from shared.contracts.reporting.vocabulary.indicators import CountOf
from shared.eventstore.reads import Access
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.driving import caller
from tests.reporting.conftest import NOW, Reporting
from tests.reporting.telling import (
    STARTED,
    enrolled,
    person,
    registered,
    sealed,
    tell_on,
    told_by,
    vault_of,
)
from tests.reporting.working import asked, work

AUDITOR = caller(Role.AUDITOR)
RESEARCHER = caller(Role.RESEARCHER, "uniwersytet")
MARCH, APRIL = date(2026, 3, 31), NOW.date()


def unemployed(reporting: Reporting, *numbers: int, **facts: Any) -> None:
    """Registered with everything that a complete record needs, and enrolled."""
    told = told_by(reporting, "registry")
    for number in numbers:
        told.tell(registered(reporting, person(number), **facts), enrolled(person(number)))


def number(reporting: Reporting, code: str = "CO01", **asking: Any) -> views.IndicatorNumber:
    request = views.CountIndicators(set_code="esf2014", code=code, **asking)
    (found,) = asked(reporting, "count_indicators", request).items
    assert isinstance(found, views.IndicatorNumber)
    return found


def test_a_set_is_counted_with_the_version_of_its_definition(reporting: Reporting) -> None:
    unemployed(reporting, 1, 2)
    told = asked(reporting, "count_indicators", views.CountIndicators(set_code="esf2014"))
    values = {each.code: each.value for each in told.items}
    assert (values["CO01"], values["CO05"]) == (2, 0)
    assert [(each.ledger, each.position) for each in told.positions] == [("registry", 7)]
    (listed,) = [
        each
        for each in asked(reporting, "list_indicator_sets", None).items
        if each.set_code == "esf2014"
    ]
    assert (listed.version, told.facts) == (told.version, 4)


def test_cells_are_told_of_the_breakdown_that_is_asked_for(reporting: Reporting) -> None:
    unemployed(reporting, 1, 2)
    unemployed_men = number(reporting, breakdown="sex")
    assert [(c.labels[0].value, c.value) for c in unemployed_men.cells] == [("female", 2)]
    assert number(reporting).cells == ()


def test_true_on_a_day_and_known_on_a_day_are_two_axes(reporting: Reporting) -> None:
    """The neighbour recorded everything on 1 January 2026; support began on 12 January."""
    unemployed(reporting, 1)
    assert number(reporting, as_of=date(2026, 1, 11)).value == 0
    assert number(reporting, as_of=STARTED).value == 1
    assert number(reporting, as_of=STARTED, known_at=date(2025, 12, 31)).value == 0
    assert number(reporting, as_of=STARTED, known_at=date(2026, 1, 1)).value == 1


@pytest.mark.parametrize("axis", ["as_of", "known_at"])
def test_the_future_is_refused(reporting: Reporting, axis: str) -> None:
    request = views.CountIndicators.model_validate({"set_code": "esf2014", axis: date(2026, 4, 11)})
    with pytest.raises(Rejected) as refusal:
        asked(reporting, "count_indicators", request)
    assert (refusal.value.code, refusal.value.pointer) == ("date_in_future", f"/{axis}")
    assert refusal.value.details == {"not_after": "2026-04-10"}


@pytest.mark.parametrize(
    ("asking", "code", "pointer"),
    [
        ({"set_code": "esf2007"}, "reporting.set_unknown", "/set_code"),
        ({"code": "CO99"}, "reporting.indicator_unknown", "/code"),
        ({"code": "CO01", "breakdown": "partner"}, "reporting.breakdown_unknown", "/breakdown"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    reporting: Reporting, asking: dict[str, str], code: str, pointer: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        asked(
            reporting, "count_indicators", views.CountIndicators(**{"set_code": "esf2014"} | asking)
        )
    assert (refusal.value.code, refusal.value.pointer) == (code, pointer)
    assert refusal.value.details["known"]


def test_a_number_leads_to_its_people_and_they_to_their_events(reporting: Reporting) -> None:
    unemployed(reporting, 1, 2)
    facts: dict[str, Any] = {"set_code": "esf2014", "code": "CO01", "cell": "sex:female"}
    units = asked(reporting, "list_indicator_units", views.GetUnits(**facts), AUDITOR)
    assert units.value == sum(each.amount for each in units.items) == 2
    assert {each.participant_id for each in units.items} == {person(1), person(2)}
    request = views.GetUnitEvidence(unit=str(person(2)), **facts)
    evidence = asked(reporting, "get_indicator_evidence", request, AUDITOR)
    assert [(each.kind, each.ledger, each.position) for each in evidence.items] == [
        ("registry.participant_registered.v1", "registry", 5),
        ("registry.participant_enrolled.v1", "registry", 7),
    ]
    assert evidence.version == units.version


def test_who_looks_at_the_people_of_a_number_is_recorded(reporting: Reporting) -> None:
    unemployed(reporting, 1)
    asked(reporting, "list_indicator_units", views.GetUnits(set_code="esf2014", code="CO01"))
    reads = [
        each.event
        for each in reporting.followed.history.batch(0)
        if isinstance(each.event, Access.PersonalDataRead)
    ]
    assert [(each.subjects, each.data_classes) for each in reads] == [
        ((person(1),), (DataClass.MONITORING,))
    ]


def test_a_correction_counts_from_when_it_is_known(reporting: Reporting) -> None:
    unemployed(reporting, 1)
    tell_on(
        reporting,
        date(2026, 4, 8),
        registry.ParticipantCorrected(
            subject=person(1),
            decided_on=APRIL,
            in_force_on=STARTED,
            fields=("/monitoring/labour_status",),
            monitoring=sealed(reporting, person(1), 3, monitoring={"labour_status": "employed"}),
        ),
    )
    before: dict[str, Any] = {"as_of": MARCH, "known_at": date(2026, 4, 7)}
    assert (number(reporting, **before).value, number(reporting, "CO05", **before).value) == (1, 0)
    after: dict[str, Any] = {"as_of": MARCH, "known_at": date(2026, 4, 8)}
    assert (number(reporting, **after).value, number(reporting, "CO05", **after).value) == (0, 1)


def test_who_was_erased_is_not_counted_and_is_told_as_unreadable(reporting: Reporting) -> None:
    unemployed(reporting, 1, 2)
    vault_of(reporting).erase(
        person(1), {DataClass.MONITORING}, basis="gdpr_17_1_b", approved_by="oidc|other"
    )
    assert (number(reporting).value, number(reporting).unreadable) == (1, 1)


def test_a_researcher_is_told_no_number_of_a_few_people(reporting: Reporting) -> None:
    unemployed(reporting, *range(1, 6))
    unemployed(reporting, 6, sex="male")
    request = views.CountIndicators(set_code="esf2014", breakdown="sex")
    told = {
        each.code: each for each in asked(reporting, "count_indicators", request, RESEARCHER).items
    }
    assert (told["CO01"].value, told["CO01"].withheld) == (6, False)
    assert [each.value for each in told["CO01"].cells] == [None, None]
    few = asked(reporting, "count_indicators", request.model_copy(), AUDITOR)
    assert [c.value for e in few.items if e.code == "CO01" for c in e.cells] == [5, 1]


def test_a_count_over_many_facts_is_ordered(
    reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    unemployed(reporting, 1, 2)
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    with pytest.raises(Rejected) as refusal:
        number(reporting)
    assert refusal.value.code == "reporting.too_many_facts"
    assert refusal.value.details == {"facts": 4, "at_most": 3}
    ordered = asked(reporting, "order_count", CountOf(set_code="esf2014", as_of=MARCH))
    waiting = asked(reporting, "get_count", views.GetCount(id=ordered.id))
    assert (waiting.state, waiting.indicators) == (views.CountState.WAITING, None)
    assert work(reporting, COUNT)[-1] == {"facts_read": 4, "facts": 4}
    done = asked(reporting, "get_count", views.GetCount(id=ordered.id, code="CO01"))
    assert [each.value for each in done.indicators.items] == [2]
    assert (done.indicators.as_of, done.indicators.known_at) == (MARCH, APRIL)
