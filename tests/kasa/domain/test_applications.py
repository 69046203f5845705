"""Calls, applications and the committee: who may judge what, and what a decision freezes."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from services.kasa.domain.application import Application, digest_of
from services.kasa.domain.committee import Meeting
from services.kasa.domain.scoring import points_of_share
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationState,
    FormalResult,
    Outcome,
    Points,
    Proposal,
    Vote,
)
from shared.kernel.money import Currency, Money
from tests.kasa.domain.books import pln
from tests.kasa.domain.calling import (
    APPLICATION_ID,
    CALL_ID,
    DAY,
    MEMBERS,
    OPENED_ON,
    RULES,
    TERMS,
    TODAY,
    check,
    content,
    convened,
    drafted,
    open_call,
    points,
    resolved,
    review,
    reviewed,
    submit,
    support,
)
from tests.kasa.domain.test_fund import refused


def test_a_call_keeps_the_criteria_of_the_day_it_was_opened_on() -> None:
    call = open_call()
    assert call.content.criteria.name == "DOT-1"
    assert call.content.reviewers == 2
    refused(
        "kasa.call_code_taken",
        lambda: call.open(TERMS, opened_on=OPENED_ON, today=TODAY, by="x", rules=RULES),
    )


def test_applications_are_taken_within_the_call_only() -> None:
    call = open_call()

    def draft_on(day: date) -> Callable[[], None]:
        return lambda: Application(APPLICATION_ID).draft(
            call, enterprise_id=CALL_ID, content=content(), on=day, today=TODAY, by="a"
        )

    refused("kasa.call_not_open", draft_on(OPENED_ON - timedelta(1)))
    refused("kasa.call_not_open", draft_on(date(2026, 4, 1)))
    draft_on(date(2026, 3, 31))()
    application = drafted(call)
    call.close(on=DAY, today=TODAY, by="coordinator")
    refused("kasa.call_not_open", lambda: submit(application, call))
    refused("kasa.call_closed", lambda: call.close(on=DAY, today=TODAY, by="coordinator"))


@pytest.mark.parametrize(
    "changes",
    [
        {"own": "5000.01", "costs": content().costs},
        {"own_contribution": Money.of(5000, Currency.EUR)},
        {"amount": "0", "own": "1"},
        {"amount": "1.005"},
        {"costs": ()},
        {"commune": "266101"},
    ],
)
def test_an_application_that_does_not_add_up_is_none(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        content(**changes)


def test_only_products_of_the_call_in_its_currency() -> None:
    call = open_call(products=("INNA",))
    refused("kasa.product_not_offered", lambda: drafted(call))
    refused("currency_mismatch", lambda: drafted(open_call(budget=Money.of(1, Currency.EUR))))


def test_every_version_stays_and_a_submitted_one_is_not_revised() -> None:
    call = open_call()
    application = drafted(call)

    def revise(amount: str) -> None:
        application.revise(call, content(amount), on=DAY, today=TODAY, by="applicant")

    refused("nothing_changed", lambda: revise("60000"))
    revise("50000")
    assert [each.amount for each in application.versions] == [pln(60000), pln(50000)]
    submit(application, call)
    refused("kasa.application_state", lambda: revise("40000"))


def test_a_formally_wrong_application_returns_and_is_corrected_in_time() -> None:
    call = open_call()
    application = drafted(call)
    submit(application, call)
    check(application, call, met=False)
    assert application.state is ApplicationState.RETURNED
    refused("kasa.correction_too_late", lambda: submit(application, call, DAY + timedelta(8)))
    submit(application, call, DAY + timedelta(7))


def test_the_formal_check_is_whole_and_not_the_authors() -> None:
    call = open_call()
    application = drafted(call)
    submit(application, call)
    refused("four_eyes", lambda: check(application, call, by="applicant"))
    one = [FormalResult(code="KOMPLETNY", met=True)]
    refused(
        "kasa.formal_items_not_matched",
        lambda: application.check_formally(call, one, on=DAY, today=TODAY, by="officer"),
    )


def test_a_reviewer_scores_after_declaring_that_there_is_no_conflict() -> None:
    call = open_call()
    application = drafted(call)
    submit(application, call)
    check(application, call)

    def score(by: str) -> Callable[[], None]:
        return lambda: application.score(call, points(call), on=DAY, today=TODAY, by=by)

    def declare(*, conflict: bool) -> None:
        application.declare_interest(conflict=conflict, on=DAY, today=TODAY, by="adam")

    def assign(reviewer: str) -> None:
        application.assign_reviewer(reviewer, on=DAY, today=TODAY, by="officer")

    refused("kasa.reviewer_not_assigned", score("adam"))
    refused("four_eyes", lambda: assign("applicant"))
    assign("adam")
    refused("kasa.reviewer_assigned", lambda: assign("adam"))
    refused("kasa.interest_not_declared", score("adam"))
    declare(conflict=False)
    score("adam")()
    assert application.valid_scores
    declare(conflict=True)
    assert not application.valid_scores
    refused("kasa.conflict_of_interest", score("adam"))
    refused("nothing_changed", lambda: declare(conflict=False))


def test_points_are_of_every_criterion_and_below_its_maximum() -> None:
    call = open_call()
    application = reviewed(call)
    given = list(points(call))
    for wrong in (given[1:], [*given, given[0]]):
        refused(
            "kasa.criteria_not_matched",
            lambda wrong=wrong: application.score(call, wrong, on=DAY, today=TODAY, by="adam"),  # type: ignore[misc]
        )
    given[0] = Points(criterion=given[0].criterion, points=36, justification="Za dużo")
    refusal = refused(
        "kasa.points_above_maximum",
        lambda: application.score(call, given, on=DAY, today=TODAY, by="adam"),
    )
    assert refusal.details == {"criterion": "MIEJSCA", "maximum": 35}
    assert refusal.pointer == "/points/0/points"


def test_the_assessment_is_the_mean_of_the_reviewers_and_the_inputs() -> None:
    """Reviewers 80 and 39 of 80 points; need 0.65 of 10 points, half up."""
    call = open_call()
    application = drafted(call)
    submit(application, call)
    application.record_input(
        call,
        "POTRZEBY",
        share=Decimal("0.65"),
        basis="2661011",
        basis_version=3,
        on=DAY,
        today=TODAY,
    )
    check(application, call)
    review(application, call, "adam")
    refusal = refused("kasa.reviews_missing", lambda: application.assessment(call))
    assert refusal.details == {"needed": 2, "scored": 1}
    review(application, call, "barbara", "0.5")
    assessment = application.assessment(call)
    assert [(mean.criterion, str(mean.points)) for mean in assessment.means] == [
        ("MIEJSCA", "26.00"),
        ("PLAN", "22.50"),
        ("SPOLECZNY", "11.00"),
        ("POTRZEBY", "7"),
        ("SZKOLENIE", "0"),
    ]
    assert assessment.total == Decimal("66.50")
    assert assessment.supportable
    assert application.inputs["POTRZEBY"].basis_version == 3


def test_points_of_an_index_are_rounded_half_up() -> None:
    need = open_call().content.criteria.criteria[3]
    shares = {"0": 0, "0.05": 1, "0.04": 0, "0.75": 8, "1": 10}
    assert {s: points_of_share(need, Decimal(s)) for s in shares} == shares


def test_nothing_is_supported_below_the_minimum_or_above_what_was_asked() -> None:
    call = open_call()
    weak = reviewed(call, "0.4")
    refusal = refused("kasa.minimum_not_reached", lambda: support(weak, call))
    assert refusal.details == {"total": "32.00", "minimum": 60, "below": ["MIEJSCA"]}
    assert weak.proposal(call, Outcome.REFUSE, None).amount is None
    strong = reviewed(call)
    refused("kasa.amount_above_request", lambda: support(strong, call, "60000.01"))
    refused("kasa.amount_missing", lambda: strong.proposal(call, Outcome.SUPPORT, None))


def test_a_committee_has_three_members_at_least_and_a_quorum_of_more_than_half() -> None:
    refused("kasa.committee_too_small", lambda: convened(("chair", "maria")))
    refused("kasa.committee_too_small", lambda: convened(("chair", "maria", "maria")))
    assert convened(("chair", "maria", "jan")).terms.quorum == 2
    assert convened(MEMBERS[:4]).terms.quorum == 3


def test_no_resolution_without_a_quorum() -> None:
    application = reviewed(open_call())
    proposal = support(application, open_call())
    refusal = refused(
        "kasa.quorum_missing", lambda: resolved(application, proposal, Vote.FOR, Vote.FOR)
    )
    assert refusal.details == {"quorum": 3, "voted": 2}


def test_who_abstains_counts_for_the_quorum_and_a_tie_carries_nothing() -> None:
    application = reviewed(open_call())
    proposal = support(application, open_call())
    assert resolved(application, proposal, Vote.FOR, Vote.ABSTAIN, Vote.ABSTAIN).carried
    assert not resolved(application, proposal, Vote.FOR, Vote.AGAINST, Vote.ABSTAIN).carried


def meeting_on(proposal: Proposal, by: str = "officer") -> Meeting:
    meeting = convened()
    meeting.propose(proposal, by=by)
    return meeting


def test_the_recused_the_barred_and_strangers_never_vote() -> None:
    call = open_call()
    application = reviewed(call)
    application.declare_interest(conflict=True, on=DAY, today=TODAY, by="adam")
    review(application, call, "celina")
    meeting = meeting_on(support(application, call))
    meeting.recuse(application.id, by="maria")

    def vote(member: str) -> Callable[[], None]:
        barred = application.barred | {"ewa"}
        return lambda: meeting.vote(application.id, Vote.FOR, barred=barred, by=member)

    assert application.barred == {"adam", "applicant"}
    refused("kasa.recused", vote("maria"))
    refused("kasa.recused", vote("ewa"))
    refused("kasa.not_a_member", vote("adam"))
    vote("jan")()
    refused("kasa.vote_cast", vote("jan"))
    refused("kasa.vote_cast", lambda: meeting.recuse(application.id, by="jan"))
    refused("kasa.recused", lambda: meeting.resolve(application.id, by="maria"))


def test_who_proposes_does_not_sign() -> None:
    application = reviewed(open_call())
    meeting = meeting_on(support(application, open_call()), by="chair")
    refused("four_eyes", lambda: meeting.resolve(application.id, by="chair"))


def test_a_decision_freezes_the_version_its_digest_scores_inputs_criteria_and_votes() -> None:
    call = open_call()
    application = reviewed(call)
    resolution = resolved(application, support(application, call))
    application.decide(call, resolution, on=DAY, today=TODAY, aid="DM/2026/1")
    decision = application.decision
    assert decision is not None
    assert decision.content == application.versions[resolution.proposal.number - 1]
    assert digest_of(decision.content) == resolution.proposal.digest
    assert [score.reviewer for score in decision.scores] == ["adam", "barbara"]
    assert decision.criteria == call.content.criteria
    assert [ballot.member for ballot in decision.resolution.ballots] == ["chair", "maria", "jan"]
    refused(
        "kasa.application_decided",
        lambda: application.decide(call, resolution, on=DAY, today=TODAY),
    )
    refused(
        "kasa.application_decided",
        lambda: application.revise(call, content("1"), on=DAY, today=TODAY, by="applicant"),
    )


def test_what_changed_after_the_proposal_is_not_decided() -> None:
    """A reviewer scores anew between the vote and the decision: the committee votes again."""
    call = open_call()
    application = reviewed(call)
    resolution = resolved(application, support(application, call))
    application.score(call, points(call, "0.9"), on=DAY, today=TODAY, by="adam")
    refused(
        "kasa.application_changed",
        lambda: application.decide(call, resolution, on=DAY, today=TODAY),
    )
    meeting = meeting_on(resolution.proposal)
    for member in MEMBERS[:3]:
        meeting.vote(application.id, Vote.FOR, barred=(), by=member)
    meeting.propose(support(application, call), by="officer")
    refused("kasa.quorum_missing", lambda: meeting.resolve(application.id, by="chair"))


def test_what_was_not_carried_is_not_decided() -> None:
    call = open_call()
    application = reviewed(call)
    lost = resolved(application, support(application, call), *[Vote.AGAINST] * 3)
    refused("kasa.not_carried", lambda: application.decide(call, lost, on=DAY, today=TODAY))


def test_the_budget_of_a_call_is_never_exceeded() -> None:
    call = open_call()
    call.award(APPLICATION_ID, pln(60000), on=DAY)
    refusal = refused(
        "kasa.call_budget_exceeded", lambda: call.award(CALL_ID, pln("40000.01"), on=DAY)
    )
    assert refusal.details == {
        "budget": "100000.00 PLN",
        "awarded": "60000.00 PLN",
        "wanted": "40000.01 PLN",
    }
    refused("kasa.application_decided", lambda: call.award(APPLICATION_ID, pln(1), on=DAY))
    call.award(CALL_ID, pln(40000), on=DAY)
    assert call.awarded == TERMS.budget


def test_a_withdrawn_application_is_over() -> None:
    call = open_call()
    application = drafted(call)
    application.withdraw(reason="Rezygnacja", on=DAY, today=TODAY, by="applicant")
    refused("kasa.application_decided", lambda: submit(application, call))


def test_an_author_neither_proposes_nor_signs() -> None:
    call = open_call()
    application = reviewed(call)
    meeting = meeting_on(support(application, call), by="applicant")
    for member in MEMBERS[:3]:
        meeting.vote(application.id, Vote.FOR, barred=application.barred, by=member)
    resolution = meeting.resolve(application.id, by="chair")
    refused(
        "kasa.conflict_of_interest",
        lambda: application.decide(call, resolution, on=DAY, today=TODAY),
    )
