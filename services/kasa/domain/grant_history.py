"""The history of a grant contract: its events, and the state they lead to."""

from dataclasses import dataclass, field
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import PositiveInt

from services.kasa.domain.durability import Spell
from services.kasa.domain.journal import ContractMoney
from services.kasa.domain.rules.grants import Clawback, Durability
from shared.contracts.kasa.vocabulary.fund import NonNegativeMoney, PositiveMoney, Received
from shared.contracts.kasa.vocabulary.grants import (
    ClawbackPart,
    GrantTerms,
    ItemCode,
    PlaceResult,
    ReportState,
    TrancheState,
)
from shared.contracts.vocabulary import Reference, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.money import Currency, Money, total


@dataclass
class Report:
    """The latest submission of a report, `version` counting them from 1."""

    state: ReportState = ReportState.DUE
    version: int = 0
    submitted_on: date = date.min
    submitted_by: str = ""
    decided_on: date = date.min
    decided_by: str = ""
    spent: Money | None = None
    accepted: Money | None = None


@dataclass
class TrancheProgress:
    state: TrancheState = TrancheState.WAITING
    released_on: date = date.min
    bank_reference: str | None = None


@dataclass
class Repayments:
    """By bank reference; those the bank took back are not counted."""

    standing: dict[str, Received] = field(default_factory=dict)
    value_on: dict[str, date] = field(default_factory=dict)
    """Of every one that was known, also of those taken back."""


