"""A submitted report stays to the last byte, and every unit between two of them has a cause."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.reporting.application.reports import COMPUTE
from services.reporting.bootstrap import RULES
from shared.contracts.access import Role
from shared.contracts.operations import NoRequest
from shared.contracts.registry import events as registry
from shared.contracts.reporting.commands import reports as commands
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import reports as views
from shared.contracts.reporting.vocabulary.reports import Finding, ReportState
from shared.kernel.days import POLAND
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.driving import COORDINATOR, caller
from tests.reporting.conftest import Reporting
from tests.reporting.telling import (
    STARTED,
    enrolled,
    person,
    registered,
    sealed,
    tell_on,
    vault_of,
)
from tests.reporting.working import asked, work

SECOND = caller(Role.COORDINATOR, name="second")
RESEARCHER = caller(Role.RESEARCHER, "uniwersytet")
MARCH, MAY = date(2026, 3, 31), date(2026, 5, 31)


def enter(
    reporting: Reporting, day: date, *numbers: int, on: date = STARTED, status: str | None = None
) -> None:
    facts: dict[str, Any] = {"labour_status": status} if status else {}
    for number in numbers:
        who = person(number)
        tell_on(reporting, day, registered(reporting, who, **facts), enrolled(who, on))


def drafted(reporting: Reporting, number: str = "RM/1", last_on: date = MARCH) -> UUID:
    command = commands.DraftReport(
        number=number, set_code="esf2014", first_on=date(2026, 1, 1), last_on=last_on
    )
    return reporting.do(command).id


def compute(reporting: Reporting, report: UUID) -> None:
    asked(reporting, "compute_report", commands.ComputeReport(report_id=report))
    work(reporting, COMPUTE)


def computed(reporting: Reporting, number: str = "RM/1", last_on: date = MARCH) -> UUID:
    report = drafted(reporting, number, last_on)
    compute(reporting, report)
    return report


def shown(reporting: Reporting, report: UUID) -> views.Report:
    found: views.Report = reporting.ask("get_report", ById(id=report))
    return found


def content(reporting: Reporting, report: UUID) -> bytes:
    file = asked(reporting, "fetch_report_dataset", views.OfReport(report_id=report))
    store = reporting.composition.examining.datasets.files
    assert store.open(file.file_id).expires_at is None
    return b"".join(store.open(file.file_id).chunks())


def refusal(reporting: Reporting, command: object, by: object = COORDINATOR) -> str:
    with pytest.raises(Rejected) as refused:
        reporting.do(command, by)  # type: ignore[arg-type]
    return refused.value.code


def test_from_draft_to_acceptance_by_two_people(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1, 2)
    report = drafted(reporting)
    submit = commands.SubmitReport(report_id=report)
    accept = commands.AcceptReport(report_id=report, decided_on=date(2026, 4, 10), document="IZ/1")
    assert refusal(reporting, submit) == "reporting.report_state"
    compute(reporting, report)
    assert refusal(reporting, accept) == "reporting.report_state"
    assert refusal(reporting, submit) == "four_eyes"
    reporting.do(submit, SECOND)
    (version,) = shown(reporting, report).versions
    assert version.frozen
    assert version.frozen.digest == hashlib.sha256(content(reporting, report)).hexdigest()
    assert [(each.ledger, each.position) for each in version.frozen.positions] == [("registry", 7)]
    with pytest.raises(Rejected) as refused:
        asked(reporting, "compute_report", commands.ComputeReport(report_id=report))
    assert refused.value.code == "reporting.report_state"
    reporting.do(accept, SECOND)
    (listed,) = reporting.ask("list_reports", NoRequest()).items
    assert listed.state is ReportState.ACCEPTED


def test_a_returned_report_goes_on_as_a_new_version(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1)
    report = computed(reporting)
    first = content(reporting, report)
    reporting.do(commands.SubmitReport(report_id=report), SECOND)
    found = Finding(code="CO01", text="Proszę wyjaśnić.")
    returned = commands.ReturnReport(
        report_id=report, decided_on=date(2026, 4, 10), document="IZ/2", findings=(found,)
    )
    reporting.do(returned, SECOND)
    enter(reporting, date(2026, 4, 9), 2)
    compute(reporting, report)
    told = shown(reporting, report)
    assert [each.state for each in told.versions] == [ReportState.RETURNED, ReportState.COMPUTED]
    assert told.versions[0].findings == (found,)
    old = views.GetReportIndicators(report_id=report, number=1, code="CO01")
    new = old.model_copy(update={"number": 2})
    values = [asked(reporting, "get_report_indicators", each).items[0].value for each in (old, new)]
    assert values == [1, 2]
    assert content(reporting, report) != first


def test_a_period_that_has_not_ended_is_refused(reporting: Reporting) -> None:
    with pytest.raises(Rejected) as refused:
        drafted(reporting, last_on=date(2026, 4, 30))
    assert (refused.value.code, refused.value.pointer) == ("date_in_future", "/last_on")
    drafted(reporting)
    with pytest.raises(Rejected) as taken:
        drafted(reporting)
    assert taken.value.code == "reporting.report_number_taken"


def test_later_events_change_no_byte_of_it(reporting: Reporting) -> None:
    """Late, corrected and new facts after the computation, also on its own day."""
    enter(reporting, date(2026, 4, 1), 1, 2, 3)
    report = computed(reporting)
    before = content(reporting, report)
    enter(reporting, date(2026, 4, 10), 4)
    enter(reporting, date(2026, 4, 2), 5)
    tell_on(
        reporting,
        date(2026, 4, 10),
        registry.ParticipantMerged(subject=person(1), into=person(2), decided_on=MARCH),
    )
    told = asked(reporting, "recount_report", views.OfReport(report_id=report))
    assert (told.same, told.changed) == (True, ())
    assert content(reporting, report) == before


def test_a_recount_after_an_erasure_says_what_it_cannot_see(reporting: Reporting) -> None:
    enter(reporting, date(2026, 4, 1), 1, 2)
    report = computed(reporting)
    vault_of(reporting).erase(
        person(1), {DataClass.MONITORING}, basis="gdpr_17_1_b", approved_by="oidc|other"
    )
    told = asked(reporting, "recount_report", views.OfReport(report_id=report))
    assert (told.same, told.unreadable) == (False, 1)
    assert "CO01" in told.changed
    frozen = views.GetReportIndicators(report_id=report, code="CO01")
    assert asked(reporting, "get_report_indicators", frozen).items[0].value == 2


def test_every_unit_between_two_reports_has_a_cause(reporting: Reporting) -> None:
    enter(reporting, date(2026, 3, 1), 1, 2, 3)
    before = computed(reporting, "RM/1")
    reporting.clock[0] = datetime(2026, 6, 1, 12, tzinfo=POLAND)
    enter(reporting, date(2026, 5, 1), 4)
    enter(reporting, date(2026, 5, 1), 5, 6, on=date(2026, 5, 1))
    wrong = registry.ParticipantCorrected(
        subject=person(1),
        decided_on=date(2026, 5, 2),
        in_force_on=STARTED,
        fields=("/monitoring/labour_status",),
        monitoring=sealed(reporting, person(1), 3, monitoring={"labour_status": "employed"}),
    )
    same = registry.ParticipantMerged(
        subject=person(2), into=person(3), decided_on=date(2026, 5, 2)
    )
    tell_on(reporting, date(2026, 5, 2), wrong, same)
    after = computed(reporting, "RM/2", MAY)
    vault_of(reporting).erase(
        person(3), {DataClass.MONITORING}, basis="gdpr_17_1_b", approved_by="oidc|other"
    )
    asking = views.GetDifference(before_id=before, after_id=after, code="CO01")
    told = asked(reporting, "explain_difference", asking)
    causes = {each.cause: each.change for each in told.causes}
    assert (told.before, told.after) == (3, 4)
    assert sum(causes.values()) == told.after - told.before == sum(e.change for e in told.items)
    assert {name: causes[name] for name in ("new", "late", "left", "merged")} == {
        "new": 2,
        "late": 1,
        "left": -1,
        "merged": -1,
    }
    assert causes.get("erased", 0) == 0


def test_other_rules_are_tried_without_writing(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1)
    enter(reporting, STARTED, 2, status="employed")
    text = (RULES / "indicators" / "esf2014.toml").read_text()
    other = text.replace('"unemployed_registered"', '"employed"')
    head = reporting.composition.application.recorder.ledger.head()
    same = views.AskWhatIf(set_code="esf2014", definition=text)
    told = asked(reporting, "ask_what_if", same)
    assert {each.difference for each in told.items} <= {0, None}
    assert told.version == told.definition
    changed = same.model_copy(update={"definition": other})
    assert asked(reporting, "ask_what_if", changed).definition != told.version
    assert reporting.composition.application.recorder.ledger.head() == head
    with pytest.raises(Rejected) as refused:
        asked(reporting, "ask_what_if", same.model_copy(update={"definition": "code = 1"}))
    assert refused.value.code == "reporting.definition_invalid"
    assert "definition" in refused.value.details["fault"]


def test_what_has_no_numbers_yet_is_not_shown(reporting: Reporting) -> None:
    report = drafted(reporting)
    with pytest.raises(Rejected) as refused:
        asked(reporting, "get_report_indicators", views.GetReportIndicators(report_id=report))
    assert refused.value.code == "reporting.report_not_computed"
    with pytest.raises(Rejected) as unknown:
        asked(reporting, "recount_report", views.OfReport(report_id=uuid4()))
    assert unknown.value.code == "not_found"
