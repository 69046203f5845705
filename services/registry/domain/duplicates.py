"""A suspicion that two records are one person, and what was decided about it."""

from datetime import date
from enum import StrEnum
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID, uuid5

from shared.contracts.registry.vocabulary import Likeness
from shared.contracts.vocabulary import FreeText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.personal import Special

CASES: Final = UUID("0d0456d0-0d0b-5d0c-8d0d-64d04560d00d")
"""Namespace of the ids of cases (RFC 9562 §5.5)."""


class CaseState(StrEnum):
    SUSPECTED = "suspected"
    DISMISSED = "dismissed"
    MERGED = "merged"


def case_id(one: UUID, other: UUID) -> UUID:
    """The case of a pair, whichever record was met first: a pair has one case for ever."""
    return uuid5(CASES, "/".join(sorted((str(one), str(other)))))


class DuplicateCase(Aggregate):
    """Justifications speak of both persons, so they are sealed under a key of the case itself.

    Whoever erases one of the two persons erases the key of the case too.
    """

    class Suspected(Event):
        """`second` was recorded after `first`, or changed so that it came to resemble it."""

        TOPIC: ClassVar[str] = "registry.DuplicateCase.Suspected"

        first: UUID
        second: UUID
        likeness: Likeness

    class Dismissed(Event):
        """They are two persons."""

        TOPIC: ClassVar[str] = "registry.DuplicateCase.Dismissed"

        decided_by: str
        justification: Special[FreeText]

    class Merged(Event):
        """They are one person, whose record `kept` goes on."""

        TOPIC: ClassVar[str] = "registry.DuplicateCase.Merged"

        kept: UUID
        merged: UUID
        decided_by: str
        justification: Special[FreeText]

    class MergeUndone(Event):
        """They are two persons after all."""

        TOPIC: ClassVar[str] = "registry.DuplicateCase.MergeUndone"

        kept: UUID
        merged: UUID
        decided_by: str
        justification: Special[FreeText]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.state: CaseState | None = None
        self.first: UUID
        self.second: UUID
        self.likeness: Likeness | None = None
        self.latest_on = date.min
        self.kept: UUID | None = None
        self.merged: UUID | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Suspected) -> None:
        self.first, self.second, self.likeness = event.first, event.second, event.likeness
        self._reach(CaseState.SUSPECTED, event)

    @apply.register
    def _(self, event: Dismissed) -> None:
        self._reach(CaseState.DISMISSED, event)

    @apply.register
    def _(self, event: Merged) -> None:
        self.kept, self.merged = event.kept, event.merged
        self._reach(CaseState.MERGED, event)

    @apply.register
    def _(self, event: MergeUndone) -> None:
        self.kept = self.merged = None
        self._reach(CaseState.DISMISSED, event)

    def _reach(self, state: CaseState, event: Event) -> None:
        self.state, self.latest_on = state, event.occurred_on

    def suspect(self, *, first: UUID, second: UUID, likeness: Likeness, suspected_on: date) -> None:
        """Open the case, or open it again for another reason than the one that was dismissed.

        Records nothing when there is nothing new: who compares records need not know the case.
        """
        if case_id(first, second) != self.id:
            raise ValueError(f"{self.id} is not the case of {first} and {second}")
        if self.state is CaseState.MERGED or (
            self.likeness and self.likeness.reason is likeness.reason
        ):
            return
        self.record(
            self.Suspected,
            occurred_on=suspected_on,
            first=first,
            second=second,
            likeness=likeness,
        )

    def dismiss(self, *, decided_on: date, justification: str, by: str, today: date) -> None:
        self._require_state(CaseState.SUSPECTED)
        self._require_day(decided_on, today)
        self.record(
            self.Dismissed, occurred_on=decided_on, decided_by=by, justification=justification
        )

    def merge(
        self, *, kept: UUID, decided_on: date, justification: str, by: str, today: date
    ) -> None:
        """Decide that both are one person; the other participant is merged in the same commit."""
        self._require_state(CaseState.SUSPECTED, CaseState.DISMISSED)
        self._require_day(decided_on, today)
        if kept not in (self.first, self.second):
            raise Rejected("registry.kept_not_in_case", pointer="/kept")
        self.record(
            self.Merged,
            occurred_on=decided_on,
            kept=kept,
            merged=self.other(kept),
            decided_by=by,
            justification=justification,
        )

    def undo_merge(self, *, decided_on: date, justification: str, by: str, today: date) -> None:
        self._require_state(CaseState.MERGED)
        self._require_day(decided_on, today)
        self.record(
            self.MergeUndone,
            occurred_on=decided_on,
            kept=self.kept,
            merged=self.merged,
            decided_by=by,
            justification=justification,
        )

    def other(self, participant: UUID) -> UUID:
        return self.second if participant == self.first else self.first

    def _require_state(self, *allowed: CaseState) -> None:
        if self.state not in allowed:
            raise Rejected("registry.wrong_state", {"state": self.state, "allowed": list(allowed)})

    def _require_day(self, decided_on: date, today: date) -> None:
        require_come(decided_on, today, "/decided_on")
        require_not_before(self.latest_on, decided_on, "/decided_on")
