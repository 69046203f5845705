"""The keys that sign the logs, one after the other, each named by the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from shared.eventstore.transparency.note import Note, NoteRefused, VerifierKey
from shared.eventstore.transparency.succession import Succession, verifier
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected

KEYS: Final = UUID("9c2c8f5e-0a3b-5d0f-8a51-64d045600008")
"""There is one signing key at a time."""


@dataclass(frozen=True)
class KeyChain:
    """Raw public keys in the order in which they signed; `notes` name all but the first."""

    origin: str
    publics: tuple[bytes, ...]
    notes: tuple[str, ...] = ()

    def key(self, ledger: str, number: int) -> VerifierKey:
        return verifier(f"{self.origin}/{ledger}", self.publics[number])

    def keys(self, ledger: str) -> list[VerifierKey]:
        return [self.key(ledger, number) for number in range(len(self.publics))]


class SigningKeys(Aggregate):
    """Without a succession the first key still signs, and is known from the settings only."""

    class Succeeded(Event):
        TOPIC: ClassVar[str] = "audit.SigningKey.Succeeded"

        note: str
        """Signed by the old key (`transparency.succession`)."""

    def __init__(self, aggregate_id: UUID = KEYS) -> None:
        super().__init__(aggregate_id)
        self.notes: tuple[str, ...] = ()
        self.publics: tuple[bytes, ...] = ()

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Succeeded) -> None:
        found = Succession.parse(event.note.encode())
        self.notes = (*self.notes, event.note)
        self.publics = (*(self.publics or (found.old,)), found.new)

    def chain(self, origin: str, present: bytes) -> KeyChain:
        """`present` is the key that signs where none was ever succeeded."""
        return KeyChain(origin, self.publics or (present,), self.notes)

    def is_present(self, public: bytes, signed: Sequence[Note], log: str) -> bool:
        """Whether a key may sign: it is the last one named or, while none was, that of the notes."""
        if self.publics:
            return public == self.publics[-1]
        try:
            for note in signed:
                note.require_signed([verifier(log, public)])
        except NoteRefused:
            return False
        return True

    def succeed(self, note: Note, on: date) -> None:
        """Refused as `audit.key_not_present` unless the key that signs now names the next."""
        found = Succession.parse(bytes(note))
        if self.publics and found.old != self.publics[-1]:
            raise Rejected("audit.key_not_present", None)
        if found.new in {found.old, *self.publics}:
            raise Rejected("audit.key_used_before", None)
        self.record(self.Succeeded, occurred_on=on, note=bytes(note).decode())
