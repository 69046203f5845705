"""The releases of one dataset: the lock under which each is judged against those before it.

A dataset is what was answered in certain waves of a study, as of one position of the ledger. The
first release pins the position, so the same query gives the same table, also after later responses.
A later edition may be pinned when it differs from every earlier one by no response, or by so many
that the difference hides them. Two releases at once: the one that is saved second is judged again.
"""

import base64
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

import numpy as np
from pydantic import BaseModel, ConfigDict

from services.research.domain.disclosure.publication import Publication, Released, publish
from services.research.domain.disclosure.query import Microdata, Query
from services.research.domain.disclosure.tables import Flags
from services.research.domain.rules.disclosure import DisclosureParameters
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected


class Mask(BaseModel):
    """Flags over a full table: its shape, and its cells in C order as bits, base64."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: tuple[int, ...]
    bits: str

    @classmethod
    def of(cls, flags: Flags) -> "Mask":
        packed = np.packbits(flags.ravel()).tobytes()
        return cls(shape=flags.shape, bits=base64.b64encode(packed).decode())

    def flags(self) -> Flags:
        packed = np.frombuffer(base64.b64decode(self.bits), dtype=np.uint8)
        cells = int(np.prod(self.shape))
        return np.unpackbits(packed, count=cells).astype(bool).reshape(self.shape)


class Dataset(Aggregate):
    """Its id derives from the study and the waves."""

    class Pinned(Event):
        """From now on releases are made from the responses as of this position."""

        TOPIC: ClassVar[str] = "research.Dataset.Pinned"
        position: int

    class ReleaseMade(Event):
        """A publication left disclosure control; `parameters` are those it was judged by."""

        TOPIC: ClassVar[str] = "research.Dataset.ReleaseMade"
        release_id: UUID
        query: Query
        position: int
        parameters: DisclosureParameters
        asked: Mask
        shown: Mask

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.positions: tuple[int, ...] = ()
        self.releases: tuple[Released, ...] = ()

    @property
    def position(self) -> int | None:
        """Of the edition in force."""
        return self.positions[-1] if self.positions else None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Pinned) -> None:
        self.positions = (*self.positions, event.position)

    @apply.register
    def _(self, event: ReleaseMade) -> None:
        released = Released(
            event.release_id, event.query, event.position, event.asked.flags(), event.shown.flags()
        )
        self.releases = (*self.releases, released)

    def pin(self, position: int, data: Microdata, rules: DisclosureParameters, *, on: date) -> None:
        """Raises `research.edition_too_close`, naming the earlier position."""
        if position in self.positions:
            raise Rejected("research.edition_pinned_already", {"position": position}, "/position")
        least = rules.least(UnitKind.PERSONS, Audience.PUBLIC, sensitive=True)
        for earlier in self.positions:
            one, other = data.editions[earlier], data.editions[position]
            for differing in (int((one & ~other).sum()), int((other & ~one).sum())):
                if 0 < differing < least:
                    facts = {"position": earlier, "least": least}
                    raise Rejected("research.edition_too_close", facts, "/position")
        self.record(self.Pinned, occurred_on=on, position=position)

    def answered(self, query: Query) -> UUID | None:
        """The release of the edition in force that answers this query already."""
        for each in self.releases:
            if (each.query, each.position) == (query, self.position):
                return each.release_id
        return None

    def release(
        self,
        release_id: UUID,
        query: Query,
        data: Microdata,
        rules: DisclosureParameters,
        *,
        on: date,
        today: date,
    ) -> Publication:
        """What may be published; the fact that it is, recorded. Takes seconds for a large table.

        Raises `research.dataset_not_pinned`, `research.released_already` (which names the release
        that answers this query), and what `publish` raises.
        """
        require_come(on, today, "/released_on")
        if self.position is None:
            raise Rejected("research.dataset_not_pinned")
        if known := self.answered(query):
            raise Rejected("research.released_already", {"release_id": str(known)})
        made = publish(release_id, query, data, self.position, self.releases, rules)
        self.record(
            self.ReleaseMade,
            occurred_on=on,
            release_id=release_id,
            query=query,
            position=self.position,
            parameters=rules,
            asked=Mask.of(made.shown | made.hidden),
            shown=Mask.of(made.shown),
        )
        return made
