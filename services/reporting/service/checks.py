"""The calls on the quality of data and on risks."""

from services.reporting.bootstrap import Composition
from shared.contracts.reporting.operations import checks as ops
from shared.contracts.reporting.views import checks as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Checks:
    reporting: Composition

    @operation(ops.CHECK_DATA)
    def check_data(self, request: views.CheckData, context: CallContext) -> views.DataFindings:
        return self.reporting.query(self.reporting.checks.check_data, request, context)

    @operation(ops.CHECK_RISKS)
    def check_risks(self, request: views.CheckRisks, context: CallContext) -> views.RiskAlerts:
        return self.reporting.query(self.reporting.checks.check_risks, request, context)
