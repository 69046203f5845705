"""Tables and charts as files: ordered here, written by a job, kept encrypted for a week."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.reporting.application.counting import PlannedTargets
from services.reporting.application.examining import Examining
from services.reporting.application.plans import Progress as Plans
from services.reporting.application.plans import plan_in_force
from services.reporting.application.sets import set_of
from services.reporting.domain.dataset import Dataset
from services.reporting.domain.plan import IndicatorPlan
from services.reporting.domain.report import Report
from services.reporting.formats.charts import plan_chart, trend_chart
from services.reporting.formats.differences import difference_document
from services.reporting.formats.indicators import OfReport, indicators_document, manifest_of
from services.reporting.formats.labels import Imprint, Labels
from services.reporting.formats.language import Language
from services.reporting.formats.rendering import FORMS
from services.reporting.formats.tables import Document
from shared.contracts.jobs import JobStarted
from shared.contracts.reporting.views import documents as views
from shared.contracts.reporting.views import plans
from shared.contracts.reporting.vocabulary.documents import ChartFormat
from shared.contracts.reporting.vocabulary.indicators import AsOf
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.files import FileStore
from shared.runtime.imports import KEPT
from shared.runtime.jobs import Job, Jobs, Progress, act_of
from shared.runtime.plotting import MEDIA_TYPES, Format

WRITE: Final = "write_document"
OF: Final = "of"
"""In the input of a job: which call ordered it."""


@dataclass(frozen=True)
class Documents:
    """The jobs that write documents, for those who order and fetch them."""

    plans: Plans
    jobs: Jobs

    def order_indicator_table(self, request: views.OrderIndicatorTable, act: Act) -> JobStarted:
        counting = self.plans.counting
        set_of(counting.sets, request.set_code)
        as_of, known_at = counting.axes(request)
        asked = request.model_copy(update={"as_of": as_of, "known_at": known_at})
        return self.jobs.order(WRITE, asked, act, of="order_indicator_table")

    def order_report_table(self, request: views.OrderReportTable, act: Act) -> JobStarted:
        """The version that is the latest now is the one that is written."""
        report = self.plans.reporting.load(Report, request.report_id)
        number, _ = report.computed(request.number)
        asked = request.model_copy(update={"number": number})
        return self.jobs.order(WRITE, asked, act, of="order_report_table")

    def order_difference_table(self, request: views.OrderDifferenceTable, act: Act) -> JobStarted:
        for each in (request.before_id, request.after_id):
            self.plans.reporting.load(Report, each).computed(None)
        return self.jobs.order(WRITE, request, act, of="order_difference_table")

    def order_plan_chart(self, request: views.OrderPlanChart, act: Act) -> JobStarted:
        counting = self.plans.counting
        as_of, known_at = counting.axes(AsOf(as_of=request.as_of, known_at=request.known_at))
        plan = self.plans.reporting.load(IndicatorPlan, request.plan_id).numbered(request.number)
        days = {"as_of": as_of, "known_at": known_at, "number": plan.number}
        return self.jobs.order(WRITE, request.model_copy(update=days), act, of="order_plan_chart")

    def order_trend_chart(self, request: views.OrderTrendChart, act: Act) -> JobStarted:
        known_at = self.plans.require_trend(request)
        asked = request.model_copy(update={"known_at": known_at})
        return self.jobs.order(WRITE, asked, act, of="order_trend_chart")

    def get_report_document(self, request: views.GetDocument, _act: Act) -> views.DocumentJob:
        job = self.jobs.existing(request.id, WRITE)
        made = job.result or {}
        return views.DocumentJob(
            id=job.id,
            state=job.state,
            facts_read=job.progress.get("facts_read", 0),
            facts=job.progress.get("facts"),
            failure=job.failure["code"] if job.failure else None,
            filename=made.get("filename"),
            media_type=made.get("media_type"),
            manifest=views.Manifest(**made["manifest"]) if made else None,
        )

    def fetch_report_document(self, request: views.GetDocument, _act: Act) -> views.DocumentFile:
        """Refused as `reporting.document_not_written`."""
        job = self.jobs.existing(request.id, WRITE)
        if job.result is None:
            raise Rejected("reporting.document_not_written", {"state": job.state})
        names = views.DocumentFile.model_fields
        return views.DocumentFile.model_validate({name: job.result[name] for name in names})


class Written(NamedTuple):
    """A file, and what it depends on."""

    document: str
    filename: str
    media_type: str
    content: bytes
    facts: Mapping[str, Any]


Told = Callable[[int, int], None]
Ordered = views.TableForm | views.ChartForm
PICTURES: Final[Mapping[ChartFormat, Format]] = {ChartFormat.SVG: "svg", ChartFormat.PNG: "png"}


@dataclass(frozen=True)
class DocumentHandler:
    """Writes the same bytes however often it is run; the parts it is made of are patient."""

    plans: Plans
    examining: Examining
    files: FileStore
    labels: Labels
    imprint: Imprint

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        def told(done: int, facts: int) -> None:
            progress.report(facts_read=done, facts=facts)

        request_class, write = self._writers()[job.input[OF]]
        request = request_class.model_validate(job.input["request"])
        written: Written = write(request, act_of(job), told)
        with self.files.create(
            name=written.filename, content_type=written.media_type, lifetime=KEPT
        ) as writer:
            writer.write(written.content)
            file_id = writer.finish()
        return {
            "file_id": file_id,
            "filename": written.filename,
            "media_type": written.media_type,
            "manifest": {
                "document": written.document,
                "language": request.language,
                "format": request.format,
                "sha256": hashlib.sha256(written.content).hexdigest(),
                "bytes": len(written.content),
                "facts": dict(written.facts),
            },
        }

    def _writers(self) -> dict[str, tuple[type[Ordered], Callable[..., Written]]]:
        return {
            "order_indicator_table": (views.OrderIndicatorTable, self._indicators),
            "order_report_table": (views.OrderReportTable, self._report),
            "order_difference_table": (views.OrderDifferenceTable, self._difference),
            "order_plan_chart": (views.OrderPlanChart, self._plan),
            "order_trend_chart": (views.OrderTrendChart, self._trend),
        }

    def _indicators(self, request: views.OrderIndicatorTable, _act: Act, told: Told) -> Written:
        counting = self.plans.counting
        rules = set_of(counting.sets, request.set_code)
        plan = plan_in_force(self.plans.reporting, rules.code)
        as_of, known_at = counting.axes(request)
        dataset = counting.dataset(rules, as_of, known_at, told, plan, with_facts=False)
        document = indicators_document(
            dataset, Language(request.language), self.labels, self.imprint
        )
        return _table(document, request, f"{rules.code}-{as_of}")

    def _report(self, request: views.OrderReportTable, _act: Act, _told: Told) -> Written:
        side, dataset = self._frozen(request.report_id, request.number)
        document = indicators_document(
            dataset, Language(request.language), self.labels, self.imprint, side
        )
        return _table(document, request, f"{side.number}-{side.version}")

    def _difference(self, request: views.OrderDifferenceTable, _act: Act, _told: Told) -> Written:
        before, after = (self._frozen(each, None) for each in (request.before_id, request.after_id))
        movements = self.examining.movements_between(before[1], after[1])
        language = Language(request.language)
        document = difference_document(
            before, after, movements, language, self.labels, self.imprint
        )
        return _table(document, request, f"{before[0].number}-{after[0].number}")

    def _plan(self, request: views.OrderPlanChart, _act: Act, told: Told) -> Written:
        plan = self.plans.reporting.load(IndicatorPlan, request.plan_id)
        version = plan.numbered(request.number)
        counting = self.plans.counting
        rules = set_of(counting.sets, plan.set_code)
        as_of, known_at = counting.axes(AsOf(as_of=request.as_of, known_at=request.known_at))
        planned = PlannedTargets(version.number, version.targets)
        dataset = counting.dataset(rules, as_of, known_at, told, planned, with_facts=False)
        form = PICTURES[request.format]
        drawn = plan_chart(dataset, Language(request.language), self.labels, form)
        name = f"plan-{plan.set_code}-{as_of}.{form}"
        return Written("plan_chart", name, MEDIA_TYPES[form], drawn.content, manifest_of(dataset))

    def _trend(self, request: views.OrderTrendChart, act: Act, _told: Told) -> Written:
        asked = plans.GetTrend.model_validate(
            {name: getattr(request, name) for name in plans.GetTrend.model_fields}
        )
        trend = self.plans.get_trend(asked, act)
        rules = set_of(self.plans.counting.sets, request.set_code)
        form = PICTURES[request.format]
        names = {each.code: each.name for each in rules.indicators}
        unit = rules.indicator(request.code).unit
        language = Language(request.language)
        drawn = trend_chart(trend, names, unit, language, self.labels, form)
        facts = {
            "set": rules.code,
            "definition": rules.version,
            "code": request.code,
            "cell": request.cell,
            "first_on": request.first_on.isoformat(),
            "last_on": request.last_on.isoformat(),
            "known_at": trend.known_at.isoformat(),
            "positions": self.plans.counting.known.positions(trend.known_at),
        }
        name = f"{request.code}-{request.last_on}.{form}"
        return Written("trend_chart", name, MEDIA_TYPES[form], drawn.content, facts)

    def _frozen(self, report_id: UUID, number: int | None) -> tuple[OfReport, Dataset]:
        report = self.plans.reporting.load(Report, report_id)
        version, dataset = self.examining.frozen(report_id, number)
        days = (report.terms.first_on, report.terms.last_on)
        return OfReport(report.terms.number, version, days), dataset


def _table(document: Document, request: views.TableForm, name: str) -> Written:
    form = FORMS[request.format]
    filename = f"{name}-{request.language}.{request.format}"
    return Written(
        document.kind, filename, form.media_type, form.write(document), document.manifest
    )
