"""Calls on loans."""

from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.operations.making import ADVISING, JUDGES, LENDING, command, query
from shared.contracts.kasa.views import loans as views

SIGN_LOAN = command("sign_loan", commands.SignLoan, LENDING)
MEET_LOAN_CONDITION = command("meet_loan_condition", commands.MeetLoanCondition, LENDING)
REQUEST_DISBURSEMENT = command("request_disbursement", commands.RequestDisbursement, LENDING)
REQUEST_REMISSION = command("request_remission", commands.RequestRemission, LENDING)
REQUEST_WRITE_OFF = command("request_write_off", commands.RequestWriteOff, LENDING)
REQUEST_CREDIT_RETURN = command("request_credit_return", commands.RequestCreditReturn, LENDING)
DECIDE_LOAN_REQUEST = command("decide_loan_request", commands.DecideLoanRequest, LENDING)
CONFIRM_DISBURSEMENT = command("confirm_disbursement", commands.ConfirmDisbursement, LENDING)
CARRY_OUT_LOAN_REQUEST = command("carry_out_loan_request", commands.CarryOutLoanRequest, LENDING)
RECORD_PAYMENT = command("record_payment", commands.RecordPayment, LENDING)
REVERSE_PAYMENT = command("reverse_payment", commands.ReversePayment, LENDING)
CHARGE_COST = command("charge_cost", commands.ChargeCost, LENDING)
RESTRUCTURE_LOAN = command("restructure_loan", commands.RestructureLoan, LENDING)
APPLY_JOB_DISCOUNT = command("apply_job_discount", commands.ApplyJobDiscount, LENDING)
ASSESS_SITUATION = command("assess_situation", commands.AssessSituation, LENDING)

LIST_PRODUCTS = query("list_products", views.ListProducts, views.ProductList, JUDGES)
PREVIEW_SCHEDULE = query("preview_schedule", views.PreviewSchedule, views.SchedulePreview, ADVISING)
LIST_LOANS = query("list_loans", views.ListLoans, views.LoanPage, JUDGES)
GET_LOAN = query("get_loan", views.GetLoan, views.LoanCard, JUDGES)
GET_SCHEDULE_VERSION = query(
    "get_schedule_version", views.GetScheduleVersion, views.ScheduleVersion, JUDGES
)
