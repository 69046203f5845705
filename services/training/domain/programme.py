"""A programme: what is taught, in immutable versions. Editions stay on the one they were opened on."""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.training.domain.programme_content import require_complete
from shared.contracts.training.vocabulary import ProgrammeContent
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


class Programme(Aggregate):
    """Its id derives from its code (`id_of("programme", code)`), so a code is used once."""

    class Opened(Event):
        """The first version was approved on this day."""

        TOPIC: ClassVar[str] = "training.Programme.Opened"
        content: ProgrammeContent

    class Revised(Event):
        """A further version was approved on this day; `number` counts them from 1."""

        TOPIC: ClassVar[str] = "training.Programme.Revised"
        number: int
        content: ProgrammeContent

    class Withdrawn(Event):
        """From this day on no edition is opened."""

        TOPIC: ClassVar[str] = "training.Programme.Withdrawn"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.versions: tuple[ProgrammeContent, ...] = ()
        self.approved_on = date.min
        """Of the latest version."""
        self.withdrawn_on: date | None = None

    @property
    def number(self) -> int:
        """Of the latest version, from 1; 0 before the programme is opened."""
        return len(self.versions)

    @property
    def content(self) -> ProgrammeContent:
        return self.versions[-1]

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.versions, self.approved_on = (event.content,), event.occurred_on

    @apply.register
    def _(self, event: Revised) -> None:
        self.versions, self.approved_on = (*self.versions, event.content), event.occurred_on

    @apply.register
    def _(self, event: Withdrawn) -> None:
        self.withdrawn_on = event.occurred_on

    def open(self, *, content: ProgrammeContent, approved_on: date, today: date) -> None:
        if self.versions:
            raise Rejected("training.code_taken", pointer="/content/code")
        require_come(approved_on, today, "/approved_on")
        require_complete(content, approved_on)
        self.record(self.Opened, occurred_on=approved_on, content=content)

    def revise(self, *, content: ProgrammeContent, approved_on: date, today: date) -> None:
        """Raises `training.code_fixed` for another code, and what `require_complete` raises."""
        self._require_in_force()
        require_come(approved_on, today, "/approved_on")
        require_not_before(self.approved_on, approved_on, "/approved_on")
        if content == self.content:
            raise Rejected("nothing_changed")
        if content.code != self.content.code:
            raise Rejected("training.code_fixed", {"expected": self.content.code}, "/content/code")
        require_complete(content, approved_on)
        self.record(self.Revised, occurred_on=approved_on, number=self.number + 1, content=content)

    def withdraw(self, *, withdrawn_on: date, today: date) -> None:
        self._require_in_force()
        require_come(withdrawn_on, today, "/withdrawn_on")
        require_not_before(self.approved_on, withdrawn_on, "/withdrawn_on")
        self.record(self.Withdrawn, occurred_on=withdrawn_on)

    def require_open(self, day: date, pointer: str) -> None:
        """Editions are opened of an approved programme that was not withdrawn by that day."""
        require_not_before(self.approved_on, day, pointer)
        if self.withdrawn_on is not None and day >= self.withdrawn_on:
            raise Rejected(
                "training.programme_withdrawn",
                {"withdrawn_on": self.withdrawn_on.isoformat()},
                pointer,
            )

    def _require_in_force(self) -> None:
        if self.withdrawn_on is not None:
            raise Rejected(
                "training.programme_withdrawn", {"withdrawn_on": self.withdrawn_on.isoformat()}
            )
