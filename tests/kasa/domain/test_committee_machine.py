"""Any order of reviews, declarations, proposals and votes on one application, up to the decision."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.kasa.domain.application import Application, digest_of
from services.kasa.domain.committee import Meeting
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    ApplicationState,
    Decision,
    Outcome,
    Proposal,
    Resolution,
    Vote,
)
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from tests.kasa.domain.books import pln
from tests.kasa.domain.calling import (
    DAY,
    MEMBERS,
    TODAY,
    check,
    content,
    convened,
    drafted,
    open_call,
    points,
    review,
    submit,
)

PEOPLE = (*MEMBERS[:4], "adam", "barbara", "applicant", "officer")
people = st.sampled_from(PEOPLE)
shares = st.sampled_from(["0.3", "0.8", "1"])


class Committee(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.call = open_call()
        self.application = drafted(self.call)
        self.meeting = convened(MEMBERS[:4])
        self.histories: dict[str, list[Event]] = {"application": [], "meeting": []}
        self.proposals: list[Proposal] = []
        self.resolution: Resolution | None = None
        self.frozen: Decision | None = None
        self.decided_content: ApplicationContent | None = None
        self.collect()

    def collect(self) -> None:
        self.histories["application"] += self.application.collect_events()
        self.histories["meeting"] += self.meeting.collect_events()

    def attempt(self, decision: Callable[..., Any], *arguments: Any, **call: Any) -> Any:
        versions = (self.application.version, self.meeting.version)
        try:
            result = decision(*arguments, **call)
        except Rejected:
            assert (self.application.version, self.meeting.version) == versions
            return None
        self.collect()
        return result

    def dated(self, decision: Callable[..., Any], *arguments: Any, **call: Any) -> Any:
        return self.attempt(decision, *arguments, on=DAY, today=TODAY, **call)

    @initialize(stage=st.sampled_from([0, 3, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8]))
    def begin(self, stage: int) -> None:
        """Begin some steps along the usual way, so that late stages are tried as often."""
        usual: list[Callable[[], object]] = [
            lambda: submit(self.application, self.call),
            lambda: check(self.application, self.call),
            lambda: review(self.application, self.call, "adam"),
            lambda: review(self.application, self.call, "barbara"),
            lambda: self.propose(True, pln(50000), "officer"),
            lambda: self.vote([("chair", Vote.FOR), ("maria", Vote.FOR), ("jan", Vote.ABSTAIN)]),
            lambda: self.resolve("jan"),
            self.decide,
        ]
        for step in usual[:stage]:
            step()
            self.collect()

    @rule(amount=st.sampled_from(["50000", "60000"]), by=people)
    def revise(self, amount: str, by: str) -> None:
        self.dated(self.application.revise, self.call, content(amount), by=by)

    @rule()
    def submit(self) -> None:
        self.attempt(submit, self.application, self.call)

    @rule(met=st.booleans(), by=people)
    def check(self, met: bool, by: str) -> None:
        self.attempt(check, self.application, self.call, met=met, by=by)

    @rule(reviewer=people)
    def assign(self, reviewer: str) -> None:
        self.dated(self.application.assign_reviewer, reviewer, by="officer")

    @rule(reviewer=people, conflict=st.booleans())
    def declare(self, reviewer: str, conflict: bool) -> None:
        self.dated(self.application.declare_interest, conflict=conflict, by=reviewer)

    @rule(reviewer=people, share=shares)
    def score(self, reviewer: str, share: str) -> None:
        self.dated(self.application.score, self.call, points(self.call, share), by=reviewer)

    @rule(share=shares)
    def input(self, share: str) -> None:
        facts = {"share": Decimal(share), "basis": "2661011", "basis_version": 1}
        self.dated(self.application.record_input, self.call, "POTRZEBY", **facts)

    @rule(support=st.booleans(), amount=st.sampled_from([pln(50000), pln(60000)]), by=people)
    def propose(self, support: bool, amount: Money, by: str) -> None:
        outcome = Outcome.SUPPORT if support else Outcome.REFUSE
        wanted = amount if support else None
        proposal = self.attempt(self.application.proposal, self.call, outcome, wanted)
        if proposal is not None:
            self.proposals.append(proposal)
            self.attempt(self.meeting.propose, proposal, by=by)

    @rule(member=people)
    def recuse(self, member: str) -> None:
        self.attempt(self.meeting.recuse, self.application.id, by=member)

    @rule(votes=st.lists(st.tuples(people, st.sampled_from(Vote)), min_size=1, max_size=4))
    def vote(self, votes: list[tuple[str, Vote]]) -> None:
        for member, vote in votes:
            barred = self.application.barred
            self.attempt(self.meeting.vote, self.application.id, vote, barred=barred, by=member)

    @rule(by=people)
    def resolve(self, by: str) -> None:
        found = self.attempt(self.meeting.resolve, self.application.id, by=by)
        self.resolution = found or self.resolution

    @rule()
    def decide(self) -> None:
        if self.resolution is not None:
            before = self.application.content
            self.dated(self.application.decide, self.call, self.resolution)
            if self.frozen is None and self.application.decision is not None:
                self.frozen, self.decided_content = self.application.decision, before

    @invariant()
    def nothing_is_resolved_without_a_quorum(self) -> None:
        if self.resolution is not None:
            members = [ballot.member for ballot in self.resolution.ballots]
            assert len(members) == len(set(members)) >= 3
            assert set(members) <= set(self.meeting.terms.members)

    @invariant()
    def the_recused_and_the_authors_never_vote(self) -> None:
        recused: set[str] = set()
        for event in self.histories["meeting"]:
            if isinstance(event, Meeting.Recused):
                recused.add(event.member)
            if isinstance(event, Meeting.VoteCast):
                assert event.member not in recused | {"applicant"}

    @invariant()
    def who_proposed_did_not_sign(self) -> None:
        if self.resolution is not None:
            assert self.resolution.resolved_by != self.resolution.proposed_by

    @invariant()
    def the_frozen_decision_never_changes_and_is_what_was_voted_on(self) -> None:
        assert self.application.decision == self.frozen
        if self.frozen is None:
            assert self.application.state is not ApplicationState.DECIDED
            return
        proposal = self.frozen.resolution.proposal
        assert self.frozen.resolution.carried
        assert proposal in self.proposals
        assert digest_of(self.frozen.content) == proposal.digest
        assert self.frozen.content == self.decided_content
        assert self.frozen.content == self.application.versions[proposal.number - 1]
        assert len({score.reviewer for score in self.frozen.scores}) >= 2
        voters = {ballot.member for ballot in self.frozen.resolution.ballots}
        assert not voters & self.application.barred
        assert {score.reviewer for score in self.frozen.scores}.isdisjoint(self.application.barred)
        if proposal.outcome is Outcome.SUPPORT:
            assert proposal.assessment.supportable

    @invariant()
    def replay_gives_the_same(self) -> None:
        pairs: list[tuple[Aggregate, list[Event]]] = [
            (self.application, self.histories["application"]),
            (self.meeting, self.histories["meeting"]),
        ]
        for known, history in pairs:
            again = type(known)(known.id)
            for event in history:
                event.mutate(again)
            assert vars(again) == vars(known)
        assert isinstance(self.application, Application)


TestCommittee = Committee.TestCase
TestCommittee.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
