"""The releases of one dataset: the lock under which each is judged against those before it.

A dataset is what was answered in one wave, as of one position of the ledger: waves stay apart, so that
nobody is counted twice in a table, and no two datasets share a unit. The first release pins the
position, so the same query gives the same table, also after later responses. A later edition may be
pinned when it differs from every earlier one by no response, or by so many that the difference hides
them. Two releases at once: the one that is saved second is judged again.

The history is read wherever releases are; arrays are needed only where one is made, and are imported
there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import singledispatchmethod
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from services.research.domain.disclosure.asking import Query
from services.research.domain.disclosure.masks import Mask
from services.research.domain.rules.disclosure import DisclosureParameters, ExportParameters
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.contracts.research.vocabulary.publication import PublishedTable
from shared.contracts.research.vocabulary.releases import ExportColumn
from shared.contracts.research.vocabulary.samples import Digest
from shared.contracts.research.vocabulary.studies import PinnedInstrument
from shared.contracts.research.vocabulary.tables import Dimension, Filter
from shared.contracts.vocabulary import PartnerId, PurposeCode
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected

if TYPE_CHECKING:
    from services.research.domain.disclosure.microdata import Microdata
    from services.research.domain.disclosure.publication import Publication

Write = Callable[["Publication"], Sequence[PublishedTable]]
"""What was let out as the tables that were asked for."""


class Asked(BaseModel):
    """Where the answers of a dataset come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study_id: UUID
    wave_id: UUID
    partner: PartnerId
    instrument: PinnedInstrument


