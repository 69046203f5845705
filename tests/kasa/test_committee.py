"""What the committee decides, and all that is recorded with it."""

from uuid import UUID

import pytest

from services.kasa.publishing import publish
from shared.contracts.access import Role
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.events import ApplicationDecided, DeMinimisGranted
from shared.contracts.kasa.operations import OPERATIONS
from shared.contracts.kasa.views import calls as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.views.undertakings import ListAid
from shared.contracts.kasa.vocabulary.calls import ApplicationState, Outcome, Vote
from shared.contracts.operations import Caller, NoRequest
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.driving import COORDINATOR
from tests.kasa.clients import FRIDAY, TODAY, by_id, declare, declared
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import (
    ADVISER,
    CALL,
    CALL_ID,
    CHAIR,
    MEMBERS,
    OFFICER,
    REVIEWERS,
    assessed,
    awarded,
    client,
    convene,
    grounds,
    proposing,
    resolving,
    scoring,
    voted,
    voting,
)


def refused(kasa: Kasa, command: object, by: Caller = CHAIR) -> Rejected:
    head = kasa.followed.history.head()
    with pytest.raises(Rejected) as refusal:
        kasa.command(command, by)
    assert kasa.followed.history.head() == head
    return refusal.value


def application_of(kasa: Kasa, application: UUID) -> views.Application:
    kasa.project()
    found: views.Application = kasa.ask("get_application", by_id(application))
    return found


def meeting_of(kasa: Kasa, meeting: UUID) -> views.Meeting:
    kasa.project()
    found: views.Meeting = kasa.ask("get_meeting", by_id(meeting))
    return found


def left(kasa: Kasa) -> Money:
    kasa.project()
    card: views.CallCard = kasa.ask("get_call", by_id(CALL_ID))
    return card.left


