"""A line of a bank statement, from the import to the contract whose payment it is.

Its id derives from source and bank reference (`line_id`), so a line is taken in once, whichever file
brings it. Money of a queued line is held (`Fund.hold`) until somebody says whose it is.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.kasa.domain.ids import id_of
from shared.contracts.kasa.vocabulary.bank import (
    BankAccount,
    BankReference,
    Direction,
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


def line_id(source: str, bank_reference: str) -> UUID:
    return id_of("bank_line", f"{source}/{bank_reference}")


class BankLine(Aggregate):
    class Imported(Event):
        """On the day it was booked. `fingerprint` is a keyed digest of the whole line, by which the
        same line is recognised without keeping payer and title.
        """

        TOPIC: ClassVar[str] = "kasa.BankLine.Imported"
        source: SourceCode
        bank_reference: BankReference
        value_on: date
        amount: PositiveMoney
        direction: Direction
        fingerprint: str

    class Queued(Event):
        """A person has to look; for that payer and title are kept, sealed."""

        TOPIC: ClassVar[str] = "kasa.BankLine.Queued"
        why: Unmatched
        payer_account: Identity[BankAccount | None]
        title: Identity[Title]

    class Matched(Event):
        """`matched_by` is None when the title named the contract."""

        TOPIC: ClassVar[str] = "kasa.BankLine.Matched"
        contract_id: UUID
        matched_by: PersonId | None

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.imported: BankLine.Imported | None = None
        self.queued: Unmatched | None = None
        """Why it waits; None when it does not."""
        self.contract_id: UUID | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Imported) -> None:
        self.imported = event

    @apply.register
    def _(self, event: Queued) -> None:
        self.queued = event.why

    @apply.register
    def _(self, event: Matched) -> None:
        self.queued, self.contract_id = None, event.contract_id

    def take_in(
        self,
        line: StatementLine,
        *,
        source: str,
        fingerprint: str,
        match: UUID | Unmatched,
        today: date,
    ) -> None:
        """The same line again changes nothing; another one under its reference is refused as
        `kasa.bank_reference_reused`.
        """
        if self.imported is not None:
            if self.imported.fingerprint != fingerprint:
                raise Rejected(
                    "kasa.bank_reference_reused", {"bank_reference": line.bank_reference}
                )
            return
        require_come(line.booked_on, today, "/booked_on")
        self.record(
            self.Imported,
            occurred_on=line.booked_on,
            source=source,
            bank_reference=line.bank_reference,
            value_on=line.value_on,
            amount=line.amount,
            direction=line.direction,
            fingerprint=fingerprint,
        )
        if isinstance(match, Unmatched):
            self.record(
                self.Queued,
                occurred_on=line.booked_on,
                why=match,
                payer_account=line.payer_account,
                title=line.title,
            )
        else:
            self.record(
                self.Matched, occurred_on=line.booked_on, contract_id=match, matched_by=None
            )

    def match(self, contract_id: UUID, *, on: date, today: date, by: str) -> None:
        """A person says whose payment a queued line is."""
        if self.imported is None:
            raise Rejected("not_found", {"id": str(self.id)})
        if self.contract_id is not None:
            raise Rejected("kasa.line_matched", {"contract": str(self.contract_id)})
        if self.imported.direction is not Direction.CREDIT:
            raise Rejected("kasa.line_not_a_credit")
        require_come(on, today, "/matched_on")
        require_not_before(self.imported.occurred_on, on, "/matched_on")
        self.record(self.Matched, occurred_on=on, contract_id=contract_id, matched_by=by)
