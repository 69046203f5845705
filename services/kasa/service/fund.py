"""The calls on the fund's books."""

from services.kasa.application import fund
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import fund as commands
from shared.contracts.kasa.operations import fund as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import fund as views
from shared.contracts.operations import NoRequest, Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Fund:
    kasa: Composition

    @operation(ops.OPEN_SOURCE)
    def open_source(self, request: commands.OpenSource, context: CallContext) -> Receipt:
        return self.kasa.command(fund.open_source, request, context)

    @operation(ops.CONTRIBUTE)
    def contribute(self, request: commands.Contribute, context: CallContext) -> Receipt:
        return self.kasa.command(fund.contribute, request, context)

    @operation(ops.REQUEST_WITHDRAWAL)
    def request_withdrawal(
        self, request: commands.RequestWithdrawal, context: CallContext
    ) -> Receipt:
        return self.kasa.command(fund.request_withdrawal, request, context)

    @operation(ops.APPROVE_WITHDRAWAL)
    def approve_withdrawal(
        self, request: commands.ApproveWithdrawal, context: CallContext
    ) -> Receipt:
        return self.kasa.command(fund.approve_withdrawal, request, context)

    @operation(ops.REFUSE_WITHDRAWAL)
    def refuse_withdrawal(
        self, request: commands.RefuseWithdrawal, context: CallContext
    ) -> Receipt:
        return self.kasa.command(fund.refuse_withdrawal, request, context)

    @operation(ops.REVERSE_ENTRY)
    def reverse_entry(self, request: commands.ReverseEntry, context: CallContext) -> Receipt:
        return self.kasa.command(fund.reverse_entry, request, context)

    @operation(ops.GET_FUND)
    def get_fund(self, request: NoRequest, context: CallContext) -> views.FundBalances:
        return self.kasa.query(self.kasa.queries.fund.get_fund, request, context)

    @operation(ops.GET_SOURCE)
    def get_source(self, request: ById, context: CallContext) -> views.Source:
        return self.kasa.query(self.kasa.queries.fund.get_source, request, context)

    @operation(ops.GET_BALANCES)
    def get_balances(self, request: views.GetBalances, context: CallContext) -> views.BalancesAsOf:
        return self.kasa.query(self.kasa.queries.fund.get_balances, request, context)

    @operation(ops.LIST_ENTRIES)
    def list_entries(self, request: views.ListEntries, context: CallContext) -> views.EntryPage:
        return self.kasa.query(self.kasa.queries.fund.list_entries, request, context)

    @operation(ops.RECONCILE_FUND)
    def reconcile_fund(self, request: NoRequest, context: CallContext) -> views.Reconciliation:
        return self.kasa.query(self.kasa.queries.fund.reconcile_fund, request, context)
