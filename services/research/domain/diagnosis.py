"""A diagnosis: what was found about the needs of a territory, composed, approved by another person,
published, and one day superseded by a later version of its report.

Everything in it was let out by disclosure control or is no data about persons.
"""

from collections.abc import Mapping
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.research.vocabulary.diagnoses import Contents, DiagnosisState, Edition
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


class Diagnosis(Aggregate):
    """One version of one report; its id derives from both (`id_of("diagnosis", "CODE/3")`)."""

    class Composed(Event):
        TOPIC: ClassVar[str] = "research.Diagnosis.Composed"
        contents: Contents
        composed_by: str

    class Approved(Event):
        TOPIC: ClassVar[str] = "research.Diagnosis.Approved"
        approved_by: str

    class Published(Event):
        """The contents once more, as others are told of them. Files are named by their digests: what was
        published can be told from what was not.
        """

        TOPIC: ClassVar[str] = "research.Diagnosis.Published"
        contents: Contents
        edition: Edition
        kept: dict[str, str]
        """The claim check of each file by its name."""
        published_by: str

    class Superseded(Event):
        """A later version of the report takes its place; this one stays readable."""

        TOPIC: ClassVar[str] = "research.Diagnosis.Superseded"
        by: UUID

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.composed: Diagnosis.Composed | None = None
        self.approved: Diagnosis.Approved | None = None
        self.published: Diagnosis.Published | None = None
        self.superseded_by: UUID | None = None
        self.state = DiagnosisState.COMPOSED
        self.last_day = date.min

    @property
    def contents(self) -> Contents:
        return self._composition.contents

    @property
    def _composition(self) -> Composed:
        if self.composed is None:
            raise LookupError(f"diagnosis {self.id} was never composed")
        return self.composed

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Composed) -> None:
        self.composed, self.last_day = event, event.occurred_on

    @apply.register
    def _(self, event: Approved) -> None:
        self.state, self.last_day = DiagnosisState.APPROVED, event.occurred_on
        self.approved = event

    @apply.register
    def _(self, event: Published) -> None:
        self.state, self.last_day = DiagnosisState.PUBLISHED, event.occurred_on
        self.published = event

    @apply.register
    def _(self, event: Superseded) -> None:
        self.state, self.last_day = DiagnosisState.SUPERSEDED, event.occurred_on
        self.superseded_by = event.by

    def compose(self, contents: Contents, *, on: date, today: date, by: str) -> None:
        if self.composed is not None:
            raise Rejected(
                "research.report_version_taken",
                {"code": contents.code, "report_version": contents.report_version},
                "/contents/report_version",
            )
        require_come(on, today, "/composed_on")
        self.record(self.Composed, occurred_on=on, contents=contents, composed_by=by)

    def approve(self, *, on: date, today: date, by: str) -> None:
        """By another person than who composed it."""
        self._require(DiagnosisState.COMPOSED)
        if by == self._composition.composed_by:
            raise Rejected("four_eyes")
        self._next(self.Approved, on, today, "/approved_on", approved_by=by)

    def publish(
        self, edition: Edition, kept: Mapping[str, str], *, on: date, today: date, by: str
    ) -> None:
        self.require_approved()
        facts = {
            "contents": self.contents,
            "edition": edition,
            "kept": dict(kept),
            "published_by": by,
        }
        self._next(self.Published, on, today, "/published_on", **facts)

    def supersede(self, later: "Diagnosis", *, on: date, today: date) -> None:
        """In the same commit as the publication of the later version."""
        self._require(DiagnosisState.PUBLISHED)
        one, other = self.contents, later.contents
        if one.code != other.code or one.report_version >= other.report_version:
            raise Rejected("research.not_a_later_version", {"code": one.code})
        self._next(self.Superseded, on, today, "/published_on", by=later.id)

    def require_approved(self) -> None:
        """Raises `research.diagnosis_state`."""
        self._require(DiagnosisState.APPROVED)

    def _require(self, state: DiagnosisState) -> None:
        """Raises `research.diagnosis_state`."""
        if self.composed is None or self.state is not state:
            raise Rejected("research.diagnosis_state", {"state": self.state, "expected": state})

    def _next(
        self, fact: type[Event], on: date, today: date, pointer: str, **facts: object
    ) -> None:
        require_come(on, today, pointer)
        require_not_before(self.last_day, on, pointer)
        self.record(fact, occurred_on=on, **facts)