class GrantHistory(Aggregate):
    class Contracted(Event):
        """Signed. The rules of the day go with the contract, each with its source."""

        TOPIC: ClassVar[str] = "kasa.Grant.Contracted"
        terms: GrantTerms
        durability: Durability
        durability_source: str
        clawback: Clawback
        clawback_source: str
        contracted_by: str

    class ConditionMet(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.ConditionMet"
        code: ItemCode
        source_document: Reference
        confirmed_by: str

    class ReportSubmitted(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.ReportSubmitted"
        number: PositiveInt
        submission: PositiveInt
        spent: NonNegativeMoney
        source_document: Reference
        submitted_by: str

    class ReportAccepted(Event):
        """`accepted` of what was spent is eligible."""

        TOPIC: ClassVar[str] = "kasa.Grant.ReportAccepted"
        enterprise_id: UUID
        number: PositiveInt
        submission: PositiveInt
        accepted: NonNegativeMoney
        accepted_by: str

    class ReportRejected(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.ReportRejected"
        number: PositiveInt
        submission: PositiveInt
        reason: ShortText
        rejected_by: str

    class TrancheReleased(Event):
        """May be paid; by another person than the one on whose work it rests."""

        TOPIC: ClassVar[str] = "kasa.Grant.TrancheReleased"
        number: PositiveInt
        amount: PositiveMoney
        released_by: str

    class TranchePaid(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.TranchePaid"
        enterprise_id: UUID
        number: PositiveInt
        amount: PositiveMoney
        bank_reference: Reference

    class JobPlaceFilled(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.JobPlaceFilled"
        place_id: UUID

    class JobPlaceVacated(Event):
        """This is the first day on which nobody holds the place."""

        TOPIC: ClassVar[str] = "kasa.Grant.JobPlaceVacated"
        place_id: UUID

    class DurabilityChecked(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.DurabilityChecked"
        results: tuple[PlaceResult, ...]
        checked_by: str

    class ClawbackComputed(Event):
        """In the place of an earlier computation; with all that it was computed from."""

        TOPIC: ClassVar[str] = "kasa.Grant.ClawbackComputed"
        amount: NonNegativeMoney
        parts: tuple[ClawbackPart, ...]
        formula: str
        paid: NonNegativeMoney
        accepted: NonNegativeMoney
        results: tuple[PlaceResult, ...]
        pay_by: date
        computed_by: str

    class Repaid(Event):
        TOPIC: ClassVar[str] = "kasa.Grant.Repaid"
        enterprise_id: UUID
        bank_reference: Reference
        received: Received

    class RepaymentReversed(Event):
        """The bank took it back."""

        TOPIC: ClassVar[str] = "kasa.Grant.RepaymentReversed"
        enterprise_id: UUID
        bank_reference: Reference
        received: Received

    class Closed(Event):
        """Nothing more is paid; what was not used is free again."""

        TOPIC: ClassVar[str] = "kasa.Grant.Closed"
        unused: NonNegativeMoney
        closed_by: str

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.contract: GrantHistory.Contracted | None = None
        self.conditions: dict[str, date] = {}
        """Met, by code."""
        self.reports: dict[int, Report] = {}
        self.tranches: dict[int, TrancheProgress] = {}
        self.places: dict[UUID, list[Spell]] = {}
        self.checked: GrantHistory.DurabilityChecked | None = None
        self.due: GrantHistory.ClawbackComputed | None = None
        """As last computed."""
        self.repayments = Repayments()
        self.unused: Money | None = None
        """Given up when the grant was closed; None while it is not."""
        self.closed_on: date | None = None

    @property
    def signed(self) -> Contracted:
        if self.contract is None:
            raise LookupError(f"grant {self.id} was never contracted")
        return self.contract

    @property
    def terms(self) -> GrantTerms:
        return self.signed.terms

    @property
    def currency(self) -> Currency:
        return self.terms.amount.currency

    @property
    def paid(self) -> Money:
        return self._sum_of(TrancheState.PAID)

    @property
    def accepted(self) -> Money:
        """Accepted as spent, over all reports."""
        parts = (each.accepted for each in self.reports.values() if each.accepted is not None)
        return total(parts, self.currency)

    @property
    def repaid(self) -> Money:
        standing = self.repayments.standing.values()
        return total((each.principal for each in standing), self.currency)

    @property
    def still_due(self) -> Money:
        return Money.zero(self.currency) if self.due is None else self.due.amount - self.repaid

    @property
    def money(self) -> ContractMoney:
        """What the contract knows of its money, to be reconciled with the fund's books."""
        zero = Money.zero(self.currency)
        overpaid = (each.overpaid for each in self.repayments.standing.values())
        return ContractMoney(
            committed=self.terms.amount - self.paid - (self.unused or zero),
            disbursed=self.paid,
            repaid=self.repaid,
            income=zero,
            written_off=zero,
            held=total(overpaid, self.currency),
        )

    def _sum_of(self, state: TrancheState) -> Money:
        amounts = (
            each.amount for each in self.terms.tranches if self.tranches[each.number].state is state
        )
        return total(amounts, self.currency)

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Contracted) -> None:
        self.contract = event
        self.reports = {each.number: Report() for each in event.terms.reports}
        self.tranches = {each.number: TrancheProgress() for each in event.terms.tranches}

    @apply.register
    def _(self, event: ConditionMet) -> None:
        self.conditions[event.code] = event.occurred_on

    @apply.register
    def _(self, event: ReportSubmitted) -> None:
        self.reports[event.number] = Report(
            ReportState.SUBMITTED,
            event.submission,
            event.occurred_on,
            event.submitted_by,
            spent=event.spent,
        )

    @apply.register
    def _(self, event: ReportAccepted) -> None:
        report = self.reports[event.number]
        report.state, report.decided_by = ReportState.ACCEPTED, event.accepted_by
        report.decided_on, report.accepted = event.occurred_on, event.accepted

    @apply.register
    def _(self, event: ReportRejected) -> None:
        report = self.reports[event.number]
        report.state, report.decided_by = ReportState.REJECTED, event.rejected_by

    @apply.register
    def _(self, event: TrancheReleased) -> None:
        tranche = self.tranches[event.number]
        tranche.state, tranche.released_on = TrancheState.RELEASED, event.occurred_on

    @apply.register
    def _(self, event: TranchePaid) -> None:
        tranche = self.tranches[event.number]
        tranche.state, tranche.bank_reference = TrancheState.PAID, event.bank_reference

    @apply.register
    def _(self, event: JobPlaceFilled) -> None:
        self.places.setdefault(event.place_id, []).append(Spell(event.occurred_on))

    @apply.register
    def _(self, event: JobPlaceVacated) -> None:
        spells = self.places[event.place_id]
        spells[-1] = Spell(spells[-1].since, event.occurred_on)

    @apply.register
    def _(self, event: DurabilityChecked) -> None:
        self.checked = event

    @apply.register
    def _(self, event: ClawbackComputed) -> None:
        self.due = event

    @apply.register
    def _(self, event: Repaid) -> None:
        self.repayments.value_on[event.bank_reference] = event.occurred_on
        self.repayments.standing[event.bank_reference] = event.received

    @apply.register
    def _(self, event: RepaymentReversed) -> None:
        del self.repayments.standing[event.bank_reference]

    @apply.register
    def _(self, event: Closed) -> None:
        self.unused, self.closed_on = event.unused, event.occurred_on
