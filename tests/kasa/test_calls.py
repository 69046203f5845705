"""Calls and applications through commands, projections and queries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kasa.domain.enterprise import Enterprise
from shared.contracts.access import Role
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.views import calls as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.vocabulary.calls import ApplicationState, CostLine, Offer
from shared.contracts.kasa.vocabulary.enterprises import Person
from shared.contracts.operations import Caller, NoRequest
from shared.contracts.research.events import DiagnosisPublished, NeedOfCommune
from shared.contracts.training.events import CertificateIssued
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from shared.messaging import wire
from tests.driving import COORDINATOR, caller
from tests.kasa.clients import TODAY, add_founder, by_id
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import (
    ADVISER,
    CALL,
    CALL_ID,
    CHAIR,
    OFFICER,
    REVIEWERS,
    assess,
    assessed,
    assign,
    awarded,
    checking,
    client,
    content,
    declare_interest,
    draft,
    endow,
    grounds,
    open_call,
    scoring,
    submit,
    voted,
)
from tests.kasa.telling import admitted, registry_of, research_of, training_of


def refused(kasa: Kasa, command: object, by: Caller = COORDINATOR) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.command(command, by)
    return refusal.value


def shown(kasa: Kasa, application: UUID, by: Caller = COORDINATOR) -> views.Application:
    kasa.project()
    found: views.Application = kasa.ask("get_application", by_id(application), by)
    return found


def works(kasa: Kasa, by: Caller) -> list[Work]:
    kasa.project()
    return [each.work for each in kasa.ask("my_queue", NoRequest(), by).items]


def test_a_call_keeps_the_criteria_of_its_day_and_shows_its_applications(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    given = awarded(kasa, enterprise)
    scored = assessed(kasa, client(kasa, 1), "50000")
    draft(kasa, client(kasa, 2), "1000")
    kasa.project()
    card: views.CallCard = kasa.ask("get_call", by_id(CALL_ID))
    assert card.criteria.name == "DOT-1"
    assert (card.awarded, card.left) == (Money.of("60000"), Money.of("40000"))
    assert card.applications == len(card.ranking) == 3
    assert {each.id for each in card.ranking[:2]} == {given, scored}
    assert card.ranking[2].total is None
    first = next(each for each in card.ranking if each.id == given)
    assert (first.total, first.awarded) == (Decimal(67), Money.of("60000"))
    assert kasa.ask("list_calls", views.ListCalls(offer=Offer.LOAN)).items == ()
    mine = views.ListApplications(call=CALL, state=ApplicationState.DECIDED)
    assert [each.id for each in kasa.ask("list_applications", mine).items] == [given]


def test_a_call_names_a_source_a_regulation_and_products_that_there_are(kasa: Kasa) -> None:
    def opening(**changes: Any) -> str:
        with pytest.raises(Rejected) as refusal:
            open_call(kasa, **changes)
        return refusal.value.code

    assert opening() == "kasa.source_unknown"
    endow(kasa)
    assert opening(regulation="1407/2013") == "kasa.regulation_not_in_force"
    assert opening(budget=Money.of("1", Currency.EUR)) == "currency_mismatch"
    assert opening(offer=Offer.LOAN) == "kasa.product_unknown"
    assert open_call(kasa, code="POZ/2026/1", offer=Offer.LOAN, products=("start",))
    open_call(kasa)
    assert opening() == "kasa.call_code_taken"


def test_every_version_stays_and_the_formal_check_returns_what_is_wrong(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    submit(kasa, application)
    kasa.command(checking(application, met=False), OFFICER)
    assert shown(kasa, application).state is ApplicationState.RETURNED
    second = content("50000")
    revised = commands.ReviseApplication(
        application_id=application, content=second, revised_on=TODAY
    )
    kasa.command(revised, ADVISER)
    submit(kasa, application)
    found = shown(kasa, application)
    assert [each.number for each in found.versions] == [2, 1]
    assert found.versions[0].content == second
    asked = views.GetApplicationVersion(application_id=application, number=1)
    assert kasa.ask("get_application_version", asked) == found.versions[1]
    with pytest.raises(Rejected, match="not_found"):
        kasa.ask("get_application_version", asked.model_copy(update={"number": 3}))


def test_the_longest_application_still_fits_into_one_message(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    costs = tuple(
        CostLine(code=f"K{number}", text="ż" * 200, amount=Money.of("1000")) for number in range(60)
    )
    facts: dict[str, Any] = {"costs": costs, "attachments": ("A" * 100,) * 50}
    application = draft(kasa, enterprise, purpose="ą" * 4000, **facts)
    for letter in "bcd":
        longer = content(purpose=letter * 3999 + "ą", **facts)
        command = commands.ReviseApplication(
            application_id=application, content=longer, revised_on=TODAY
        )
        kasa.command(command, ADVISER)
    assess(kasa, application)
    assert [each.number for each in shown(kasa, application).versions] == [4]
    kasa.command(voted(kasa, application), CHAIR)
    found = shown(kasa, application)
    assert found.decision is not None
    assert len(wire.result_body(found.model_dump(mode="json"))) < wire.LIMIT
    asked = views.GetApplicationVersion(application_id=application, number=1)
    assert kasa.ask("get_application_version", asked).content.costs == costs


def test_nobody_judges_what_they_wrote(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    submit(kasa, application)
    author = Caller(subject=ADVISER.subject, roles=frozenset({Role.LOAN_OFFICER}))
    assert refused(kasa, checking(application), author).code == "four_eyes"
    kasa.command(checking(application), OFFICER)
    assigning = commands.AssignReviewer(
        application_id=application, reviewer=author.subject, assigned_on=TODAY
    )
    assert refused(kasa, assigning, OFFICER).code == "four_eyes"


def test_a_reviewer_declares_first_and_a_conflict_keeps_them_out(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    submit(kasa, application)
    kasa.command(checking(application), OFFICER)
    adam, barbara = REVIEWERS
    assert refused(kasa, scoring(application), adam).code == "kasa.reviewer_not_assigned"
    assign(kasa, application, adam)
    assert refused(kasa, scoring(application), adam).code == "kasa.interest_not_declared"
    declare_interest(kasa, application, adam, conflict=True)
    assert refused(kasa, scoring(application), adam).code == "kasa.conflict_of_interest"
    assign(kasa, application, barbara)
    declare_interest(kasa, application, barbara)
    wrong = refused(kasa, scoring(application, (36, 30, 15)), barbara)
    assert (wrong.code, wrong.pointer) == ("kasa.points_above_maximum", "/points/0/points")
    kasa.command(scoring(application), barbara)
    found = shown(kasa, application)
    assert [each.conflict for each in found.reviewers] == [True, False]
    assert found.assessment is None


def diagnosis(teryt: str, value: str, on: date) -> DiagnosisPublished:
    return DiagnosisPublished(
        subject=UUID(int=9),
        diagnosis_id=UUID(int=9),
        number="DIAG/2026/1",
        version=1,
        territory=(teryt,),
        index_code="POTRZEBY",
        index_version=3,
        indices=(NeedOfCommune(teryt=teryt, value=value),),
        published_on=on,
    )


def test_the_need_of_the_commune_gives_points_and_stays_as_it_was_when_checked(
    kasa: Kasa,
) -> None:
    enterprise = grounds(kasa)
    teryt = kasa.composition.application.load(Enterprise, enterprise).terms.teryt
    research = research_of(kasa)
    research.tell(diagnosis(teryt, "61.25", TODAY - timedelta(9)))
    application = assessed(kasa, enterprise)
    research.tell(diagnosis(teryt, "5.00", TODAY))
    (counted,) = shown(kasa, application).inputs
    assert (counted.criterion, counted.points, counted.value) == ("POTRZEBY", 6, Decimal("0.6125"))
    assert (counted.basis, counted.basis_version) == (f"{UUID(int=9)} POTRZEBY", 3)


def test_a_commune_that_no_diagnosis_tells_of_gets_no_points_for_need(kasa: Kasa) -> None:
    research_of(kasa).tell(diagnosis("2611011", "61.25", TODAY - timedelta(9)))
    application = assessed(kasa, grounds(kasa))
    assert shown(kasa, application).inputs == ()


def test_a_valid_certificate_of_a_founder_gives_its_points(kasa: Kasa) -> None:
    enterprise, person, certificate = grounds(kasa), uuid4(), uuid4()
    registry_of(kasa).tell(*admitted(person, on=date(2025, 1, 2)))
    training_of(kasa).tell(
        CertificateIssued(
            subject=person,
            certificate_id=certificate,
            number="C/1/2025",
            edition_id=uuid4(),
            programme_code="ES-1",
            result="competence",
            issued_on=date(2025, 12, 1),
        )
    )
    application = assessed(kasa, enterprise)
    counting = commands.CountCertificate(
        application_id=application,
        participant_id=person,
        certificate_id=certificate,
        recorded_on=TODAY,
    )
    assert refused(kasa, counting, OFFICER).code == "kasa.certificate_unknown"
    add_founder(kasa, enterprise, Person(participant_id=person))
    kasa.command(counting, OFFICER)
    found = shown(kasa, application)
    (counted,) = found.inputs
    assert (counted.points, counted.basis) == (10, str(certificate))
    assert found.assessment is not None
    assert found.assessment.total == 77
    assert refused(kasa, counting, OFFICER).code == "nothing_changed"


def test_a_version_that_is_not_the_latest_is_stale(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    submitting = commands.SubmitApplication(application_id=application, submitted_on=TODAY)
    with pytest.raises(Rejected, match="stale_version"):
        kasa.command(submitting, ADVISER, seen=7)
    kasa.command(submitting, ADVISER, seen=1)


def test_a_case_worker_reaches_the_applications_of_their_partner_only(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    stranger = caller(Role.CASEWORKER, "caritas-sopot")
    submitting = commands.SubmitApplication(application_id=application, submitted_on=TODAY)
    assert refused(kasa, submitting, stranger).code == "not_found"
    with pytest.raises(Rejected, match="not_found"):
        shown(kasa, application, stranger)
    assert shown(kasa, application, ADVISER).id == application
    assert kasa.ask("get_call", by_id(CALL_ID), stranger).ranking == ()


def test_the_queue_tells_each_what_they_may_do(kasa: Kasa) -> None:
    application = draft(kasa, grounds(kasa))
    assert works(kasa, OFFICER) == []
    submit(kasa, application)
    assert works(kasa, OFFICER) == [Work.CHECK_APPLICATION]
    kasa.command(checking(application), OFFICER)
    assert works(kasa, OFFICER) == [Work.ASSIGN_REVIEWER]
    adam, barbara = REVIEWERS
    assign(kasa, application, adam)
    assert works(kasa, adam) == [Work.DECLARE_INTEREST]
    declare_interest(kasa, application, adam)
    assert works(kasa, adam) == [Work.REVIEW_APPLICATION]
    kasa.command(scoring(application), adam)
    assert (works(kasa, adam), works(kasa, barbara)) == ([], [])
    withdrawing = commands.WithdrawApplication(
        application_id=application, reason="Inne źródło", withdrawn_on=TODAY
    )
    kasa.command(withdrawing, ADVISER)
    assert works(kasa, OFFICER) == []


def test_a_closed_call_takes_no_more_applications(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    kasa.command(commands.CloseCall(call_id=CALL_ID, closed_on=TODAY))
    drafting = commands.DraftApplication(
        call=CALL, enterprise_id=enterprise, content=content(), drafted_on=TODAY
    )
    assert refused(kasa, drafting, ADVISER).code == "kasa.call_not_open"
    unknown = drafting.model_copy(update={"call": "DOT/1999/9"})
    assert refused(kasa, unknown, ADVISER).code == "not_found"
