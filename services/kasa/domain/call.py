"""A call for applications, and what of its budget is awarded.

What a decision awards is recorded in the decision's commit, so of two that want the last of the
budget one meets the version of the other.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import PositiveInt

from services.kasa.domain.rules.calls import CallRules
from shared.contracts.kasa.vocabulary.calls import CallTerms, Criteria, FormalItem
from shared.contracts.kasa.vocabulary.fund import PositiveMoney
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency, total


class Call(Aggregate):
    """Its id derives from its code (`id_of("call", code)`)."""

    class Opened(Event):
        """The criteria and formal items are those in force on the day."""

        TOPIC: ClassVar[str] = "kasa.Call.Opened"
        terms: CallTerms
        criteria: Criteria
        criteria_source: str
        formal_items: tuple[FormalItem, ...]
        reviewers: PositiveInt
        opened_by: str

    class Awarded(Event):
        TOPIC: ClassVar[str] = "kasa.Call.Awarded"
        application_id: UUID
        amount: PositiveMoney

    class Closed(Event):
        """No further applications; those submitted are decided."""

        TOPIC: ClassVar[str] = "kasa.Call.Closed"
        closed_by: str

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.opened: Call.Opened | None = None
        self.awards: dict[UUID, Money] = {}
        self.closed_on: date | None = None

    @property
    def content(self) -> Opened:
        if self.opened is None:
            raise LookupError(f"call {self.id} was never opened")
        return self.opened

    @property
    def terms(self) -> CallTerms:
        return self.content.terms

    @property
    def awarded(self) -> Money:
        return total(self.awards.values(), self.terms.budget.currency)

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.opened = event

    @apply.register
    def _(self, event: Awarded) -> None:
        self.awards[event.application_id] = event.amount

    @apply.register
    def _(self, event: Closed) -> None:
        self.closed_on = event.occurred_on

    def open(
        self, terms: CallTerms, *, opened_on: date, today: date, by: str, rules: CallRules
    ) -> None:
        if self.opened is not None:
            raise Rejected("kasa.call_code_taken", {"code": terms.code}, "/terms/code")
        require_come(opened_on, today, "/opened_on")
        require_not_before(opened_on, terms.first_day, "/terms/first_day")
        criteria = rules.criteria[terms.offer].period_on(opened_on, "/opened_on")
        self.record(
            self.Opened,
            occurred_on=opened_on,
            terms=terms,
            criteria=criteria.value,
            criteria_source=criteria.source,
            formal_items=rules.formal_items[terms.offer].on(opened_on, "/opened_on"),
            reviewers=rules.reviewers.on(opened_on, "/opened_on"),
            opened_by=by,
        )

    def require_taking(self, on: date, pointer: str) -> None:
        """Whether applications are taken on a day. Raises `kasa.call_not_open`."""
        first, last = self.terms.first_day, self.terms.last_day
        if self.closed_on is not None or not first <= on <= last:
            raise Rejected(
                "kasa.call_not_open",
                {"first_day": first.isoformat(), "last_day": last.isoformat()},
                pointer,
            )

    def award(self, application_id: UUID, amount: Money, *, on: date) -> None:
        """Raises `kasa.call_budget_exceeded`: then no part of it is awarded."""
        if application_id in self.awards:
            raise Rejected("kasa.application_decided")
        require_currency(amount, self.terms.budget.currency, "/amount")
        if self.awarded + amount > self.terms.budget:
            raise Rejected(
                "kasa.call_budget_exceeded",
                {
                    "budget": str(self.terms.budget),
                    "awarded": str(self.awarded),
                    "wanted": str(amount),
                },
                "/amount",
            )
        self.record(self.Awarded, occurred_on=on, application_id=application_id, amount=amount)

    def close(self, *, on: date, today: date, by: str) -> None:
        if self.closed_on is not None:
            raise Rejected("kasa.call_closed", {"closed_on": self.closed_on.isoformat()})
        require_come(on, today, "/closed_on")
        require_not_before(self.content.occurred_on, on, "/closed_on")
        self.record(self.Closed, occurred_on=on, closed_by=by)
