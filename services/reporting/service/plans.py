"""The calls on plans, and on numbers against them and over time."""

from services.reporting.application import plans
from services.reporting.bootstrap import Composition
from shared.contracts.operations import NoRequest, Receipt
from shared.contracts.reporting.commands import plans as commands
from shared.contracts.reporting.operations import plans as ops
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import plans as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Plans:
    reporting: Composition

    @operation(ops.AGREE_PLAN)
    def agree_plan(self, request: commands.AgreePlan, context: CallContext) -> Receipt:
        return self.reporting.command(plans.agree_plan, request, context)

    @operation(ops.REVISE_PLAN)
    def revise_plan(self, request: commands.RevisePlan, context: CallContext) -> Receipt:
        return self.reporting.command(plans.revise_plan, request, context)

    @operation(ops.LIST_PLANS)
    def list_plans(self, request: NoRequest, context: CallContext) -> views.PlanList:
        return self.reporting.query(self.reporting.queries.plans.list_plans, request, context)

    @operation(ops.GET_PLAN)
    def get_plan(self, request: ById, context: CallContext) -> views.Plan:
        return self.reporting.query(self.reporting.queries.plans.get_plan, request, context)

    @operation(ops.GET_PLAN_PROGRESS)
    def get_plan_progress(
        self, request: views.GetPlanProgress, context: CallContext
    ) -> views.PlanProgress:
        return self.reporting.query(self.reporting.progress.get_plan_progress, request, context)

    @operation(ops.GET_TREND)
    def get_trend(self, request: views.GetTrend, context: CallContext) -> views.Trend:
        return self.reporting.query(self.reporting.progress.get_trend, request, context)
