"""A line of a bank statement, from the import to what it turned out to be.

Its id derives from source and bank reference (`line_id`), so a line is taken in once, whichever file
brings it. It is matched to a contract, whose payment it is or whose approved payment it carried out;
or it waits for a person, who matches it or sets it aside. Money of a line that waits is held
(`Fund.hold`). Each of these is recorded in one commit with what it does to contract and fund.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from services.kasa.domain.ids import id_of
from services.kasa.domain.matching import Booking, Payment
from shared.contracts.kasa.vocabulary.bank import (
    Aside,
    BankAccount,
    BankReference,
    Direction,
    LineState,
    Reopening,
    StatementLine,
    Title,
    Unmatched,
)
from shared.contracts.kasa.vocabulary.calls import PersonId
from shared.contracts.kasa.vocabulary.fund import PositiveMoney, SourceCode
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.personal import Identity

REASONS: Final = {
    LineState.MATCHED: Reopening.WRONG_CONTRACT,
    LineState.SET_ASIDE: Reopening.WRONGLY_SET_ASIDE,
}


def line_id(source: str, bank_reference: str) -> UUID:
    return id_of("bank_line", f"{source}/{bank_reference}")


class BankLine(Aggregate):
    class Imported(Event):
        """On the day it was booked. `fingerprint` is a keyed digest of the whole line, by which the
        same line is recognised without keeping payer and title.
        """

        TOPIC: ClassVar[str] = "kasa.BankLine.Imported"
        import_id: UUID
        source: SourceCode
        bank_reference: BankReference
        value_on: date
        amount: PositiveMoney
        direction: Direction
        fingerprint: str

    class RecordedByHand(Event):
        """A person recorded the booking on a contract, before the statement came or after it."""

        TOPIC: ClassVar[str] = "kasa.BankLine.RecordedByHand"
        contract_id: UUID

    class Queued(Event):
        """A person has to look; for that payer and title are kept, sealed."""

        TOPIC: ClassVar[str] = "kasa.BankLine.Queued"
        why: Unmatched
        payer_account: Identity[BankAccount | None]
        title: Identity[Title]

    class Matched(Event):
        """`matched_by` is None when the title named the contract. The contract knows the payment by
        `payment_reference`: that of the bank, unless it has seen that one taken back.
        """

        TOPIC: ClassVar[str] = "kasa.BankLine.Matched"
        contract_id: UUID
        payment_reference: str
        matched_by: PersonId | None

    class SetAside(Event):
        """The line concerns no contract."""

        TOPIC: ClassVar[str] = "kasa.BankLine.SetAside"
        reason: Aside
        set_aside_by: PersonId

    class Reopened(Event):
        """What was said of the line is taken back; it waits again."""

        TOPIC: ClassVar[str] = "kasa.BankLine.Reopened"
        reason: Reopening
        reopened_by: PersonId

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.imported: BankLine.Imported | None = None
        self.state = LineState.QUEUED
        self.why: Unmatched | None = None
        """Why it waits; None when it does not."""
        self.waits_since = date.min
        self.queued: BankLine.Queued | None = None
        """When it was imported, with payer and title."""
        self.matched: BankLine.Matched | None = None
        """How it is matched now."""
        self.aside: Aside | None = None
        self.recorded_on: UUID | None = None
        """The contract on which the booking was recorded last, by its line or by hand."""

    @property
    def told(self) -> Imported:
        """What the bank said. Raises `not_found`."""
        if self.imported is None:
            raise Rejected("not_found", {"id": str(self.id)})
        return self.imported

    @property
    def is_credit(self) -> bool:
        return self.told.direction is Direction.CREDIT

    @property
    def booking(self) -> Booking:
        told = self.told
        return Booking(told.source, told.bank_reference, told.amount, told.value_on, told.direction)

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Imported) -> None:
        self.imported = event

    @apply.register
    def _(self, event: RecordedByHand) -> None:
        self.recorded_on = event.contract_id

    @apply.register
    def _(self, event: Queued) -> None:
        self.queued = event
        self._wait(event.why, event.occurred_on)

    @apply.register
    def _(self, event: Matched) -> None:
        self.state, self.why, self.matched = LineState.MATCHED, None, event
        self.recorded_on = event.contract_id

    @apply.register
    def _(self, event: SetAside) -> None:
        self.state, self.why, self.aside = LineState.SET_ASIDE, None, event.reason

    @apply.register
    def _(self, event: Reopened) -> None:
        self._wait(Unmatched.REOPENED, event.occurred_on)
        self.matched = self.aside = None

    def _wait(self, why: Unmatched, since: date) -> None:
        self.state, self.why, self.waits_since = LineState.QUEUED, why, since

    def is_known(self, fingerprint: str) -> bool:
        """Whether this very line was taken in before. Another one under its reference is refused as
        `kasa.bank_reference_reused`.
        """
        if self.imported is None:
            return False
        if self.imported.fingerprint != fingerprint:
            raise Rejected(
                "kasa.bank_reference_reused", {"bank_reference": self.imported.bank_reference}
            )
        return True

    def record_by_hand(self, contract_id: UUID, *, on: date) -> None:
        """So that two contracts that are told of one booking at the same moment meet here."""
        self.record(self.RecordedByHand, occurred_on=on, contract_id=contract_id)

    def take_in(
        self,
        line: StatementLine,
        *,
        import_id: UUID,
        source: str,
        fingerprint: str,
        today: date,
    ) -> None:
        require_come(line.booked_on, today, "/booked_on")
        require_come(line.value_on, today, "/value_on")
        self.record(
            self.Imported,
            occurred_on=line.booked_on,
            import_id=import_id,
            source=source,
            bank_reference=line.bank_reference,
            value_on=line.value_on,
            amount=line.amount,
            direction=line.direction,
            fingerprint=fingerprint,
        )

    def queue(self, line: StatementLine, why: Unmatched) -> None:
        self.record(
            self.Queued,
            occurred_on=line.booked_on,
            why=why,
            payer_account=line.payer_account,
            title=line.title,
        )

    def match(self, payment: Payment, *, on: date, today: date, by: str | None) -> None:
        """By its title, or by a person. Raises `kasa.line_not_queued`."""
        self._require_queued(on, today)
        self.record(
            self.Matched,
            occurred_on=on,
            contract_id=payment.contract.id,
            payment_reference=payment.reference,
            matched_by=by,
        )

    def set_aside(self, reason: Aside, *, on: date, today: date, by: str) -> None:
        """Raises `kasa.line_not_queued`."""
        self._require_queued(on, today)
        self.record(self.SetAside, occurred_on=on, reason=reason, set_aside_by=by)

    def reopen(self, reason: Reopening, *, on: date, today: date, by: str) -> None:
        """Money that the bank paid out stays paid out: raises `kasa.line_paid_out`; and
        `kasa.line_not_so` where the reason does not fit what was said of the line.
        """
        self._require_day(on, today)
        if REASONS.get(self.state) is not reason:
            raise Rejected("kasa.line_not_so", {"state": str(self.state)}, "/reason")
        if self.state is LineState.MATCHED and not self.is_credit:
            raise Rejected("kasa.line_paid_out")
        self.record(self.Reopened, occurred_on=on, reason=reason, reopened_by=by)

    def _require_queued(self, on: date, today: date) -> None:
        self._require_day(on, today)
        if self.state is not LineState.QUEUED:
            raise Rejected("kasa.line_not_queued", {"state": str(self.state)})

    def _require_day(self, on: date, today: date) -> None:
        require_come(on, today, "/on")
        require_not_before(self.told.occurred_on, on, "/on")