class Dataset(Aggregate):
    """Its id derives from the wave (`id_of("dataset", wave_id)`)."""

    class Pinned(Event):
        """From now on releases are made from the responses as of this position."""

        TOPIC: ClassVar[str] = "research.Dataset.Pinned"
        asked: Asked
        position: int
        units: NonNegativeInt
        """How many there were then: when answers are gone, nothing can be judged against them."""

    class ReleaseMade(Event):
        """A publication left disclosure control; `parameters` are those it was judged by."""

        TOPIC: ClassVar[str] = "research.Dataset.ReleaseMade"
        release_id: UUID
        query: Query
        dimensions: tuple[Dimension, ...]
        """How what the query names is cut."""
        position: int
        parameters: DisclosureParameters
        asked: Mask
        shown: Mask
        tables: tuple[PublishedTable, ...]

    class ExportMade(Event):
        """Answers were given out one by one; `digest` is of the file."""

        TOPIC: ClassVar[str] = "research.Dataset.ExportMade"
        export_id: UUID
        purpose: PurposeCode
        columns: tuple[ExportColumn, ...]
        filters: tuple[Filter, ...]
        position: int
        parameters: ExportParameters
        rows: NonNegativeInt
        digest: Digest
        exported_by: str

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.editions: dict[int, int] = {}
        """Units by position, in the order in which they were pinned."""
        self.releases: dict[UUID, Dataset.ReleaseMade] = {}
        self.exports: dict[UUID, Dataset.ExportMade] = {}
        self.cuts: dict[str, Dimension] = {}
        self._first_cut: dict[str, UUID] = {}
        """Which release or export cut it so."""
        self.pinned: Dataset.Pinned | None = None

    @property
    def asked(self) -> Asked:
        if self.pinned is None:
            raise LookupError(f"dataset {self.id} was never pinned")
        return self.pinned.asked

    @property
    def position(self) -> int | None:
        """Of the edition in force."""
        return self.pinned.position if self.pinned else None

    @property
    def needed(self) -> tuple[int, ...]:
        """The positions of the editions that a further release is judged by."""
        return tuple(each for each in self.editions if each in self._used or each == self.position)

    @property
    def _used(self) -> set[int]:
        """The positions of the editions that something was made from."""
        released = {each.position for each in self.releases.values()}
        return released | {each.position for each in self.exports.values()}

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Pinned) -> None:
        self.pinned = event
        self.editions[event.position] = event.units

    @apply.register
    def _(self, event: ReleaseMade) -> None:
        self.releases[event.release_id] = event
        self._cut(event.release_id, event.dimensions)

    @apply.register
    def _(self, event: ExportMade) -> None:
        self.exports[event.export_id] = event
        self._cut(event.export_id, dimensions_of(event.columns, event.filters))

    def pin(
        self,
        position: int,
        data: "Microdata",
        rules: DisclosureParameters,
        *,
        asked: Asked,
        on: date,
    ) -> None:
        """Raises `research.edition_pinned_already`, `research.edition_incomplete` and
        `research.edition_too_close`, which name the earlier position.
        """
        if position in self.editions:
            raise Rejected("research.edition_pinned_already", {"position": position}, "/position")
        least = rules.least(UnitKind.PERSONS, Audience.PUBLIC, sensitive=True)
        for earlier in self._used:
            self._require_whole(earlier, data)
            one, other = data.editions[earlier], data.editions[position]
            for differing in (int((one & ~other).sum()), int((other & ~one).sum())):
                if 0 < differing < least:
                    facts = {"position": earlier, "least": least}
                    raise Rejected("research.edition_too_close", facts, "/position")
        units = int(data.editions[position].sum())
        self.record(self.Pinned, occurred_on=on, asked=asked, position=position, units=units)

    def answered(self, query: Query) -> UUID | None:
        """The release of the edition in force that answers this query already."""
        for each in self.releases.values():
            if (each.query, each.position) == (query, self.position):
                return each.release_id
        return None

    def require_cut_alike(self, dimensions: Sequence[Dimension]) -> None:
        """Two cuts of one number would tell the units between their edges.

        Raises `research.cut_differs`, naming the release or export that cut it first.
        """
        for each in dimensions:
            known = self.cuts.get(each.name, each)
            if known != each:
                facts = {
                    "dimension": each.name,
                    "edges": [str(edge) for edge in known.edges],
                    "releases": [str(self._first_cut[each.name])],
                }
                raise Rejected("research.cut_differs", facts, "/tables")

    def release(
        self,
        release_id: UUID,
        query: Query,
        data: "Microdata",
        rules: DisclosureParameters,
        *,
        dimensions: Sequence[Dimension],
        write: Write,
        on: date,
        today: date,
    ) -> "Publication":
        """What may be published; the fact that it is, recorded. Takes seconds for a large table.

        Raises `research.dataset_not_pinned`, `research.released_already` (which names the release
        that answers this query), `research.cut_differs`, `research.edition_incomplete`, and what
        `publish` raises.
        """
        from services.research.domain.disclosure.publication import (  # noqa: PLC0415
            Released,
            publish,
        )

        require_come(on, today, "/released_on")
        if self.position is None:
            raise Rejected("research.dataset_not_pinned")
        if known := self.answered(query):
            raise Rejected("research.released_already", {"release_id": str(known)})
        self.require_cut_alike(dimensions)
        for position in self.needed:
            self._require_whole(position, data)
        earlier = [
            Released(
                each.release_id, each.query, each.position, each.asked.flags(), each.shown.flags()
            )
            for each in self.releases.values()
        ]
        made = publish(release_id, query, data, self.position, earlier, rules)
        self.record(
            self.ReleaseMade,
            occurred_on=on,
            release_id=release_id,
            query=query,
            dimensions=tuple(dimensions),
            position=self.position,
            parameters=rules,
            asked=Mask.of(made.shown | made.hidden),
            shown=Mask.of(made.shown),
            tables=tuple(write(made)),
        )
        return made

    def export(
        self,
        export_id: UUID,
        *,
        purpose: str,
        columns: Sequence[ExportColumn],
        filters: Sequence[Filter],
        units: int,
        rows: int,
        digest: str,
        parameters: ExportParameters,
        differences: Mapping[UUID, int],
        on: date,
        by: str,
    ) -> None:
        """`units` are those found of the edition in force, `rows` those that are given out;
        `differences`, by how many their population differs from that of each earlier export.

        Raises `research.dataset_not_pinned`, `research.edition_incomplete`, `research.cut_differs`
        and `research.differs_too_little`.
        """
        if self.position is None:
            raise Rejected("research.dataset_not_pinned")
        self._require_all(self.position, units)
        self.require_cut_alike(dimensions_of(columns, filters))
        least = parameters.least(sensitive=True)
        if close := sorted(str(each) for each, n in differences.items() if 0 < n < least):
            facts = {"releases": close, "least": least}
            raise Rejected("research.differs_too_little", facts, "/filters")
        self.record(
            self.ExportMade,
            occurred_on=on,
            export_id=export_id,
            purpose=purpose,
            columns=tuple(columns),
            filters=tuple(filters),
            position=self.position,
            parameters=parameters,
            rows=rows,
            digest=digest,
            exported_by=by,
        )

    def _cut(self, made: UUID, dimensions: Sequence[Dimension]) -> None:
        for each in dimensions:
            self.cuts[each.name] = each
            self._first_cut.setdefault(each.name, made)

    def _require_whole(self, position: int, data: "Microdata") -> None:
        self._require_all(position, int(data.editions[position].sum()))

    def _require_all(self, position: int, units: int) -> None:
        """Raises `research.edition_incomplete` once answers of an edition are gone."""
        if units != self.editions[position]:
            raise Rejected("research.edition_incomplete", {"position": position})


def dimensions_of(
    columns: Sequence[ExportColumn], filters: Sequence[Filter]
) -> tuple[Dimension, ...]:
    return (*(each.dimension for each in columns), *(each.dimension for each in filters))
