"""The calls on loans."""

from services.kasa.application import loans, loans_signing
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.operations import loans as ops
from shared.contracts.kasa.views import loans as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Loans:
    kasa: Composition

    @operation(ops.SIGN_LOAN)
    def sign_loan(self, request: commands.SignLoan, context: CallContext) -> Receipt:
        return self.kasa.command(loans_signing.sign_loan, request, context)

    @operation(ops.MEET_LOAN_CONDITION)
    def meet_loan_condition(
        self, request: commands.MeetLoanCondition, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.meet_loan_condition, request, context)

    @operation(ops.REQUEST_DISBURSEMENT)
    def request_disbursement(
        self, request: commands.RequestDisbursement, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.request_disbursement, request, context)

    @operation(ops.REQUEST_CREDIT_RETURN)
    def request_credit_return(
        self, request: commands.RequestCreditReturn, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.request_credit_return, request, context)

    @operation(ops.REQUEST_REMISSION)
    def request_remission(
        self, request: commands.RequestRemission, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.request_remission, request, context)

    @operation(ops.REQUEST_WRITE_OFF)
    def request_write_off(self, request: commands.RequestWriteOff, context: CallContext) -> Receipt:
        return self.kasa.command(loans.request_write_off, request, context)

    @operation(ops.DECIDE_LOAN_REQUEST)
    def decide_loan_request(
        self, request: commands.DecideLoanRequest, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.decide_loan_request, request, context)

    @operation(ops.CONFIRM_DISBURSEMENT)
    def confirm_disbursement(
        self, request: commands.ConfirmDisbursement, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.confirm_disbursement, request, context)

    @operation(ops.CARRY_OUT_LOAN_REQUEST)
    def carry_out_loan_request(
        self, request: commands.CarryOutLoanRequest, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.carry_out_loan_request, request, context)

    @operation(ops.RECORD_PAYMENT)
    def record_payment(self, request: commands.RecordPayment, context: CallContext) -> Receipt:
        return self.kasa.command(loans.record_payment, request, context)

    @operation(ops.REVERSE_PAYMENT)
    def reverse_payment(self, request: commands.ReversePayment, context: CallContext) -> Receipt:
        return self.kasa.command(loans.reverse_payment, request, context)

    @operation(ops.CHARGE_COST)
    def charge_cost(self, request: commands.ChargeCost, context: CallContext) -> Receipt:
        return self.kasa.command(loans.charge_cost, request, context)

    @operation(ops.RESTRUCTURE_LOAN)
    def restructure_loan(self, request: commands.RestructureLoan, context: CallContext) -> Receipt:
        return self.kasa.command(loans.restructure_loan, request, context)

    @operation(ops.APPLY_JOB_DISCOUNT)
    def apply_job_discount(
        self, request: commands.ApplyJobDiscount, context: CallContext
    ) -> Receipt:
        return self.kasa.command(loans.apply_job_discount, request, context)

    @operation(ops.ASSESS_SITUATION)
    def assess_situation(self, request: commands.AssessSituation, context: CallContext) -> Receipt:
        return self.kasa.command(loans.assess_situation, request, context)

    @operation(ops.LIST_PRODUCTS)
    def list_products(self, request: views.ListProducts, context: CallContext) -> views.ProductList:
        return self.kasa.query(self.kasa.queries.loans.list_products, request, context)

    @operation(ops.PREVIEW_SCHEDULE)
    def preview_schedule(
        self, request: views.PreviewSchedule, context: CallContext
    ) -> views.SchedulePreview:
        return self.kasa.query(self.kasa.queries.loans.preview_schedule, request, context)

    @operation(ops.LIST_LOANS)
    def list_loans(self, request: views.ListLoans, context: CallContext) -> views.LoanPage:
        return self.kasa.query(self.kasa.queries.loans.list_loans, request, context)

    @operation(ops.GET_LOAN)
    def get_loan(self, request: views.GetLoan, context: CallContext) -> views.LoanCard:
        return self.kasa.query(self.kasa.queries.loans.get_loan, request, context)

    @operation(ops.GET_SCHEDULE_VERSION)
    def get_schedule_version(
        self, request: views.GetScheduleVersion, context: CallContext
    ) -> views.ScheduleVersion:
        return self.kasa.query(self.kasa.queries.loans.get_schedule_version, request, context)
