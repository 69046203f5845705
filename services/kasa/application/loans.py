"""Commands on loans: each event that moves money is in one commit with the fund's entries."""

from datetime import date
from uuid import UUID

from services.kasa.application import Kasa, Known
from services.kasa.application.bookings import by_hand
from services.kasa.application.books import books_of
from services.kasa.application.enterprises import known_enterprise
from services.kasa.application.loans_aid import aid_of_remission
from services.kasa.domain.contracts import terms_of
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_books import Bookkeeping
from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.vocabulary.loans import ApprovalKind
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


def meet_loan_condition(kasa: Kasa, command: commands.MeetLoanCondition, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.meet_condition(
        code=command.code, evidence=command.evidence, met_on=command.met_on, today=kasa.today()
    )
    return kasa.commit(act, loan)


def request_disbursement(kasa: Kasa, command: commands.RequestDisbursement, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.request_disbursement(
        request_id=act.id_of("request"),
        amount=command.amount,
        source_document=command.source_document,
        by=act.caller.subject,
        today=kasa.today(),
    )
    return kasa.commit(act, loan)


def request_credit_return(kasa: Kasa, command: commands.RequestCreditReturn, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.request_credit_return(
        request_id=act.id_of("request"),
        amount=command.amount,
        source_document=command.source_document,
        by=act.caller.subject,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, loan)


def request_remission(kasa: Kasa, command: commands.RequestRemission, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.request_remission(
        request_id=act.id_of("request"),
        principal=command.principal,
        interest=command.interest,
        penalty=command.penalty,
        source_document=command.source_document,
        by=act.caller.subject,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, loan)


def request_write_off(kasa: Kasa, command: commands.RequestWriteOff, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.request_write_off(
        request_id=act.id_of("request"),
        source_document=command.source_document,
        by=act.caller.subject,
        today=kasa.today(),
    )
    return kasa.commit(act, loan)


def decide_loan_request(kasa: Kasa, command: commands.DecideLoanRequest, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.decide(
        request_id=command.request_id,
        approve=command.approve,
        by=act.caller.subject,
        today=kasa.today(),
    )
    return kasa.commit(act, loan)


def confirm_disbursement(kasa: Kasa, command: commands.ConfirmDisbursement, act: Act) -> Receipt:
    loan, reference, on = loan_for(kasa, command, act), command.bank_reference, command.paid_on
    changed = paid_out(kasa, loan, command)
    return kasa.commit(act, *by_hand(kasa, loan, reference, on=on, changed=changed))


def paid_out(
    kasa: Known, loan: Loan, payment: commands.ConfirmDisbursement
) -> tuple[Aggregate, ...]:
    """The loan and the books with a tranche that the bank paid, or held money that it paid back;
    nothing where it was known before.
    """
    books = Bookkeeping(loan)
    kind = loan.require_request(payment.request_id).kind
    confirm = (
        loan.return_credit if kind is ApprovalKind.CREDIT_RETURN else loan.confirm_disbursement
    )
    confirm(
        request_id=payment.request_id,
        bank_reference=payment.bank_reference,
        paid_on=payment.paid_on,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    return booked(kasa, loan, books, payment.paid_on)


def carry_out_loan_request(kasa: Kasa, command: commands.CarryOutLoanRequest, act: Act) -> Receipt:
    """What was approved is remitted, which is aid, or written off, as of today."""
    loan, today, rules = loan_for(kasa, command, act), kasa.today(), kasa.rules.loans
    books, request_id = Bookkeeping(loan), command.request_id
    if loan.require_request(request_id).kind is not ApprovalKind.REMISSION:
        loan.write_off(request_id=request_id, today=today, rules=rules)
        return kasa.commit(act, *booked(kasa, loan, books, today))
    remitted = loan.remit(request_id=request_id, today=today, rules=rules)
    aided = aid_of_remission(kasa, loan, remitted, aid_id=act.id_of("aid"), on=today)
    return kasa.commit(act, *booked(kasa, loan, books, today), *aided)


def record_payment(kasa: Kasa, command: commands.RecordPayment, act: Act) -> Receipt:
    """`again`: what was taken back in error counts anew, under another reference."""
    loan, reference, on = loan_for(kasa, command, act), command.bank_reference, command.paid_on
    if command.again:
        anew = terms_of(loan).open_reference(reference)
        command = command.model_copy(update={"bank_reference": anew})
    changed = paid(kasa, loan, command)
    return kasa.commit(act, *by_hand(kasa, loan, reference, on=on, changed=changed))


def paid(kasa: Known, loan: Loan, payment: commands.RecordPayment) -> tuple[Aggregate, ...]:
    """The loan and the books with a payment that came in; nothing where it was known before."""
    books = Bookkeeping(loan)
    loan.receive(
        bank_reference=payment.bank_reference,
        amount=payment.amount,
        purpose=payment.purpose,
        paid_on=payment.paid_on,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    return booked(kasa, loan, books, payment.paid_on)


def reverse_payment(kasa: Kasa, command: commands.ReversePayment, act: Act) -> Receipt:
    return kasa.commit(act, *payment_taken_back(kasa, loan_for(kasa, command, act), command))


def payment_taken_back(
    kasa: Known, loan: Loan, reversal: commands.ReversePayment
) -> tuple[Aggregate, ...]:
    """The loan and the books as if the payment had never been: the bank took it back, or it was not
    this loan's. Raises `kasa.payment_unknown` and `kasa.payment_reversed`.
    """
    books, today = Bookkeeping(loan), kasa.today()
    loan.reverse_payment(
        bank_reference=reversal.bank_reference,
        source_document=reversal.source_document,
        today=today,
        rules=kasa.rules.loans,
    )
    return booked(kasa, loan, books, today)


def charge_cost(kasa: Kasa, command: commands.ChargeCost, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    books, today = Bookkeeping(loan), kasa.today()
    loan.charge(
        source_document=command.source_document,
        amount=command.amount,
        charged_on=command.charged_on,
        today=today,
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, *booked(kasa, loan, books, today))


def restructure_loan(kasa: Kasa, command: commands.RestructureLoan, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    books, today = Bookkeeping(loan), kasa.today()
    loan.restructure(
        annex=command.annex,
        terms=command.terms,
        capitalise_interest=command.capitalise_interest,
        effective_on=command.effective_on,
        today=today,
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, *booked(kasa, loan, books, command.effective_on))


def apply_job_discount(kasa: Kasa, command: commands.ApplyJobDiscount, act: Act) -> Receipt:
    """For a place that the borrower has. Raises `kasa.place_unknown`."""
    loan = loan_for(kasa, command, act)
    enterprise = known_enterprise(kasa, loan.agreed.enterprise_id, act)
    place = enterprise.places.get(command.job_place_id)
    if place is None or place.since > command.effective_on:
        raise Rejected("kasa.place_unknown", pointer="/job_place_id")
    books, today = Bookkeeping(loan), kasa.today()
    loan.apply_job_discount(
        job_place_id=command.job_place_id,
        effective_on=command.effective_on,
        today=today,
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, *booked(kasa, loan, books, today))


def assess_situation(kasa: Kasa, command: commands.AssessSituation, act: Act) -> Receipt:
    loan = loan_for(kasa, command, act)
    loan.assess(
        situation=command.situation,
        source_document=command.source_document,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    return kasa.commit(act, loan)


def loan_for(kasa: Kasa, command: commands.LoanCommand, act: Act) -> Loan:
    """As far as the caller reaches. Refused as `not_found`, and as `stale_version`."""
    return known_loan(kasa, command.loan_id, act, act.expected_version)


def known_loan(kasa: Kasa, loan_id: UUID, act: Act, expected_version: int | None = None) -> Loan:
    loan = kasa.load(Loan, loan_id)
    known_enterprise(kasa, loan.agreed.enterprise_id, act)
    if expected_version not in (None, loan.version):
        raise Rejected("stale_version", {"current": loan.version})
    return loan


def booked(kasa: Known, loan: Loan, books: Bookkeeping, on: date) -> tuple[Aggregate, ...]:
    """The loan and, where its money changed, the books; nothing where nothing happened.

    The books are read after the loan: what they refuse because of what another command recorded in
    between is decided again (`version_conflict`).
    """
    if not books.is_due:
        return ()
    fund = books_of(kasa, loan.agreed.source)
    try:
        books.post(fund, on=on)
    except Rejected:
        if kasa.latest(Loan, loan.id).version != books.version:
            raise Rejected("version_conflict", {"id": str(loan.id)}) from None
        raise
    return loan, fund
