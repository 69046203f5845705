"""Invitations to a wave: a token each, usable once, of which only a keyed digest is known here.

In a linked wave an invitation names the pseudonym of a member. In an anonymous one it names nobody:
the sheets are handed out shuffled, and no record anywhere says who took which.
"""

import secrets
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from pydantic import PositiveInt

from services.research.domain.study import Wave
from shared.contracts.research.vocabulary.samples import InvitationState, Pseudonym
from shared.contracts.research.vocabulary.studies import ReminderDay, WaveMode, WaveState
from shared.contracts.vocabulary import PartnerId
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.personal import Identity

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is read as something else: 0 and O, 1, I and L, U and V."""
GROUPS: Final = 4
GROUP: Final = 4
"""Letters of each."""


def new_token() -> str:
    """78 bits, in groups as they are printed."""
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def normalised(token: str) -> str:
    return "".join(each for each in token.upper() if each.isalnum())


class Invitations(Aggregate):
    """Those of one wave together (`id_of("invitations", wave_id)`): the lock on which issues meet."""

    class Issued(Event):
        """The tokens stand in the two documents and nowhere else; these expire."""

        TOPIC: ClassVar[str] = "research.Invitations.Issued"
        study_id: UUID
        wave_id: UUID
        partner: PartnerId
        mode: WaveMode
        batch_id: UUID
        count: PositiveInt
        table_file: str
        sheets_file: str
        issued_by: str

    class Reminded(Event):
        TOPIC: ClassVar[str] = "research.Invitations.Reminded"
        day: ReminderDay

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.batches: dict[UUID, Invitations.Issued] = {}
        self.reminded: dict[int, date] = {}

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Issued) -> None:
        self.batches[event.batch_id] = event

    @apply.register
    def _(self, event: Reminded) -> None:
        self.reminded[event.day] = event.occurred_on

    @property
    def terms(self) -> Issued:
        """Of the first batch; wave, study and partner are those of all."""
        return next(iter(self.batches.values()))

    def require_issuable(self, mode: WaveMode) -> None:
        """Members of a linked wave are invited once. Raises `research.invitations_issued`."""
        if mode is WaveMode.LINKED and self.batches:
            raise Rejected("research.invitations_issued")

    def issue(
        self,
        batch_id: UUID,
        wave: Wave,
        *,
        study_id: UUID,
        partner: PartnerId,
        count: int,
        table_file: str,
        sheets_file: str,
        on: date,
        by: str,
    ) -> None:
        self.require_issuable(wave.plan.mode)
        self.record(
            self.Issued,
            occurred_on=on,
            study_id=study_id,
            wave_id=wave.id,
            partner=partner,
            mode=wave.plan.mode,
            batch_id=batch_id,
            count=count,
            table_file=table_file,
            sheets_file=sheets_file,
            issued_by=by,
        )

    def remind(self, wave: Wave, day: int, *, on: date, today: date) -> None:
        """Raises `research.reminder_unknown`, `research.reminder_sent`, and `date_too_early`."""
        if not self.batches or day not in wave.plan.reminders:
            raise Rejected("research.reminder_unknown", {"days": list(wave.plan.reminders)}, "/day")
        if day in self.reminded:
            raise Rejected("research.reminder_sent", {"on": self.reminded[day].isoformat()}, "/day")
        require_come(on, today, "/sent_on")
        require_not_before(self.terms.occurred_on, on, "/sent_on")
        self.record(self.Reminded, occurred_on=on, day=day)


class Invitation(Aggregate):
    """One of them; its id derives from the digest of its token."""

    class Issued(Event):
        TOPIC: ClassVar[str] = "research.Invitation.Issued"
        wave_id: UUID
        study_id: UUID
        batch_id: UUID
        pseudonym: Identity[Pseudonym | None] = None
        """Sealed under the wave's own key, so that a wave can be anonymised; None in an anonymous one."""

        @property
        def subject(self) -> UUID:
            return self.wave_id

    class Begun(Event):
        """The token was used: it belongs to this response from now on."""

        TOPIC: ClassVar[str] = "research.Invitation.Begun"
        response_id: UUID

    class Submitted(Event):
        TOPIC: ClassVar[str] = "research.Invitation.Submitted"

    class Declined(Event):
        """Whoever was invited does not want to answer; the token is used up."""

        TOPIC: ClassVar[str] = "research.Invitation.Declined"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.issued: Invitation.Issued | None = None
        self.state = InvitationState.ISSUED
        self.response_id: UUID | None = None

    @property
    def terms(self) -> Issued:
        if self.issued is None:
            raise LookupError(f"invitation {self.id} was never issued")
        return self.issued

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Issued) -> None:
        self.issued = event

    @apply.register
    def _(self, event: Begun) -> None:
        self.state, self.response_id = InvitationState.BEGUN, event.response_id

    @apply.register
    def _(self, _event: Submitted) -> None:
        self.state = InvitationState.SUBMITTED

    @apply.register
    def _(self, _event: Declined) -> None:
        self.state = InvitationState.DECLINED

    def issue(
        self, wave_id: UUID, study_id: UUID, batch_id: UUID, pseudonym: str | None, on: date
    ) -> None:
        self.record(
            self.Issued,
            occurred_on=on,
            wave_id=wave_id,
            study_id=study_id,
            batch_id=batch_id,
            pseudonym=pseudonym,
        )

    def begin(self, wave: Wave, response_id: UUID, on: date) -> None:
        """Raises `research.token_used` for a token that was used, and `research.wave_state`."""
        self._require_usable(wave)
        self.record(self.Begun, occurred_on=on, response_id=response_id)

    def submit(self, on: date) -> None:
        """Of the response that it began; submitted again it is an edit, and the same here."""
        if self.state is InvitationState.BEGUN:
            self.record(self.Submitted, occurred_on=on)

    def decline(self, wave: Wave, *, on: date, today: date) -> None:
        self._require_usable(wave)
        require_come(on, today, "/declined_on")
        require_not_before(self.terms.occurred_on, on, "/declined_on")
        self.record(self.Declined, occurred_on=on)

    def _require_usable(self, wave: Wave) -> None:
        if self.state is not InvitationState.ISSUED:
            raise Rejected("research.token_used", pointer="/token")
        if wave.state is not WaveState.OPEN:
            raise Rejected("research.wave_state", {"state": wave.state.value, "expected": ["open"]})
