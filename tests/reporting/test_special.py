"""What people tell of health, origin or conviction is counted as told, and lies nowhere in clear."""

import logging
from typing import Any

import pytest

from services.reporting.application.indicators import COUNT
from services.reporting.application.reports import COMPUTE
from services.reporting.domain.ids import id_of
from shared.contracts.operations import FeedRequest
from shared.contracts.registry import events as registry
from shared.contracts.reporting.commands import reports as commands
from shared.contracts.reporting.views import indicators as views
from shared.contracts.reporting.vocabulary.indicators import CountOf
from shared.eventstore.reads import Access
from shared.kernel.personal import DataClass
from shared.runtime.provision import Administrator
from tests.reporting.conftest import Reporting
from tests.reporting.telling import (
    STARTED,
    enrolled,
    person,
    registered,
    sealed,
    told_by,
    vault_of,
)
from tests.reporting.working import asked, work
from tests.stories.traces import found_in_collections

CANARY = "Special-Canary-Mv7qX"
COUNTED = {
    "esf2014": ("CO15", "CO16", "CO17", "CR05"),
    "esfplus": ("EECO12", "EECO14", "EECO15", "EECO16"),
}
TOLD: tuple[dict[str, Any] | None, ...] = (
    {"disability": "yes", "minority": "yes", "foreign_origin": "no", "homeless": "no"},
    {"disability": "no", "minority": "no", "foreign_origin": "yes", "homeless": "yes"},
    {"disability": "refused", "minority": "refused", "grounds": []},
    {"grounds": ["former_prisoner"], "disability": "no", "minority": "no"},
    None,
)


def tell(reporting: Reporting) -> None:
    told = told_by(reporting, "registry")
    for number, special in enumerate(TOLD, start=1):
        who = person(number)
        told.tell(registered(reporting, who, special), enrolled(who))


def numbers(reporting: Reporting, set_code: str) -> dict[str, views.IndicatorNumber]:
    found = asked(reporting, "count_indicators", views.CountIndicators(set_code=set_code))
    return {each.code: each for each in found.items if each.code in COUNTED[set_code]}


def test_sensitive_indicators_count_who_said_yes(reporting: Reporting) -> None:
    """Person 1: disabled, of a minority; 2: of foreign origin, homeless; 3 refused; 4: was in
    prison; 5 was not asked. All have complete records.
    """
    tell(reporting)
    found = numbers(reporting, "esf2014")
    assert {code: each.value for code, each in found.items()} == {
        "CO15": 2,
        "CO16": 1,
        "CO17": 2,
        "CR05": 0,
    }
    assert (found["CO15"].refused, found["CO15"].unasked) == (1, 3)
    plus = numbers(reporting, "esfplus")
    assert {code: each.value for code, each in plus.items()} == {
        "EECO12": 1,
        "EECO14": 1,
        "EECO15": 1,
        "EECO16": 1,
    }


def test_a_correction_replaces_an_answer_and_its_reasons_are_not_looked_at(
    reporting: Reporting,
) -> None:
    tell(reporting)
    box = sealed(
        reporting,
        person(1),
        3,
        DataClass.SPECIAL,
        special={"disability": "no"},
        justification=CANARY,
    )
    told_by(reporting, "registry").tell(
        registry.ParticipantCorrected(
            subject=person(1),
            decided_on=STARTED,
            in_force_on=STARTED,
            fields=("/special/disability", "/special/minority"),
            special=box,
        )
    )
    found = numbers(reporting, "esf2014")
    assert (found["CO16"].value, found["CO15"].value) == (0, 1)
    known = reporting.composition.numbers.counting.known
    facts = known.read(reporting.composition.application.today())
    assert facts[-1].special == {"special": {"disability": "no"}}


def test_of_an_erased_key_the_other_numbers_stay_and_the_registry_is_told(
    reporting: Reporting,
) -> None:
    tell(reporting)
    numbers(reporting, "esf2014")
    told_by(reporting, "registry").tell(
        registry.ParticipantErased(
            subject=person(1), data_classes=(DataClass.SPECIAL,), erased_on=STARTED
        )
    )
    assert vault_of(reporting).erased(person(1)) == {DataClass.SPECIAL}
    (told,) = reporting.composition.publication.page(FeedRequest(after=0, limit=10)).envelopes
    assert told.type == "reporting.subject_erased.v1"
    assert told.data["data_classes"] == ["special"]
    assert told.subject == person(1)
    found = numbers(reporting, "esf2014")
    assert [(found[code].value, found[code].unreadable) for code in ("CO15", "CO16", "CO17")] == [
        (1, 1),
        (0, 1),
        (2, 1),
    ]
    request = views.CountIndicators(set_code="esf2014", code="CO01")
    (unemployed,) = asked(reporting, "count_indicators", request).items
    assert (unemployed.value, unemployed.unreadable) == (len(TOLD), 0)


def test_a_look_at_who_has_a_disability_is_recorded_as_such(reporting: Reporting) -> None:
    tell(reporting)
    for code in ("CO16", "CO01"):
        asked(reporting, "list_indicator_units", views.GetUnits(set_code="esf2014", code=code))
    reads = [
        each.event.data_classes
        for each in reporting.followed.history.batch(0)
        if isinstance(each.event, Access.PersonalDataRead)
    ]
    assert [set(each) for each in reads] == [
        {DataClass.MONITORING, DataClass.SPECIAL},
        {DataClass.MONITORING},
    ]


def test_nothing_special_lies_in_clear(
    reporting: Reporting, administrator: Administrator, caplog: pytest.LogCaptureFixture
) -> None:
    """Told, counted, ordered as a job and frozen in a report: neither in the database nor in what
    the broker is given nor in the log.
    """
    caplog.set_level(logging.DEBUG)
    special = {"disability": "yes", "grounds": ["disabled"], "minority": CANARY}
    told = told_by(reporting, "registry")
    told.tell(registered(reporting, person(1), special), enrolled(person(1)))
    assert numbers(reporting, "esf2014")["CO16"].value == 1
    asked(reporting, "order_count", CountOf(set_code="esf2014"))
    work(reporting, COUNT)
    drafted = commands.DraftReport(
        number="Q1", set_code="esf2014", first_on=STARTED, last_on=STARTED
    )
    reporting.command(drafted)
    asked(reporting, "compute_report", commands.ComputeReport(report_id=id_of("report", "Q1")))
    work(reporting, COMPUTE)
    planted = {"canary": CANARY, "planted": str(person(1))}
    found = found_in_collections(administrator.mongodb_uri, planted)
    assert ("reporting_views.facts", "planted") in found
    assert {name for _, name in found} == {"planted"}
    assert not any(CANARY in each.model_dump_json() for each in told.envelopes)
    assert CANARY not in caplog.text
