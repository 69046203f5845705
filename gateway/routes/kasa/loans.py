"""Loans, from the preview of a schedule to the last repayment."""

from gateway.endpoints import Endpoint, command, create, query, search
from shared.contracts.kasa.operations import loans as kasa

LOAN = "/loans/{loan_id}"
REQUEST = f"{LOAN}/requests/{{request_id}}"

ENDPOINTS: tuple[Endpoint, ...] = (
    search(kasa.PREVIEW_SCHEDULE, "/loans/preview", "Preview a schedule; nothing is recorded"),
    query(kasa.LIST_PRODUCTS, "/loan-products", "List products with the terms of a day"),
    create(kasa.SIGN_LOAN, "/loans", "/loans/{id}", "Record a signed loan contract"),
    query(kasa.LIST_LOANS, "/loans", "List loans"),
    query(kasa.GET_LOAN, LOAN, "Read a loan's card: schedule, payments, balances, chart"),
    query(
        kasa.GET_SCHEDULE_VERSION,
        f"{LOAN}/schedules/{{number}}",
        "Read a version of the schedule, row by row against the one before",
    ),
    command(kasa.MEET_LOAN_CONDITION, f"{LOAN}/conditions", "Record that a condition is met"),
    command(kasa.REQUEST_DISBURSEMENT, f"{LOAN}/disbursements", "Ask for a disbursement"),
    command(kasa.REQUEST_CREDIT_RETURN, f"{LOAN}/returns", "Ask to pay held money back"),
    command(kasa.REQUEST_REMISSION, f"{LOAN}/remissions", "Ask for a remission"),
    command(kasa.REQUEST_WRITE_OFF, f"{LOAN}/write-offs", "Ask to write the loan off"),
    command(
        kasa.DECIDE_LOAN_REQUEST, f"{REQUEST}/decision", "Decide what another person asked for"
    ),
    command(kasa.CONFIRM_DISBURSEMENT, f"{REQUEST}/payment", "Record that the bank paid it"),
    command(
        kasa.CARRY_OUT_LOAN_REQUEST, f"{REQUEST}/execution", "Carry out a remission or a write-off"
    ),
    command(kasa.RECORD_PAYMENT, f"{LOAN}/payments", "Record a payment"),
    command(kasa.REVERSE_PAYMENT, f"{LOAN}/payments/reversals", "Reverse a payment"),
    command(kasa.CHARGE_COST, f"{LOAN}/costs", "Charge a cost"),
    command(kasa.RESTRUCTURE_LOAN, f"{LOAN}/restructurings", "Restructure by an annex"),
    command(kasa.APPLY_JOB_DISCOUNT, f"{LOAN}/discounts", "Apply the discount for a job place"),
    command(kasa.ASSESS_SITUATION, f"{LOAN}/situation", "Record how the debtor's situation looks"),
)
