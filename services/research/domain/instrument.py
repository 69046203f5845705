"""An instrument: a questionnaire in versions that never change once they are published."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.research.domain.form.canonical import LIMIT, canonical, digest
from services.research.domain.form.faults import Fault, FormRefused
from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.contracts.vocabulary import ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Version:
    """What a response is pinned to; `number` counts from 1."""

    number: int
    definition: FormDefinition
    digest: str
    origin: FormOrigin
    published_on: date


class Instrument(Aggregate):
    """Its id derives from its code (`id_of("instrument", code)`), so a code is used once."""

    class Created(Event):
        TOPIC: ClassVar[str] = "research.Instrument.Created"
        code: str
        title: ShortText

    class VersionPublished(Event):
        """The definition can be asked from this day on; the digest is that of its canonical text."""

        TOPIC: ClassVar[str] = "research.Instrument.VersionPublished"
        number: int
        definition: FormDefinition
        digest: str
        origin: FormOrigin

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.code = ""
        self.title = ""
        self.versions: tuple[Version, ...] = ()

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Created) -> None:
        self.code, self.title = event.code, event.title

    @apply.register
    def _(self, event: VersionPublished) -> None:
        version = Version(
            event.number, event.definition, event.digest, event.origin, event.occurred_on
        )
        self.versions = (*self.versions, version)

    def create(self, *, code: str, title: str, on: date) -> None:
        if self.code:
            raise Rejected("research.instrument_code_taken", pointer="/code")
        self.record(self.Created, occurred_on=on, code=code, title=title)

    def publish(self, *, definition: FormDefinition, origin: FormOrigin, on: date) -> None:
        """Raises `FormRefused`, and `nothing_changed` for the definition of the latest version."""
        require_usable(definition)
        told = digest(definition)
        if self.versions and self.versions[-1].digest == told:
            raise Rejected("nothing_changed")
        self.record(
            self.VersionPublished,
            occurred_on=on,
            number=len(self.versions) + 1,
            definition=definition,
            digest=told,
            origin=origin,
        )

    def version_of(self, number: int, pointer: str | None = None) -> Version:
        """A published version. Raises `research.instrument_version_unknown`."""
        if not 1 <= number <= len(self.versions):
            facts = {"latest": len(self.versions)}
            raise Rejected("research.instrument_version_unknown", facts, pointer)
        return self.versions[number - 1]


def require_usable(definition: FormDefinition) -> Form:
    """The form of a definition that may be published. Raises `FormRefused` with all its faults."""
    size = len(canonical(definition))
    if size > LIMIT:
        raise FormRefused(Fault((), "research.form_too_large", {"limit": LIMIT}))
    return Form(definition)
