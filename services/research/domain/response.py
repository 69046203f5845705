"""A response: given on the web under a token, or imported; edited, reviewed, withdrawn, made nobody's.

Its id says nothing of who gave it. What a linked response is linked to, and its answers, are sealed
under keys of the response itself: when the first is destroyed nobody can tell whose it was, when both
are there is no response. The answers of anonymous and imported responses are sealed under one key of
their wave.
"""

from collections.abc import Mapping
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from shared.contracts.research.vocabulary.responses import (
    Answers,
    ResponseOrigin,
    ResponseState,
    ReviewStatus,
)
from shared.contracts.research.vocabulary.samples import Pseudonym
from shared.contracts.research.vocabulary.studies import PinnedInstrument, WaveMode
from shared.contracts.vocabulary import FreeText, PartnerId, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass, Identity, Special, Unreadable

WITHDRAWN: Final = (DataClass.IDENTITY, DataClass.SPECIAL)
ANONYMISED: Final = (DataClass.IDENTITY,)
"""Whose keys are destroyed."""


class Link(BaseModel):
    """Whose a response is: the pseudonym in the study, and the participant behind it, if it is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pseudonym: Pseudonym
    unit_id: UUID | None


class Asked(BaseModel):
    """What a response answers: for ever this wave, and this version of the questionnaire."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study_id: UUID
    wave_id: UUID
    partner: PartnerId
    mode: WaveMode
    instrument: PinnedInstrument


class Answering(Event):
    """An event with answers; `sealed_under` is the response, or its wave."""

    sealed_under: UUID

    @property
    def subject(self) -> UUID:
        return self.sealed_under


