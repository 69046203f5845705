"""A signed checkpoint, and what others say of it."""

from datetime import date, datetime
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID, uuid5

from services.audit.domain.log import log_id
from shared.eventstore.transparency.cosignature import cosigned
from shared.eventstore.transparency.note import Note, NoteRefused, VerifierKey
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected


def checkpoint_id(ledger: str, size: int) -> UUID:
    return uuid5(log_id(ledger), str(size))


class SignedCheckpoint(Aggregate):
    class Signed(Event):
        TOPIC: ClassVar[str] = "audit.Checkpoint.Signed"

        ledger: str
        size: int
        note: str

    class Cosigned(Event):
        TOPIC: ClassVar[str] = "audit.Checkpoint.Cosigned"

        witness: str
        at: datetime
        """By the witness's clock."""
        signature: str
        """A line of the note."""

    class Stamped(Event):
        """By a time-stamping authority (RFC 3161)."""

        TOPIC: ClassVar[str] = "audit.Checkpoint.Stamped"

        ledger: str
        size: int
        at: datetime
        """By the authority's clock."""
        response: str
        """Its whole answer, base64."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.ledger = ""
        self.size = 0
        self.note = Note("\n")
        self.witnesses: set[str] = set()
        self.stamped_at: datetime | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Signed) -> None:
        self.ledger, self.size, self.note = (
            event.ledger,
            event.size,
            Note.parse(event.note.encode()),
        )

    @apply.register
    def _(self, event: Cosigned) -> None:
        self.witnesses.add(event.witness)
        self.note = with_signature(self.note, event.signature)

    @apply.register
    def _(self, event: Stamped) -> None:
        self.stamped_at = event.at

    def sign(self, ledger: str, size: int, note: Note, on: date) -> None:
        self.record(
            self.Signed, occurred_on=on, ledger=ledger, size=size, note=bytes(note).decode()
        )

    def stamp(self, at: datetime, response: str, on: date) -> None:
        self.record(
            self.Stamped,
            occurred_on=on,
            ledger=self.ledger,
            size=self.size,
            at=at,
            response=response,
        )

    def cosign(self, line: str, witnesses: tuple[VerifierKey, ...], on: date) -> None:
        """Attach the line of a trusted witness.

        Refused as `audit.cosignature_refused` when it is not of one, or not of this checkpoint, as
        `audit.cosigned_already`.
        """
        try:
            note = with_signature(Note(self.note.text), line)
            found = [said for witness in witnesses if (said := cosigned(note, witness))]
        except NoteRefused as refusal:
            raise Rejected(
                "audit.cosignature_refused", {"reason": str(refusal)}, "/signature"
            ) from None
        if not found:
            raise Rejected(
                "audit.cosignature_refused", {"reason": "no trusted witness"}, "/signature"
            )
        (said,) = found
        if said.name in self.witnesses:
            raise Rejected("audit.cosigned_already", {"witness": said.name})
        self.record(
            self.Cosigned,
            occurred_on=on,
            witness=said.name,
            at=said.at,
            signature=line.rstrip("\n"),
        )


def with_signature(note: Note, line: str) -> Note:
    """Raises `NoteRefused`."""
    document = bytes(note) if note.signatures else note.text.encode() + b"\n"
    parsed = Note.parse(document + line.rstrip("\n").encode() + b"\n")
    if len(parsed.signatures) != len(note.signatures) + 1 or parsed.text != note.text:
        raise NoteRefused("one signature line is expected")
    return parsed
