"""A meeting of the committee: quorum, recusal, vote, resolution.

Whoever votes is there; whoever abstains is there too. One who proposes does not sign.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import PositiveInt

from services.kasa.domain.rules.calls import CallRules
from shared.contracts.kasa.vocabulary.calls import Ballot, PersonId, Proposal, Resolution, Vote
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected


@dataclass
class Case:
    """What the meeting does about one application."""

    recused: list[str] = field(default_factory=list)
    proposal: Proposal | None = None
    proposed_by: str = ""
    votes: dict[str, Vote] = field(default_factory=dict)
    resolution: Resolution | None = None


class Meeting(Aggregate):
    class Convened(Event):
        """For this day; the quorum follows from the rule of the day."""

        TOPIC: ClassVar[str] = "kasa.Meeting.Convened"
        call_id: UUID
        members: tuple[PersonId, ...]
        quorum: PositiveInt
        rule: str
        convened_by: PersonId

    class Recused(Event):
        """The member takes no part in this application; no reason is recorded."""

        TOPIC: ClassVar[str] = "kasa.Meeting.Recused"
        application_id: UUID
        member: PersonId

    class Proposed(Event):
        TOPIC: ClassVar[str] = "kasa.Meeting.Proposed"
        proposal: Proposal
        proposed_by: PersonId

    class VoteCast(Event):
        TOPIC: ClassVar[str] = "kasa.Meeting.VoteCast"
        application_id: UUID
        member: PersonId
        vote: Vote

    class Resolved(Event):
        TOPIC: ClassVar[str] = "kasa.Meeting.Resolved"
        resolution: Resolution

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.convened: Meeting.Convened | None = None
        self.cases: dict[UUID, Case] = {}

    @property
    def terms(self) -> Convened:
        if self.convened is None:
            raise LookupError(f"meeting {self.id} was never convened")
        return self.convened

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Convened) -> None:
        self.convened = event

    @apply.register
    def _(self, event: Recused) -> None:
        self._case(event.application_id).recused.append(event.member)

    @apply.register
    def _(self, event: Proposed) -> None:
        case = self._case(event.proposal.application_id)
        case.proposal, case.proposed_by, case.votes = event.proposal, event.proposed_by, {}

    @apply.register
    def _(self, event: VoteCast) -> None:
        self._case(event.application_id).votes[event.member] = event.vote

    @apply.register
    def _(self, event: Resolved) -> None:
        self._case(event.resolution.proposal.application_id).resolution = event.resolution

    def convene(
        self,
        *,
        call_id: UUID,
        members: Collection[str],
        on: date,
        today: date,
        by: str,
        rules: CallRules,
    ) -> None:
        if self.convened is not None:
            raise Rejected("kasa.meeting_exists")
        require_come(on, today, "/on")
        rule = rules.committee.period_on(on, "/on")
        if len(set(members)) < max(rule.value.members, len(members)):
            raise Rejected("kasa.committee_too_small", {"members": rule.value.members}, "/members")
        self.record(
            self.Convened,
            occurred_on=on,
            call_id=call_id,
            members=tuple(members),
            quorum=rule.value.quorum_of(len(members)),
            rule=rule.source,
            convened_by=by,
        )

    def recuse(self, application_id: UUID, *, by: str) -> None:
        """Before the member votes."""
        case = self._open_case(application_id)
        self._require_member(by)
        if by in case.recused:
            raise Rejected("nothing_changed")
        if by in case.votes:
            raise Rejected("kasa.vote_cast")
        self._note(self.Recused, application_id=application_id, member=by)

    def propose(self, proposal: Proposal, *, by: str) -> None:
        """Another proposal on the same application takes the place of one that became void, and the
        votes on that one are void too.
        """
        case = self._open_case(proposal.application_id)
        if case.proposal == proposal:
            raise Rejected("nothing_changed")
        self._note(self.Proposed, proposal=proposal, proposed_by=by)

    def vote(self, application_id: UUID, vote: Vote, *, barred: Collection[str], by: str) -> None:
        """Once, by a member who is not recused. `barred` are those with a conflict of interest in the
        application, and its authors.
        """
        case = self._open_case(application_id)
        self._require_member(by)
        if case.proposal is None:
            raise Rejected("kasa.nothing_proposed")
        if by in case.recused or by in barred:
            raise Rejected("kasa.recused")
        if by in case.votes:
            raise Rejected("kasa.vote_cast")
        self._note(self.VoteCast, application_id=application_id, member=by, vote=vote)

    def resolve(self, application_id: UUID, *, by: str) -> Resolution:
        """Count the votes and sign: a member who is not recused and did not propose. Carried is what
        has more votes for than against. Raises `kasa.quorum_missing`.
        """
        case = self._open_case(application_id)
        self._require_member(by)
        if case.proposal is None:
            raise Rejected("kasa.nothing_proposed")
        if by == case.proposed_by:
            raise Rejected("four_eyes")
        if by in case.recused:
            raise Rejected("kasa.recused")
        if len(case.votes) < self.terms.quorum:
            raise Rejected(
                "kasa.quorum_missing", {"quorum": self.terms.quorum, "voted": len(case.votes)}
            )
        votes = list(case.votes.values())
        resolution = Resolution(
            meeting_id=self.id,
            version=self.version + 1,
            proposal=case.proposal,
            proposed_by=case.proposed_by,
            ballots=tuple(Ballot(member=who, vote=vote) for who, vote in case.votes.items()),
            recused=tuple(case.recused),
            quorum=self.terms.quorum,
            carried=votes.count(Vote.FOR) > votes.count(Vote.AGAINST),
            resolved_by=by,
        )
        self._note(self.Resolved, resolution=resolution)
        return resolution

    def _case(self, application_id: UUID) -> Case:
        return self.cases.setdefault(application_id, Case())

    def _open_case(self, application_id: UUID) -> Case:
        case = self.cases.get(application_id, Case())
        if case.resolution is not None:
            raise Rejected("kasa.resolved_already")
        return case

    def _require_member(self, person: str) -> None:
        if person not in self.terms.members:
            raise Rejected("kasa.not_a_member")

    def _note(self, event_class: type[Event], **facts: object) -> None:
        """Everything in a meeting happens on its day."""
        self.record(event_class, occurred_on=self.terms.occurred_on, **facts)
