"""What is told of plans."""

from services.reporting.queries.reading import Reading
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import plans as views
from shared.eventstore.acts import Act
from shared.runtime.documents import existing, facts_for
from shared.runtime.views import Document


class Plans:
    def __init__(self, reading: Reading) -> None:
        self._plans = reading.views["plans"]

    def list_plans(self, _request: NoRequest, _act: Act) -> views.PlanList:
        """One for each set at most."""
        found = self._plans.find().sort("set_code")
        return views.PlanList(items=tuple(map(_summary, found)))

    def get_plan(self, request: ById, _act: Act) -> views.Plan:
        document = existing(self._plans, request.id)
        return views.Plan.model_validate(facts_for(document, views.Plan))


def _summary(document: Document) -> views.PlanSummary:
    last = document["versions"][-1]
    return views.PlanSummary.model_validate(
        facts_for(document, views.PlanSummary)
        | {"targets": len(last["targets"]), "agreed_on": last["agreed_on"]}
    )
