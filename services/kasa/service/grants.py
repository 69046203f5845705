"""The calls on grants."""

from services.kasa.application import grants
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import grants as commands
from shared.contracts.kasa.operations import grants as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import grants as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Grants:
    kasa: Composition

    @operation(ops.SIGN_GRANT)
    def sign_grant(self, request: commands.SignGrant, context: CallContext) -> Receipt:
        return self.kasa.command(grants.sign_grant, request, context)

    @operation(ops.MEET_GRANT_CONDITION)
    def meet_grant_condition(
        self, request: commands.MeetGrantCondition, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.meet_grant_condition, request, context)

    @operation(ops.SUBMIT_GRANT_REPORT)
    def submit_grant_report(
        self, request: commands.SubmitGrantReport, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.submit_grant_report, request, context)

    @operation(ops.ACCEPT_GRANT_REPORT)
    def accept_grant_report(
        self, request: commands.AcceptGrantReport, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.accept_grant_report, request, context)

    @operation(ops.REJECT_GRANT_REPORT)
    def reject_grant_report(
        self, request: commands.RejectGrantReport, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.reject_grant_report, request, context)

    @operation(ops.RELEASE_TRANCHE)
    def release_tranche(self, request: commands.ReleaseTranche, context: CallContext) -> Receipt:
        return self.kasa.command(grants.release_tranche, request, context)

    @operation(ops.PAY_TRANCHE)
    def pay_tranche(self, request: commands.PayTranche, context: CallContext) -> Receipt:
        return self.kasa.command(grants.pay_tranche, request, context)

    @operation(ops.RECORD_JOB_PLACE)
    def record_job_place(self, request: commands.RecordJobPlace, context: CallContext) -> Receipt:
        return self.kasa.command(grants.record_job_place, request, context)

    @operation(ops.CHECK_DURABILITY)
    def check_durability(self, request: commands.CheckDurability, context: CallContext) -> Receipt:
        return self.kasa.command(grants.check_durability, request, context)

    @operation(ops.COMPUTE_CLAWBACK)
    def compute_clawback(self, request: commands.ComputeClawback, context: CallContext) -> Receipt:
        return self.kasa.command(grants.compute_clawback, request, context)

    @operation(ops.RECORD_GRANT_REPAYMENT)
    def record_grant_repayment(
        self, request: commands.RecordGrantRepayment, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.record_grant_repayment, request, context)

    @operation(ops.REVERSE_GRANT_REPAYMENT)
    def reverse_grant_repayment(
        self, request: commands.ReverseGrantRepayment, context: CallContext
    ) -> Receipt:
        return self.kasa.command(grants.reverse_grant_repayment, request, context)

    @operation(ops.CLOSE_GRANT)
    def close_grant(self, request: commands.CloseGrant, context: CallContext) -> Receipt:
        return self.kasa.command(grants.close_grant, request, context)

    @operation(ops.LIST_GRANTS)
    def list_grants(self, request: views.ListGrants, context: CallContext) -> views.GrantPage:
        return self.kasa.query(self.kasa.queries.grants.list_grants, request, context)

    @operation(ops.GET_GRANT)
    def get_grant(self, request: ById, context: CallContext) -> views.Grant:
        return self.kasa.query(self.kasa.queries.grants.get_grant, request, context)
