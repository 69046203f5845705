"""Who is asked in a wave: drawn once, by a recorded seed, from a frame that can be checked."""

from collections.abc import Sequence
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from pydantic import NonNegativeInt, PositiveInt

from services.research.domain.sampling import Draw, Unit, frame_digest
from shared.contracts.research.vocabulary.samples import (
    Digest,
    DrawnStratum,
    DrawRule,
    FrameChoice,
    Member,
    Pseudonym,
    Seed,
)
from shared.contracts.vocabulary import PartnerId
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass, Identity, Monitoring, Unreadable

ANONYMISED: Final = (DataClass.IDENTITY, DataClass.MONITORING)
"""Whose keys of a wave are destroyed: of pseudonyms on invitations, and of strata and members."""


class Sample(Aggregate):
    """The stream is that of the wave's id: a wave has one sample.

    Strata and who is in which are sealed under the sample's own key: a small group tells of people.
    """

    class Drawn(Event):
        TOPIC: ClassVar[str] = "research.Sample.Drawn"
        study_id: UUID
        partner: PartnerId
        choice: FrameChoice
        rule: DrawRule
        seed: Seed
        size: PositiveInt
        frame_size: NonNegativeInt
        frame_position: NonNegativeInt
        """Of the own ledger, as of which the frame was read."""
        frame_digest: Digest
        age_bands: tuple[int, ...]
        strata: Monitoring[tuple[DrawnStratum, ...]]
        members: Monitoring[tuple[Member, ...]]

    class Anonymised(Erasure):
        """Nobody can tell any more who was asked in the wave, nor under which pseudonym."""

        TOPIC: ClassVar[str] = "research.Sample.Anonymised"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.drawn: Sample.Drawn | None = None
        self.anonymised_on: date | None = None

    @property
    def content(self) -> Drawn:
        if self.drawn is None:
            raise LookupError(f"sample {self.id} was never drawn")
        return self.drawn

    @property
    def members(self) -> tuple[Member, ...] | Unreadable:
        return self.content.members

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Drawn) -> None:
        self.drawn = event

    @apply.register
    def _(self, event: Anonymised) -> None:
        self.anonymised_on = event.occurred_on

    def anonymise(self, on: date) -> None:
        """To be called when its keys are destroyed."""
        if self.anonymised_on is None:
            self.record(self.Anonymised, occurred_on=on, data_classes=ANONYMISED)

    def draw(
        self,
        draw: Draw,
        frame: Sequence[Unit],
        pseudonyms: dict[str, Pseudonym],
        *,
        study_id: UUID,
        partner: PartnerId,
        choice: FrameChoice,
        seed: str,
        position: int,
        age_bands: tuple[int, ...],
        on: date,
    ) -> None:
        """`pseudonyms` are those of the drawn units. Raises `research.sample_drawn`."""
        if self.drawn is not None:
            raise Rejected("research.sample_drawn")
        order = {values: index for index, values in enumerate(draw.sizes)}
        members = [
            Member(pseudonym=pseudonyms[unit.id], stratum=order[unit.values]) for unit in draw.units
        ]
        self.record(
            self.Drawn,
            occurred_on=on,
            study_id=study_id,
            partner=partner,
            choice=choice,
            rule=DrawRule.SHA256_LOWEST,
            seed=seed,
            size=len(draw.units),
            frame_size=len(frame),
            frame_position=position,
            frame_digest=frame_digest(frame),
            age_bands=age_bands,
            strata=tuple(
                DrawnStratum(values=values, frame_size=whole, drawn=taken)
                for values, (whole, taken) in draw.sizes.items()
            ),
            members=tuple(sorted(members, key=lambda each: each.pseudonym)),
        )


class Link(Aggregate):
    """The pseudonym of one participant or enterprise in one study (`id_of("link", …)`).

    It is sealed under the key of the participant's identity: an erasure there cuts it for good.
    """

    class Made(Event):
        TOPIC: ClassVar[str] = "research.Link.Made"
        study_id: UUID
        unit_id: UUID
        pseudonym: Identity[Pseudonym]

        @property
        def subject(self) -> UUID:
            return self.unit_id

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.pseudonym: Pseudonym | Unreadable | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Made) -> None:
        self.pseudonym = event.pseudonym

    def make(self, study_id: UUID, unit_id: UUID, pseudonym: Pseudonym, on: date) -> None:
        self.record(
            self.Made, occurred_on=on, study_id=study_id, unit_id=unit_id, pseudonym=pseudonym
        )
