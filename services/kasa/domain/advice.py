"""A case of advice to an enterprise: consultations, and what it has ready for an application.

No words about people are recorded here: topics and outcomes are codes, evidence is a file number.
"""

from datetime import date, datetime, time, timedelta
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.kasa.domain.rules.advice import AdviceRules
from shared.contracts.kasa.vocabulary.advice import (
    AdviceEnd,
    AdviserId,
    ConsultationMinutes,
    ConsultationOutcome,
    ItemCode,
    Topic,
)
from shared.contracts.vocabulary import PartnerId, Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


class AdviceCase(Aggregate):
    class Opened(Event):
        TOPIC: ClassVar[str] = "kasa.AdviceCase.Opened"
        enterprise_id: UUID
        partner: PartnerId

    class ConsultationHeld(Event):
        """`evidence` is the file number of the signed sheet."""

        TOPIC: ClassVar[str] = "kasa.AdviceCase.ConsultationHeld"
        consultation_id: UUID
        enterprise_id: UUID
        topic: Topic
        starts: time
        minutes: ConsultationMinutes
        adviser: AdviserId
        outcome: ConsultationOutcome
        evidence: Reference

    class ChecklistItemMet(Event):
        TOPIC: ClassVar[str] = "kasa.AdviceCase.ChecklistItemMet"
        item: ItemCode
        evidence: Reference

    class Closed(Event):
        TOPIC: ClassVar[str] = "kasa.AdviceCase.Closed"
        end: AdviceEnd

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.opened: AdviceCase.Opened | None = None
        self.consultations: tuple[AdviceCase.ConsultationHeld, ...] = ()
        self.met: dict[ItemCode, AdviceCase.ChecklistItemMet] = {}
        self.closed: AdviceCase.Closed | None = None

    @property
    def terms(self) -> Opened:
        if self.opened is None:
            raise LookupError(f"advice case {self.id} was never opened")
        return self.opened

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.opened = event

    @apply.register
    def _(self, event: ConsultationHeld) -> None:
        self.consultations = (*self.consultations, event)

    @apply.register
    def _(self, event: ChecklistItemMet) -> None:
        self.met[event.item] = event

    @apply.register
    def _(self, event: Closed) -> None:
        self.closed = event

    def open(
        self, *, enterprise_id: UUID, partner: PartnerId, opened_on: date, today: date
    ) -> None:
        require_come(opened_on, today, "/opened_on")
        self.record(
            self.Opened, occurred_on=opened_on, enterprise_id=enterprise_id, partner=partner
        )

    def hold(
        self,
        consultation_id: UUID,
        *,
        held_on: date,
        starts: time,
        minutes: ConsultationMinutes,
        topic: Topic,
        adviser: AdviserId,
        outcome: ConsultationOutcome,
        evidence: Reference,
        now: datetime,
    ) -> None:
        """A consultation that has ended. Raises `kasa.consultations_overlap` within the case, and
        `kasa.evidence_used` for a sheet that proves another consultation.
        """
        self._require_open(held_on, now.date(), "/held_on")
        begins = datetime.combine(held_on, starts, now.tzinfo)
        ends = begins + timedelta(minutes=minutes)
        if ends > now:
            raise Rejected("kasa.consultation_not_over", {"ends": ends.isoformat()}, "/starts")
        for other in self.consultations:
            if other.evidence == evidence:
                raise Rejected("kasa.evidence_used", pointer="/evidence")
            other_begins = datetime.combine(other.occurred_on, other.starts, now.tzinfo)
            if begins < other_begins + timedelta(minutes=other.minutes) and other_begins < ends:
                raise Rejected(
                    "kasa.consultations_overlap",
                    {"starts": other.starts.isoformat("minutes"), "minutes": other.minutes},
                    "/starts",
                )
        self.record(
            self.ConsultationHeld,
            occurred_on=held_on,
            consultation_id=consultation_id,
            enterprise_id=self.terms.enterprise_id,
            topic=topic,
            starts=starts,
            minutes=minutes,
            adviser=adviser,
            outcome=outcome,
            evidence=evidence,
        )

    def meet(
        self, *, item: ItemCode, evidence: Reference, met_on: date, today: date, rules: AdviceRules
    ) -> None:
        """An item of the checklist in force on the day. Raises `kasa.item_unknown`."""
        self._require_open(met_on, today, "/met_on")
        codes = [each.code for each in rules.ready_to_apply.on(met_on, "/met_on").items]
        if item not in codes:
            raise Rejected("kasa.item_unknown", {"expected": codes}, "/item")
        known = self.met.get(item)
        if known is None or known.evidence != evidence:
            self.record(self.ChecklistItemMet, occurred_on=met_on, item=item, evidence=evidence)

    def close(self, *, end: AdviceEnd, closed_on: date, today: date) -> None:
        self._require_open(closed_on, today, "/closed_on")
        self.record(self.Closed, occurred_on=closed_on, end=end)

    def _require_open(self, day: date, today: date, pointer: str) -> None:
        """Raises `kasa.case_closed`."""
        if self.closed is not None:
            raise Rejected("kasa.case_closed", {"closed_on": self.closed.occurred_on.isoformat()})
        require_come(day, today, pointer)
        require_not_before(self.terms.occurred_on, day, pointer)
