"""Frames as they are read to draw from, and what may be told of them before.

Boxes of people are opened here only, and only where a stratum asks for what is in them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.research.domain import strata
from services.research.domain.monitoring import Facts, known_on
from services.research.domain.rules.samples import SampleRules
from services.research.domain.sampling import Unit
from shared.contracts.research.vocabulary.samples import Frame, FrameChoice
from shared.eventstore.vault import Vault
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent, SealedBox
from shared.runtime.views import PROJECTIONS, Document, Views


@dataclass(frozen=True)
class FrameRead:
    """The units of a frame, as of a position of the own ledger."""

    position: int
    units: Sequence[Unit]
    age_bands: tuple[int, ...]


@dataclass(frozen=True)
class Linked:
    """The units of a study by pseudonym, how many links an erasure cut, and who may not be asked."""

    units: Mapping[str, str]
    cut: int
    silent: frozenset[str]
    """Participants who withdrew their consent, or were erased or merged, since they were drawn."""


@dataclass(frozen=True)
class Frames:
    views: Views
    vault: Vault
    rules: SampleRules

    def facts_of(self, areas: Sequence[str], year: int) -> Sequence[Document]:
        """What was told of the communes of these areas."""
        within = [{"teryt": {"$regex": f"^{area}"}} for area in areas]
        return list(self.views["commune_facts"].find({"year": year, "$or": within}).sort("teryt"))

    def enterprises_in(self, communes: Collection[str]) -> Sequence[Document]:
        """Those that were founded there."""
        wanted = {"teryt": {"$in": sorted(communes)}, "founded_on": {"$ne": None}}
        return list(self.views["enterprises"].find(wanted).sort("_id"))

    def read(self, choice: FrameChoice, day: date) -> FrameRead:
        """One snapshot of the read models, so that the frame is that of one position.

        Raises `research.frame_needs_list` for a frame that nobody here knows, and
        `research.stratum_unknown`.
        """
        if choice.frame is Frame.EXTERNAL:
            raise Rejected("research.frame_needs_list", pointer="/choice/frame")
        strata.require_known(choice.frame, choice.strata)
        bands = self.rules.age_bands.on(day)
        with self.views.client.start_session(snapshot=True) as session:
            reached = self.views[PROJECTIONS].find_one({"_id": "research"}, session=session)
            if choice.frame is Frame.REGISTRY:
                states = [each.value for each in choice.states]
                asked: Document = {
                    "state": {"$in": states},
                    "contactable": True,
                    "can_be_asked": True,
                }
                documents = list(self.views["subjects"].find(asked, session=session))
                units = list(self._participants(documents, choice.strata, day, bands))
            else:
                open_ones = {"founded_on": {"$ne": None}, "closed_on": None}
                found = self.views["enterprises"].find(open_ones, session=session)
                units = [
                    Unit(each["_id"], strata.of_enterprise(each, choice.strata)) for each in found
                ]
        return FrameRead(int(reached["n"]) if reached else 0, units, bands)

    def linked(self, study_id: UUID) -> Linked:
        """As far as the read models are."""
        documents = list(self.views["links"].find({"study_id": str(study_id)}))
        boxes = [SealedBox.model_validate(each["box"]) for each in documents]
        units = {
            opened["pseudonym"]: document["unit_id"]
            for document, opened in zip(documents, self.vault.open_many(boxes), strict=True)
            if not isinstance(opened, Absent)
        }
        unwilling: Document = {"$or": [{"contactable": False}, {"can_be_asked": False}]}
        silent = self.views["subjects"].find(
            {"_id": {"$in": list(units.values())}} | unwilling, {"_id": 1}
        )
        return Linked(units, len(documents) - len(units), frozenset(each["_id"] for each in silent))

    def _participants(
        self, documents: Sequence[Document], wanted: Sequence[str], day: date, bands: Sequence[int]
    ) -> Iterator[Unit]:
        monitored = (
            self._opened(documents) if strata.PERSONAL & set(wanted) else [()] * len(documents)
        )
        for document, told in zip(documents, monitored, strict=True):
            values = strata.of_participant(document, known_on(told, day), wanted, day, bands)
            yield Unit(document["_id"], values)

    def _opened(self, documents: Sequence[Document]) -> Iterator[Iterable[Facts]]:
        """With one look-up of keys for all people."""
        boxes = [
            SealedBox.model_validate(told["box"])
            for document in documents
            for told in document["told"]
            if told["box"]
        ]
        opened = iter(self.vault.open_many(boxes))
        for document in documents:
            yield [
                Facts(
                    date.fromisoformat(told["on"]),
                    told["fields"],
                    _values(next(opened)) if told["box"] else {},
                )
                for told in document["told"]
            ]


def _values(opened: Mapping[str, Any] | Absent) -> Mapping[str, Any]:
    """What was erased since is not known any more."""
    return {} if isinstance(opened, Absent) else opened.get("monitoring") or {}