def test_a_decision_carries_all_that_it_rests_on_and_gives_in_one_commit(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    application = assessed(kasa, enterprise)
    signing = voted(kasa, application)
    head = kasa.followed.history.head()
    receipt = kasa.do(signing, CHAIR)
    recorded = kasa.followed.history.read(head, 10)
    assert {each.at for each in recorded} == {recorded[0].at}
    assert receipt.position == recorded[-1].position == head + 4
    told = [event for each in recorded if (event := publish(each.event)) is not None]
    assert {type(each) for each in told} == {ApplicationDecided, DeMinimisGranted}
    assert {each.subject for each in told} == {enterprise}
    found = application_of(kasa, application)
    decision = found.decision
    assert decision is not None
    proposal = decision.resolution.proposal
    assert (found.state, found.decided_on) == (ApplicationState.DECIDED, TODAY)
    assert decision.content == found.versions[0].content
    assert (proposal.number, proposal.application_version) == (1, found.version - 1)
    assert {each.reviewer for each in decision.scores} == {each.subject for each in REVIEWERS}
    assert decision.criteria.name == "DOT-1"
    assert [each.vote for each in decision.resolution.ballots] == [Vote.FOR] * 3
    (aid,) = kasa.ask("list_aid", ListAid(granted_from=TODAY, granted_to=TODAY)).items
    assert decision.aid == str(aid.aid_id)
    assert aid.amount_pln == Money.of("60000")
    assert aid.decision == f"{CALL}/{application}"
    assert left(kasa) == Money.of("40000")
    again = kasa.command(signing, CHAIR, key=receipt.command_id)
    assert (again.position, again.repeated) == (receipt.position, True)


def test_over_the_ceiling_nothing_is_decided_and_the_refusal_tells_why(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    declare(kasa, enterprise, declared("290000.00", FRIDAY))
    application = assessed(kasa, enterprise)
    signing = voted(kasa, application)
    refusal = refused(kasa, signing)
    assert refusal.code == "kasa.de_minimis_ceiling"
    assert refusal.details == {
        "regulation": "2023/2831",
        "article": "art. 3(2)",
        "window_from": "2023-03-02",
        "window_to": "2026-03-02",
        "used": "290000.00",
        "requested": "15000.00",
        "ceiling": "300000.00",
        "currency": Currency.EUR.value,
    }
    assert application_of(kasa, application).state is ApplicationState.ASSESSED
    assert left(kasa) == Money.of("100000")


def test_over_the_budget_nothing_is_decided(kasa: Kasa) -> None:
    enterprise = grounds(kasa, budget="59999.99")
    refusal = refused(kasa, voted(kasa, assessed(kasa, enterprise)))
    assert refusal.code == "kasa.call_budget_exceeded"
    assert left(kasa) == Money.of("59999.99")


def test_a_refusal_gives_nothing(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    kasa.do(voted(kasa, application, None), CHAIR)
    found = application_of(kasa, application)
    assert found.decision is not None
    assert found.decision.resolution.proposal.outcome is Outcome.REFUSE
    assert (found.decision.aid, left(kasa)) == (None, Money.of("100000"))
    assert kasa.ask("list_aid", ListAid(granted_from=TODAY, granted_to=TODAY)).items == ()


def test_what_is_not_carried_decides_nothing(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    meeting = convene(kasa)
    kasa.command(proposing(meeting, application), OFFICER)
    for member, vote in zip(MEMBERS, (Vote.FOR, Vote.AGAINST, Vote.ABSTAIN), strict=True):
        kasa.command(voting(meeting, application, vote), member)
    kasa.do(resolving(meeting, application), CHAIR)
    (case,) = meeting_of(kasa, meeting).cases
    assert case.resolution is not None
    assert not case.resolution.carried
    assert application_of(kasa, application).state is ApplicationState.ASSESSED
    kasa.do(voted(kasa, application), CHAIR)
    assert application_of(kasa, application).state is ApplicationState.DECIDED


def test_whatever_comes_between_the_vote_and_the_decision_makes_the_vote_void(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    signing = voted(kasa, application)
    kasa.command(scoring(application, (20, 20, 10)), REVIEWERS[0])
    refusal = refused(kasa, signing)
    assert refusal.code == "kasa.application_changed"


def test_who_proposed_does_not_sign_and_who_is_no_member_does_not_vote(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    meeting = convene(kasa)
    kasa.command(proposing(meeting, application), CHAIR)
    for member in MEMBERS[1:]:
        kasa.command(voting(meeting, application), member)
    assert refused(kasa, resolving(meeting, application), CHAIR).code == "four_eyes"
    outsider = REVIEWERS[0]
    assert refused(kasa, voting(meeting, application), outsider).code == "kasa.not_a_member"
    assert refused(kasa, resolving(meeting, application), outsider).code == "kasa.not_a_member"
    again = voting(meeting, application)
    assert refused(kasa, again, MEMBERS[1]).code == "kasa.vote_cast"
    kasa.command(resolving(meeting, application), MEMBERS[1])


def test_the_recused_neither_vote_nor_sign_and_the_quorum_is_missed_without_them(
    kasa: Kasa,
) -> None:
    application = assessed(kasa, grounds(kasa))
    meeting = convene(kasa)
    kasa.command(proposing(meeting, application), OFFICER)
    recusing = commands.Recuse(meeting_id=meeting, application_id=application)
    kasa.command(recusing, CHAIR)
    assert refused(kasa, voting(meeting, application), CHAIR).code == "kasa.recused"
    kasa.command(voting(meeting, application), MEMBERS[1])
    missing = refused(kasa, resolving(meeting, application), MEMBERS[1])
    assert (missing.code, missing.details) == ("kasa.quorum_missing", {"quorum": 2, "voted": 1})
    kasa.command(voting(meeting, application), MEMBERS[2])
    assert refused(kasa, resolving(meeting, application), CHAIR).code == "kasa.recused"
    kasa.do(resolving(meeting, application), MEMBERS[1])
    (case,) = meeting_of(kasa, meeting).cases
    assert case.recused == (CHAIR.subject,)
    assert case.resolution is not None
    assert case.resolution.recused == case.recused


def test_authors_and_those_with_a_conflict_neither_propose_nor_vote(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    conflicted = commands.DeclareInterest(
        application_id=application, conflict=True, declared_on=TODAY
    )
    members = (REVIEWERS[0], *MEMBERS)
    kasa.command(conflicted, REVIEWERS[0])
    meeting = kasa.command(
        commands.ConveneMeeting(
            call=CALL, members=(ADVISER.subject, *(each.subject for each in members)), on=TODAY
        )
    ).id
    # one reviewer is out, so there are too few scores to propose anything
    assert refused(kasa, proposing(meeting, application), OFFICER).code == "kasa.reviews_missing"
    other = assessed(kasa, client(kasa, 1))
    kasa.command(proposing(meeting, other), OFFICER)
    author = Caller(subject=ADVISER.subject, roles=CHAIR.roles)
    assert refused(kasa, voting(meeting, other), author).code == "kasa.recused"
    own = proposing(meeting, other, "50000")
    assert refused(kasa, own, author).code == "kasa.conflict_of_interest"


def test_only_members_of_the_committee_recuse_themselves_vote_and_sign() -> None:
    allowed = {each.name: each.roles for each in OPERATIONS}
    for name in ("recuse", "cast_vote", "resolve_case"):
        assert allowed[name] == {Role.COMMITTEE_MEMBER}


def test_a_meeting_is_about_the_applications_of_its_call(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    meeting = convene(kasa)
    unknown = refused(kasa, proposing(meeting, meeting), OFFICER)
    assert unknown.code == "not_found"
    kasa.project()
    asked = views.ListMeetings(call=CALL)
    assert [each.id for each in kasa.ask("list_meetings", asked).items] == [meeting]
    assert application_of(kasa, application).decision is None


def test_the_queue_of_a_member(kasa: Kasa) -> None:
    application = assessed(kasa, grounds(kasa))
    meeting = convene(kasa)
    kasa.command(proposing(meeting, application), OFFICER)

    def works(by: Caller) -> list[Work]:
        kasa.project()
        return [each.work for each in kasa.ask("my_queue", NoRequest(), by).items]

    assert works(CHAIR) == [Work.CAST_VOTE]
    for member in MEMBERS[:2]:
        kasa.command(voting(meeting, application), member)
    assert works(CHAIR) == [Work.RESOLVE_CASE]
    assert works(MEMBERS[2]) == [Work.CAST_VOTE, Work.RESOLVE_CASE]
    assert works(OFFICER) == works(COORDINATOR) == []
    kasa.command(resolving(meeting, application), CHAIR)
    assert works(CHAIR) == []


def test_the_same_enterprise_is_supported_again_within_its_room(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    awarded(kasa, enterprise, "40000")
    awarded(kasa, enterprise, "60000")
    assert left(kasa) == Money.of("0")
