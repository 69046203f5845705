"""What is told of reports."""

from services.reporting.queries.reading import Reading
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import reports as views
from shared.eventstore.acts import Act
from shared.runtime.documents import existing, facts_for


class Reports:
    def __init__(self, reading: Reading) -> None:
        self._reports = reading.views["reports"]

    def list_reports(self, _request: NoRequest, _act: Act) -> views.ReportList:
        """The latest periods first; a partnership reports a few times a year."""
        found = self._reports.find().sort([("last_on", -1), ("_id", 1)]).limit(200)
        return views.ReportList(
            items=tuple(
                views.ReportSummary.model_validate(facts_for(each, views.ReportSummary))
                for each in found
            )
        )

    def get_report(self, request: ById, _act: Act) -> views.Report:
        document = existing(self._reports, request.id)
        return views.Report.model_validate(facts_for(document, views.Report))
