"""A measurement of one participant's situation after one exit."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import singledispatchmethod
from typing import ClassVar, NamedTuple
from uuid import UUID

from services.research.domain.ids import id_of
from services.research.domain.rules.followups import FollowUpRules
from shared.contracts.registry.vocabulary import Situation
from shared.contracts.research.vocabulary.followups import (
    Cancellation,
    FollowUpKind,
    FollowUpState,
)
from shared.contracts.vocabulary import PartnerId
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import months_after, require_come
from shared.kernel.errors import Rejected
from shared.kernel.personal import Monitoring


class Window(NamedTuple):
    """The days on which the situation is observed, both included, and the rule that says so."""

    first: date
    last: date
    rule: str


def window(kind: FollowUpKind, exited_on: date, rules: FollowUpRules) -> Window:
    """Within four weeks after exit, or six months after it (Reg. (EU) 1304/2013 annex I).

    Raises `rules.none_in_force`.
    """
    if kind is FollowUpKind.FOUR_WEEKS:
        days = rules.four_weeks.period_on(exited_on)
        return Window(exited_on, exited_on + timedelta(days.value), days.source)
    rule = rules.six_months.period_on(exited_on)
    first = months_after(exited_on, rule.value.months)
    return Window(first, first + timedelta(rule.value.days), rule.source)


def follow_up_id(participant_id: UUID, episode: int, kind: FollowUpKind) -> UUID:
    return id_of("follow_up", f"{participant_id}/{episode}/{kind.value}")


@dataclass(frozen=True)
class Asked:
    """Who is asked, and about which exit."""

    participant_id: UUID
    partner: PartnerId
    episode: int
    kind: FollowUpKind


class Due(Event):
    exited_on: date
    due_from: date
    due_on: date
    rule: str


class FollowUp(Aggregate):
    """Its id derives from participant, episode and kind (`follow_up_id`)."""

    class Opened(Due):
        TOPIC: ClassVar[str] = "research.FollowUp.Opened"
        participant_id: UUID
        partner: PartnerId
        episode: int
        kind: FollowUpKind

    class Moved(Due):
        """The exit was on another day, or the measurement goes on after it was cancelled."""

        TOPIC: ClassVar[str] = "research.FollowUp.Moved"

    class Cancelled(Event):
        TOPIC: ClassVar[str] = "research.FollowUp.Cancelled"
        cause: Cancellation

    class Answered(Event):
        """The participant told of the situation on a day."""

        TOPIC: ClassVar[str] = "research.FollowUp.Answered"
        participant_id: UUID
        kind: FollowUpKind
        exited_on: date
        answered_by: str
        """Who recorded it."""
        situation: Monitoring[Situation]

        @property
        def subject(self) -> UUID:
            return self.participant_id

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.asked: Asked | None = None
        self.exited_on = self.due_from = self.due_on = date.min
        self.rule = ""
        self.state = FollowUpState.OPEN
        self.cancelled: Cancellation | None = None
        self.observed_on: date | None = None

    @property
    def about(self) -> Asked:
        if self.asked is None:
            raise LookupError(f"follow-up {self.id} was never opened")
        return self.asked

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.asked = Asked(event.participant_id, event.partner, event.episode, event.kind)
        self._set_due(event)

    @apply.register
    def _(self, event: Moved) -> None:
        self._set_due(event)

    @apply.register
    def _(self, event: Cancelled) -> None:
        self.state, self.cancelled = FollowUpState.CANCELLED, event.cause

    @apply.register
    def _(self, event: Answered) -> None:
        self.state, self.observed_on = FollowUpState.ANSWERED, event.occurred_on

    def ask(self, asked: Asked, exited_on: date, rules: FollowUpRules, on: date) -> None:
        """The measurement is due; one that was answered stays so, whatever day the exit gets."""
        if self.state is FollowUpState.ANSWERED:
            return
        days = window(asked.kind, exited_on, rules)
        due = {
            "exited_on": exited_on,
            "due_from": days.first,
            "due_on": days.last,
            "rule": days.rule,
        }
        if self.asked is None:
            self.record(self.Opened, occurred_on=on, **vars(asked), **due)
        elif self.state is FollowUpState.CANCELLED or exited_on != self.exited_on:
            self.record(self.Moved, occurred_on=on, **due)

    def cancel(self, cause: Cancellation, on: date) -> None:
        if self.asked is not None and self.state is FollowUpState.OPEN:
            self.record(self.Cancelled, occurred_on=on, cause=cause)

    def answer(self, situation: Situation, *, observed_on: date, today: date, by: str) -> None:
        """Raises `research.follow_up_state` unless open, and `research.outside_window`."""
        if self.state is not FollowUpState.OPEN:
            raise Rejected("research.follow_up_state", {"state": self.state.value})
        require_come(observed_on, today, "/observed_on")
        if not self.due_from <= observed_on <= self.due_on:
            raise Rejected(
                "research.outside_window",
                {"due_from": self.due_from.isoformat(), "due_on": self.due_on.isoformat()},
                "/observed_on",
            )
        self.record(
            self.Answered,
            occurred_on=observed_on,
            participant_id=self.about.participant_id,
            kind=self.about.kind,
            exited_on=self.exited_on,
            answered_by=by,
            situation=situation,
        )

    def _set_due(self, event: Due) -> None:
        self.exited_on, self.due_from, self.due_on = event.exited_on, event.due_from, event.due_on
        self.rule = event.rule
        self.state, self.cancelled = FollowUpState.OPEN, None
