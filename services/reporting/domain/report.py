"""A report to the authority: drafted, computed, submitted by a second person, accepted or returned.

What a version was computed from never changes: the dataset is frozen with its digest, the definition and
the positions of all ledgers. A returned version stays as it was submitted, and a new one begins.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.reporting.vocabulary.reports import Finding, ReportState
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Version:
    """`number` counts from 1."""

    number: int
    state: ReportState = ReportState.DRAFTED
    frozen: "Report.Computed | None" = None
    submitted: "Report.Submitted | None" = None
    decided: "Report.Accepted | Report.Returned | None" = None


class Report(Aggregate):
    """Its id derives from its number (`id_of("report", number)`), so a number is used once."""

    class Drafted(Event):
        TOPIC: ClassVar[str] = "reporting.Report.Drafted"
        number: str
        set_code: str
        first_on: date
        last_on: date
        drafted_by: str

    class Computed(Event):
        """`definition` is the version of the set; the dataset is in the file store for ever."""

        TOPIC: ClassVar[str] = "reporting.Report.Computed"
        as_of: date
        known_at: date
        positions: dict[str, int]
        definition: str
        digest: str
        facts: int
        file_id: str
        computed_by: str

    class Submitted(Event):
        """What was submitted is what has this digest."""

        TOPIC: ClassVar[str] = "reporting.Report.Submitted"
        digest: str
        submitted_by: str

    class Accepted(Event):
        TOPIC: ClassVar[str] = "reporting.Report.Accepted"
        document: str

    class Returned(Event):
        TOPIC: ClassVar[str] = "reporting.Report.Returned"
        document: str
        findings: tuple[Finding, ...]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self._terms: Report.Drafted | None = None
        self.versions: tuple[Version, ...] = ()

    @property
    def terms(self) -> Drafted:
        if self._terms is None:
            raise ValueError(f"report {self.id} was never drafted")
        return self._terms

    @property
    def state(self) -> ReportState:
        """That of the latest version that was computed, or drafted first."""
        return self.versions[-1].state

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Drafted) -> None:
        self._terms = event
        self.versions = (Version(1),)

    @apply.register
    def _(self, event: Computed) -> None:
        if self.state is ReportState.RETURNED:
            self.versions = (*self.versions, Version(len(self.versions) + 1))
        self._change(state=ReportState.COMPUTED, frozen=event)

    @apply.register
    def _(self, event: Submitted) -> None:
        self._change(state=ReportState.SUBMITTED, submitted=event)

    @apply.register
    def _(self, event: Accepted) -> None:
        self._change(state=ReportState.ACCEPTED, decided=event)

    @apply.register
    def _(self, event: Returned) -> None:
        self._change(state=ReportState.RETURNED, decided=event)

    def _change(self, **changes: object) -> None:
        latest = replace(self.versions[-1], **changes)  # type: ignore[arg-type]
        self.versions = (*self.versions[:-1], latest)

    def draft(
        self, number: str, set_code: str, first_on: date, last_on: date, *, today: date, by: str
    ) -> None:
        """The period has ended, because the report is true on its last day."""
        if self.versions:
            raise Rejected("reporting.report_number_taken", {"id": str(self.id)}, "/number")
        require_come(last_on, today, "/last_on")
        if last_on < first_on:
            days = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
            raise Rejected("reporting.period_reversed", days, "/last_on")
        self.record(
            self.Drafted,
            occurred_on=today,
            number=number,
            set_code=set_code,
            first_on=first_on,
            last_on=last_on,
            drafted_by=by,
        )

    def require_computable(self) -> None:
        """Until it is submitted, and after it was returned. Refused as `reporting.report_state`."""
        self._require(ReportState.DRAFTED, ReportState.COMPUTED, ReportState.RETURNED)

    def compute(
        self,
        *,
        known_at: date,
        positions: dict[str, int],
        definition: str,
        digest: str,
        facts: int,
        file_id: str,
        by: str,
    ) -> None:
        self.require_computable()
        self.record(
            self.Computed,
            occurred_on=known_at,
            as_of=self.terms.last_on,
            known_at=known_at,
            positions=positions,
            definition=definition,
            digest=digest,
            facts=facts,
            file_id=file_id,
            computed_by=by,
        )

    def submit(self, *, today: date, by: str) -> None:
        """By another person than computed it (`four_eyes`)."""
        frozen = self._require(ReportState.COMPUTED).frozen
        if frozen is None or frozen.computed_by == by:
            raise Rejected("four_eyes")
        self.record(self.Submitted, occurred_on=today, digest=frozen.digest, submitted_by=by)

    def accept(self, *, document: str, on: date, today: date) -> None:
        self._require_decidable(on, today)
        self.record(self.Accepted, occurred_on=on, document=document)

    def return_(
        self, findings: tuple[Finding, ...], *, document: str, on: date, today: date
    ) -> None:
        self._require_decidable(on, today)
        self.record(self.Returned, occurred_on=on, document=document, findings=findings)

    def computed(self, number: int | None) -> tuple[int, Computed]:
        """A version that was computed, the latest of them where none is named.

        Refused as `reporting.report_not_computed`.
        """
        for version in reversed(self.versions):
            if version.frozen is not None and number in (None, version.number):
                return version.number, version.frozen
        raise Rejected("reporting.report_not_computed", {"versions": len(self.versions)})

    def _require_decidable(self, on: date, today: date) -> None:
        submitted = self._require(ReportState.SUBMITTED).submitted
        require_come(on, today, "/decided_on")
        if submitted is not None:
            require_not_before(submitted.occurred_on, on, "/decided_on")

    def _require(self, *states: ReportState) -> Version:
        if self.state not in states:
            details = {"state": self.state.value, "expected": [each.value for each in states]}
            raise Rejected("reporting.report_state", details)
        return self.versions[-1]
