"""The judged answers of a wave in bulk, as of a position: what analysis and releases are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from eventsourcing.persistence import OperationalError

from services.research.domain.answered import Answered
from services.research.domain.response import Link
from shared.contracts.research.vocabulary.responses import ReviewStatus
from shared.eventstore.vault import Vault
from shared.kernel.personal import Absent, SealedBox
from shared.runtime.views import Positions, Views

REACHED_SECONDS: Final = 10.0
OPENED: Final = 2_000
"""Boxes opened at once."""
GIVES: Final = frozenset({"submitted", "imported", "edited"})


@dataclass(frozen=True, slots=True)
class Given:
    """One response as it stood. `pseudonym` joins the waves of a study: None where nobody is named."""

    response_id: UUID
    answers: Mapping[str, str]
    review: ReviewStatus | None
    pseudonym: str | None


@dataclass(frozen=True)
class Answers:
    views: Views
    vault: Vault

    def of_wave(self, wave_id: UUID, position: int) -> Iterator[Given]:
        """Submitted and not withdrawn, with the answers and the review as of the position; in the
        order of the responses' ids, some thousand of them in memory at a time. What was destroyed
        since is not there any more.

        The read models must have reached the position (`Answering.query` waits for `at_least`).
        """
        stood = self._stood(wave_id, position)
        links = self._links(wave_id)
        for at in range(0, len(stood), OPENED):
            part = stood[at : at + OPENED]
            opened = self.vault.open_many(self._boxes([given for _, given, _ in part]))
            for (response_id, _, review), told in zip(part, opened, strict=True):
                if not isinstance(told, Absent):
                    link = links.get(response_id)
                    yield Given(UUID(response_id), told["answers"], review, link)

    def approved(self, wave_id: UUID, position: int) -> Iterator[Answered]:
        """What analysis counts. Raises `OperationalError` while the read models are behind the
        position: tried again.
        """
        if not Positions(self.views).wait_for(position, REACHED_SECONDS):
            raise OperationalError("the read models are behind the position")
        for each in self.of_wave(wave_id, position):
            if each.review is ReviewStatus.APPROVED:
                yield Answered(each.response_id, each.answers)

    def _stood(
        self, wave_id: UUID, position: int
    ) -> Sequence[tuple[str, str, ReviewStatus | None]]:
        """Each response, which document of `given` has its answers, and its review."""
        given: dict[str, str] = {}
        reviews: dict[str, str] = {}
        asked = {"wave_id": str(wave_id), "position": {"$lte": position}}
        for each in self.views["given"].find(asked, {"box": 0}).sort("position"):
            response_id, what = each["response_id"], each["what"]
            if what in GIVES:
                given[response_id] = each["_id"]
                reviews.pop(response_id, None)
            elif what == "reviewed":
                reviews[response_id] = each["status"]
            elif what == "withdrawn":
                given.pop(response_id, None)
        return [
            (each, given[each], ReviewStatus(status) if (status := reviews.get(each)) else None)
            for each in sorted(given)
        ]

    def _boxes(self, given: Sequence[str]) -> Sequence[SealedBox]:
        documents = self.views["given"].find({"_id": {"$in": list(given)}}, {"box": 1})
        boxes = {each["_id"]: each["box"] for each in documents}
        return [SealedBox.model_validate(boxes[each]) for each in given]

    def _links(self, wave_id: UUID) -> dict[str, str]:
        found = self.views["responses"].find(
            {"wave_id": str(wave_id), "link": {"$ne": None}}, {"link": 1}
        )
        documents = list(found)
        boxes = [SealedBox.model_validate(each["link"]) for each in documents]
        return {
            each["_id"]: Link.model_validate(told["link"]).pseudonym
            for each, told in zip(documents, self.vault.open_many(boxes), strict=True)
            if not isinstance(told, Absent)
        }
