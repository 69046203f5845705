"""The history of an application: its events, and the state they lead to.

Every version of the content stays; a decision carries the one it was taken on.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import PositiveInt

from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    ApplicationState,
    Decision,
    Digest,
    FormalResult,
    Input,
    PersonId,
    Score,
)
from shared.contracts.kasa.vocabulary.fund import ContractNumber
from shared.contracts.kasa.vocabulary.grants import ItemCode
from shared.contracts.vocabulary import ShortText
from shared.kernel.aggregate import Aggregate, Event


class ApplicationHistory(Aggregate):
    class Drafted(Event):
        """Version 1 of the content."""

        TOPIC: ClassVar[str] = "kasa.Application.Drafted"
        call_id: UUID
        enterprise_id: UUID
        content: ApplicationContent
        drafted_by: PersonId

    class Revised(Event):
        TOPIC: ClassVar[str] = "kasa.Application.Revised"
        number: PositiveInt
        content: ApplicationContent
        revised_by: PersonId

    class Submitted(Event):
        TOPIC: ClassVar[str] = "kasa.Application.Submitted"
        number: PositiveInt
        digest: Digest
        submitted_by: PersonId

    class FormallyChecked(Event):
        TOPIC: ClassVar[str] = "kasa.Application.FormallyChecked"
        number: PositiveInt
        results: tuple[FormalResult, ...]
        passed: bool
        checked_by: PersonId

    class ReviewerAssigned(Event):
        TOPIC: ClassVar[str] = "kasa.Application.ReviewerAssigned"
        reviewer: PersonId
        assigned_by: PersonId

    class InterestDeclared(Event):
        """The reviewer says whether there is a conflict of interest."""

        TOPIC: ClassVar[str] = "kasa.Application.InterestDeclared"
        reviewer: PersonId
        conflict: bool

    class Scored(Event):
        """In the place of the same reviewer's earlier score."""

        TOPIC: ClassVar[str] = "kasa.Application.Scored"
        score: Score

    class InputRecorded(Event):
        """In the place of an earlier input of the same criterion."""

        TOPIC: ClassVar[str] = "kasa.Application.InputRecorded"
        input: Input

    class Withdrawn(Event):
        TOPIC: ClassVar[str] = "kasa.Application.Withdrawn"
        reason: ShortText
        withdrawn_by: PersonId

    class Decided(Event):
        TOPIC: ClassVar[str] = "kasa.Application.Decided"
        enterprise_id: UUID
        call: ItemCode
        decision: Decision

    class Contracted(Event):
        """What was decided became a contract; there is one at most."""

        TOPIC: ClassVar[str] = "kasa.Application.Contracted"
        number: ContractNumber

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.drafted: ApplicationHistory.Drafted | None = None
        self.state: ApplicationState | None = None
        self.versions: list[ApplicationContent] = []
        """Version n of the content stands at n - 1."""
        self.written_on: list[date] = []
        """The day of each version."""
        self.authors: set[str] = set()
        """Whoever wrote or submitted: they judge nothing here."""
        self.submitted: ApplicationHistory.Submitted | None = None
        self.checked: ApplicationHistory.FormallyChecked | None = None
        self.returned_on = date.min
        self.declarations: dict[str, bool | None] = {}
        """By reviewer, whether there is a conflict; None while nothing was declared."""
        self.scores: dict[str, Score] = {}
        self.inputs: dict[str, Input] = {}
        self.latest_on = date.min
        self.decided: ApplicationHistory.Decided | None = None
        self.contract_number: str | None = None

    @property
    def origin(self) -> Drafted:
        if self.drafted is None:
            raise LookupError(f"application {self.id} was never drafted")
        return self.drafted

    @property
    def decision(self) -> Decision | None:
        return None if self.decided is None else self.decided.decision

    @property
    def number(self) -> int:
        """Of the latest version of the content."""
        return len(self.versions)

    @property
    def content(self) -> ApplicationContent:
        return self.versions[-1]

    @property
    def conflicted(self) -> frozenset[str]:
        return frozenset(who for who, conflict in self.declarations.items() if conflict)

    @property
    def barred(self) -> frozenset[str]:
        """Those who may not vote on it."""
        return self.conflicted | self.authors

    @property
    def valid_scores(self) -> tuple[Score, ...]:
        """Of the version that stands, by reviewers without a conflict."""
        return tuple(
            score
            for who, score in sorted(self.scores.items())
            if score.number == self.number and self.declarations[who] is False
        )

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Drafted) -> None:
        self.drafted, self.state = event, ApplicationState.DRAFT
        self._write(event.content, event.drafted_by, event.occurred_on)

    @apply.register
    def _(self, event: Revised) -> None:
        self._write(event.content, event.revised_by, event.occurred_on)

    @apply.register
    def _(self, event: Submitted) -> None:
        self.submitted, self.state = event, ApplicationState.SUBMITTED
        self.authors.add(event.submitted_by)
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, event: FormallyChecked) -> None:
        self.checked, self.latest_on = event, event.occurred_on
        if event.passed:
            self.state = ApplicationState.ASSESSED
        else:
            self.state, self.returned_on = ApplicationState.RETURNED, event.occurred_on

    @apply.register
    def _(self, event: ReviewerAssigned) -> None:
        self.declarations[event.reviewer] = None
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, event: InterestDeclared) -> None:
        self.declarations[event.reviewer] = event.conflict
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, event: Scored) -> None:
        self.scores[event.score.reviewer] = event.score
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, event: InputRecorded) -> None:
        self.inputs[event.input.criterion] = event.input
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, _event: Withdrawn) -> None:
        self.state = ApplicationState.WITHDRAWN

    @apply.register
    def _(self, event: Decided) -> None:
        self.state, self.decided = ApplicationState.DECIDED, event

    @apply.register
    def _(self, event: Contracted) -> None:
        self.contract_number = event.number

    def _write(self, content: ApplicationContent, author: str, on: date) -> None:
        self.versions.append(content)
        self.written_on.append(on)
        self.authors.add(author)
        self.latest_on = on