class Response(Aggregate):
    class Begun(Event):
        """The token on an invitation was used."""

        TOPIC: ClassVar[str] = "research.Response.Begun"
        asked: Asked
        link: Identity[Link | None] = None

    class ConsentGiven(Event):
        """To the text of this version; taking part is another decision."""

        TOPIC: ClassVar[str] = "research.Response.ConsentGiven"
        text_version: ShortText

    class Saved(Answering):
        """Not submitted yet: `page` is where to go on."""

        TOPIC: ClassVar[str] = "research.Response.Saved"
        page: NonNegativeInt
        answers: Special[Answers]

    class Submitted(Answering):
        TOPIC: ClassVar[str] = "research.Response.Submitted"
        answers: Special[Answers]

    class Imported(Answering):
        """Given in another tool, and submitted there on `occurred_on`."""

        TOPIC: ClassVar[str] = "research.Response.Imported"
        asked: Asked
        import_id: UUID
        answers: Special[Answers]

    class Edited(Answering):
        TOPIC: ClassVar[str] = "research.Response.Edited"
        edited_by: str
        answers: Special[Answers]
        reason: Special[FreeText]

    class Reviewed(Answering):
        TOPIC: ClassVar[str] = "research.Response.Reviewed"
        status: ReviewStatus
        reviewed_by: str
        note: Special[FreeText | None] = None

    class Withdrawn(Erasure):
        TOPIC: ClassVar[str] = "research.Response.Withdrawn"

    class Anonymised(Erasure):
        """Nobody can tell any more whose it was."""

        TOPIC: ClassVar[str] = "research.Response.Anonymised"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.about: Asked | None = None
        self.origin = ResponseOrigin.WEB
        self.state = ResponseState.BEGUN
        self.link: Link | Unreadable | None = None
        self.import_id: UUID | None = None
        self.consent: str | None = None
        self.page = 0
        self.answers: Answers | Unreadable = {}
        self.begun_on = date.min
        self.submitted_on: date | None = None
        self.edits = 0
        self.review: Response.Reviewed | None = None
        self.anonymised_on: date | None = None

    @property
    def asked(self) -> Asked:
        if self.about is None:
            raise LookupError(f"response {self.id} was never begun")
        return self.about

    @property
    def sealed_under(self) -> UUID:
        linked = self.asked.mode is WaveMode.LINKED and self.origin is ResponseOrigin.WEB
        return self.id if linked else self.asked.wave_id

    @property
    def is_linked(self) -> bool:
        return self.sealed_under == self.id and self.anonymised_on is None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Begun) -> None:
        self.about, self.link, self.begun_on = event.asked, event.link, event.occurred_on

    @apply.register
    def _(self, event: ConsentGiven) -> None:
        self.consent = event.text_version

    @apply.register
    def _(self, event: Saved) -> None:
        self.page, self.answers = event.page, event.answers

    @apply.register
    def _(self, event: Submitted) -> None:
        self.answers = event.answers
        self.state, self.submitted_on = ResponseState.SUBMITTED, event.occurred_on

    @apply.register
    def _(self, event: Imported) -> None:
        self.about, self.import_id, self.answers = event.asked, event.import_id, event.answers
        self.origin, self.state = ResponseOrigin.IMPORT, ResponseState.SUBMITTED
        self.begun_on = self.submitted_on = event.occurred_on

    @apply.register
    def _(self, event: Edited) -> None:
        self.answers, self.edits, self.review = event.answers, self.edits + 1, None

    @apply.register
    def _(self, event: Reviewed) -> None:
        self.review = event

    @apply.register
    def _(self, _event: Withdrawn) -> None:
        self.state = ResponseState.WITHDRAWN

    @apply.register
    def _(self, event: Anonymised) -> None:
        self.anonymised_on = event.occurred_on

    def begin(self, asked: Asked, link: Link | None, *, consent: str, on: date) -> None:
        self.record(self.Begun, occurred_on=on, asked=asked, link=link)
        self.record(self.ConsentGiven, occurred_on=on, text_version=consent)

    def save(self, answers: Mapping[str, str], page: int, on: date) -> None:
        """What was saved before is said again only when something changed."""
        self._require(ResponseState.BEGUN)
        if (dict(answers), page) != (self.answers, self.page):
            self._answer(self.Saved, on, answers=dict(answers), page=page)

    def submit(self, answers: Mapping[str, str], on: date) -> None:
        self._require(ResponseState.BEGUN)
        self._answer(self.Submitted, on, answers=dict(answers))

    def bring(self, asked: Asked, answers: Mapping[str, str], import_id: UUID, on: date) -> None:
        self.record(
            self.Imported,
            occurred_on=on,
            sealed_under=asked.wave_id,
            asked=asked,
            import_id=import_id,
            answers=dict(answers),
        )

    def edit(self, answers: Mapping[str, str], *, reason: str, by: str, on: date) -> None:
        """A new version, to be reviewed anew. Raises `nothing_changed`."""
        self._require(ResponseState.SUBMITTED)
        if dict(answers) == self.answers:
            raise Rejected("nothing_changed")
        self._answer(self.Edited, on, answers=dict(answers), reason=reason, edited_by=by)

    def give_verdict(self, status: ReviewStatus, note: str | None, *, by: str, on: date) -> None:
        """The same verdict again changes nothing."""
        self._require(ResponseState.SUBMITTED)
        if self.review is None or (self.review.status, self.review.note) != (status, note):
            self._answer(self.Reviewed, on, status=status, note=note, reviewed_by=by)

    def require_withdrawable(self) -> None:
        """Raises `research.response_anonymised` once nobody can tell whose it was."""
        if not self.is_linked:
            raise Rejected("research.response_anonymised")

    def withdraw(self, on: date) -> None:
        """To be called when its keys are destroyed."""
        if self.state is not ResponseState.WITHDRAWN:
            self.require_withdrawable()
            self.record(self.Withdrawn, occurred_on=on, data_classes=WITHDRAWN)

    def anonymise(self, on: date) -> None:
        """To be called when the key of the link is destroyed."""
        if self.is_linked and self.state is not ResponseState.WITHDRAWN:
            self.record(self.Anonymised, occurred_on=on, data_classes=ANONYMISED)

    def _answer(self, event: type[Answering], on: date, **facts: object) -> None:
        self.record(event, occurred_on=on, sealed_under=self.sealed_under, **facts)

    def _require(self, *states: ResponseState) -> None:
        """Raises `research.response_state`."""
        if self.state not in states:
            expected = [each.value for each in states]
            raise Rejected(
                "research.response_state", {"state": self.state.value, "expected": expected}
            )


class WithdrawalCode(Aggregate):
    """Leads whoever holds it to the response (`id_of("withdrawal", …)` of its keyed digest)."""

    class Made(Event):
        TOPIC: ClassVar[str] = "research.WithdrawalCode.Made"
        response_id: UUID

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.response_id: UUID | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Made) -> None:
        self.response_id = event.response_id

    def make(self, response_id: UUID, on: date) -> None:
        self.record(self.Made, occurred_on=on, response_id=response_id)
