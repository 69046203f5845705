"""Commands on reports, and the job that computes and freezes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.application import Reporting
from services.reporting.application.counting import Counting
from services.reporting.application.frozen import Datasets
from services.reporting.application.plans import plan_in_force
from services.reporting.application.sets import set_of
from services.reporting.domain.ids import id_of
from services.reporting.domain.report import Report
from shared.contracts.operations import Receipt
from shared.contracts.reporting.commands import reports as commands
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import indicators as numbers
from shared.contracts.reporting.views import reports as views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Job, Jobs, Progress, act_of, ordered

COMPUTE: Final = "compute_report"


def draft_report(reporting: Reporting, command: commands.DraftReport, act: Act) -> Receipt:
    set_of(reporting.sets, command.set_code)
    identity = id_of("report", command.number)
    report = reporting.find(Report, identity) or Report(identity)
    report.draft(
        command.number,
        command.set_code,
        command.first_on,
        command.last_on,
        today=reporting.today(),
        by=act.caller.subject,
    )
    return reporting.commit(act, report)


def submit_report(reporting: Reporting, command: commands.SubmitReport, act: Act) -> Receipt:
    report = reporting.load(Report, command.report_id, act.expected_version)
    report.submit(today=reporting.today(), by=act.caller.subject)
    return reporting.commit(act, report)


def accept_report(reporting: Reporting, command: commands.AcceptReport, act: Act) -> Receipt:
    report = reporting.load(Report, command.report_id, act.expected_version)
    report.accept(document=command.document, on=command.decided_on, today=reporting.today())
    return reporting.commit(act, report, source_document=command.document)


def return_report(reporting: Reporting, command: commands.ReturnReport, act: Act) -> Receipt:
    report = reporting.load(Report, command.report_id, act.expected_version)
    report.return_(
        command.findings,
        document=command.document,
        on=command.decided_on,
        today=reporting.today(),
    )
    return reporting.commit(act, report, source_document=command.document)


@dataclass(frozen=True)
class Computing:
    """The jobs that compute reports, for those who start them and follow them."""

    reporting: Reporting
    jobs: Jobs

    def compute_report(self, request: commands.ComputeReport, act: Act) -> numbers.CountStarted:
        """What can be refused at once is."""
        self.reporting.load(Report, request.report_id).require_computable()
        job = self.jobs.start(COMPUTE, ordered(request, act), act.id_of(COMPUTE))
        return numbers.CountStarted(id=job.id)

    def get_report_computation(self, request: ById, _act: Act) -> views.ReportComputation:
        job = self.jobs.get(request.id)
        if job is None or job.kind != COMPUTE:
            raise Rejected("not_found", {"id": str(request.id)})
        return views.ReportComputation(
            id=job.id,
            state=numbers.CountState(job.state),
            facts_read=job.progress.get("facts_read", 0),
            facts=job.progress.get("facts"),
            failure=job.failure["code"] if job.failure else None,
        )


@dataclass(frozen=True)
class ComputeHandler:
    """Counts, keeps the dataset for ever and records it; run again, it records nothing twice."""

    reporting: Reporting
    counting: Counting
    datasets: Datasets

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ComputeReport.model_validate(job.input["request"])
        act = act_of(job)

        def told(done: int, facts: int) -> None:
            progress.report(facts_read=done, facts=facts)

        def freeze() -> Receipt:
            report = self.reporting.load(Report, request.report_id)
            report.require_computable()
            rules = set_of(self.counting.sets, report.terms.set_code)
            known_at = self.counting.today()
            plan = plan_in_force(self.reporting, rules.code)
            dataset = self.counting.dataset(
                rules, report.terms.last_on, known_at, told, plan, with_facts=True
            )
            report.compute(
                known_at=known_at,
                positions=dataset.positions,
                definition=dataset.version,
                digest=dataset.digest(),
                facts=dataset.facts,
                file_id=self.datasets.keep(dataset, lifetime=None),
                by=act.caller.subject,
            )
            return self.reporting.commit(act, report)

        receipt = self.reporting.once(act, freeze)
        return {"report_id": str(receipt.id), "version": receipt.version}
