"""Numbers for those who ask: at once when the facts are few, else as a count that is ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.reporting.application.cells import cell_of
from services.reporting.application.counting import Counting
from services.reporting.application.disclosure import Disclosure
from services.reporting.application.frozen import Datasets
from services.reporting.application.presenting import presented
from services.reporting.application.sets import require_indicator, set_of
from services.reporting.domain.dataset import CountedUnit, Dataset
from services.reporting.domain.indicators.vocabulary import PERSONS
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.views import indicators as views
from shared.contracts.reporting.vocabulary.indicators import CountOf
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.errors import Rejected
from shared.runtime.documents import facts_for
from shared.runtime.files import FileMissing
from shared.runtime.imports import KEPT
from shared.runtime.jobs import Job, Jobs, Progress, ordered
from shared.runtime.views import Document

COUNT: Final = "count"


@dataclass(frozen=True)
class Numbers:
    counting: Counting
    datasets: Datasets
    disclosure: Disclosure
    jobs: Jobs
    record_read: RecordRead

    def list_indicator_sets(self, _request: NoRequest, _act: Act) -> views.SetList:
        return views.SetList(
            items=tuple(
                views.SetSummary(
                    set_code=each.code,
                    name_pl=each.name.pl,
                    name_en=each.name.en,
                    version=each.version,
                    indicators=len(each.indicators),
                )
                for each in self.counting.sets.values()
            )
        )

    def count_indicators(self, request: views.CountIndicators, act: Act) -> views.Indicators:
        rules = set_of(self.counting.sets, request.set_code)
        if request.code is not None:
            require_indicator(rules, request.code)
        dataset = self._counted(request, with_facts=False)
        return presented(dataset, self._threshold(act), request.code, request.breakdown)

    def list_indicator_units(self, request: views.GetUnits, act: Act) -> views.IndicatorUnits:
        """Who is in a cell tells something of them: that it was read is recorded."""
        dataset = self._counted(request, with_facts=True)
        cell = cell_of(dataset, request.code, request.cell)
        shown = cell.units[request.skip : request.skip + request.limit]
        persons = dataset.indicator(request.code).universe == PERSONS
        if persons and shown:
            people = [UUID(each.unit) for each in shown]
            self.record_read(act, people, dataset.rules.classes(request.code))
        more = request.skip + request.limit < len(cell.units)
        return views.IndicatorUnits(
            code=request.code,
            version=dataset.version,
            as_of=dataset.as_of,
            known_at=dataset.known_at,
            value=cell.value,
            evidence=cell.evidence,
            items=tuple(_unit(each, persons=persons) for each in shown),
            next_skip=request.skip + request.limit if more else None,
        )

    def get_indicator_evidence(
        self, request: views.GetUnitEvidence, act: Act
    ) -> views.UnitEvidence:
        dataset = self._counted(request, with_facts=True)
        cell = cell_of(dataset, request.code, request.cell)
        unit = next((each for each in cell.units if each.unit == request.unit), None)
        if unit is None:
            raise Rejected("reporting.unit_not_counted", pointer="/unit")
        if dataset.indicator(request.code).universe == PERSONS:
            self.record_read(act, [UUID(unit.unit)], dataset.rules.classes(request.code))
        events = self.counting.known.placed(unit.facts)
        return views.UnitEvidence(
            code=request.code,
            version=dataset.version,
            unit=unit.unit,
            amount=unit.amount,
            items=tuple(map(event_of, events)),
        )

    def order_count(self, request: CountOf, act: Act) -> views.CountStarted:
        set_of(self.counting.sets, request.set_code)
        as_of, known_at = self.counting.axes(request)
        asked = request.model_copy(update={"as_of": as_of, "known_at": known_at})
        job = self.jobs.start(COUNT, ordered(asked, act), act.id_of(COUNT))
        return views.CountStarted(id=job.id)

    def get_count(self, request: views.GetCount, act: Act) -> views.CountProgress:
        job = self.jobs.get(request.id)
        if job is None or job.kind != COUNT:
            raise Rejected("not_found", {"id": str(request.id)})
        return views.CountProgress(
            id=job.id,
            state=views.CountState(job.state),
            facts_read=job.progress.get("facts_read", 0),
            facts=job.progress.get("facts"),
            failure=job.failure["code"] if job.failure else None,
            indicators=self._result(job, request, act),
        )

    def _result(self, job: Job, request: views.GetCount, act: Act) -> views.Indicators | None:
        if job.result is None:
            return None
        try:
            dataset = self.datasets.read(job.result["file_id"])
        except FileMissing:
            raise Rejected("not_found", {"id": str(job.id)}) from None
        return presented(dataset, self._threshold(act), request.code, request.breakdown)

    def _counted(self, request: CountOf, *, with_facts: bool) -> Dataset:
        rules = set_of(self.counting.sets, request.set_code)
        return self.counting.at_once(rules, *self.counting.axes(request), with_facts=with_facts)

    def _threshold(self, act: Act) -> int | None:
        return self.disclosure.threshold(act.caller, self.counting.today())


@dataclass(frozen=True)
class CountHandler:
    """Counts as many facts as there are; the numbers stay in the file store for a while."""

    counting: Counting
    datasets: Datasets

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = CountOf.model_validate(job.input["request"])
        rules = set_of(self.counting.sets, request.set_code)

        def told(done: int, facts: int) -> None:
            progress.report(facts_read=done, facts=facts)

        as_of, known_at = self.counting.axes(request)
        dataset = self.counting.dataset(rules, as_of, known_at, told, with_facts=False)
        return {"file_id": self.datasets.keep(dataset, lifetime=KEPT)}


def _unit(unit: CountedUnit, *, persons: bool) -> views.IndicatorUnit:
    return views.IndicatorUnit(
        unit=unit.unit,
        amount=unit.amount,
        facts=len(unit.facts),
        participant_id=UUID(unit.unit) if persons else None,
    )


def event_of(document: Document) -> views.EvidenceEvent:
    told = facts_for(document | {"position": document["at"]}, views.EvidenceEvent)
    told.pop("id")
    return views.EvidenceEvent.model_validate(told)
