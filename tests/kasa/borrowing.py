"""Loans, for the tests that drive the whole service."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from services.kasa.domain.journal import reconcile
from services.kasa.domain.loan import Loan
from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.views import loans as views
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.kasa.vocabulary.loans import (
    Condition,
    DayCount,
    LoanTerms,
    PaymentPurpose,
    ScheduleKind,
)
from shared.contracts.operations import Caller
from shared.kernel.days import POLAND
from shared.kernel.money import Money
from tests.kasa.clients import TODAY, announce
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND, SOURCE, client, endow

NUMBER = "POZ/2026/0001"
LOAN = id_of("loan", NUMBER)
NOTE = Condition(code="promissory_note", text="Weksel in blanco z deklaracją")
TERMS = LoanTerms(kind=ScheduleKind.EQUAL_PRINCIPAL, months=12, first_due_on=date(2026, 4, 15))


def borrower(kasa: Kasa) -> UUID:
    """A client, with a rate of the euro and money to lend."""
    endow(kasa)
    announce(kasa)
    return client(kasa)


def signing(enterprise: UUID, **changes: Any) -> commands.SignLoan:
    """12,000 over twelve months, equal principal, on the terms of the start-up loan."""
    return commands.SignLoan.model_validate(
        {
            "number": NUMBER,
            "enterprise_id": enterprise,
            "source": SOURCE,
            "product": "start",
            "principal": Money.of("12000"),
            "terms": TERMS,
            "day_count": DayCount.THIRTY_360,
            "conditions": (NOTE,),
            "signed_on": TODAY,
            **changes,
        }
    )


def meeting(code: str = "promissory_note", loan: UUID = LOAN) -> commands.MeetLoanCondition:
    return commands.MeetLoanCondition(loan_id=loan, code=code, evidence="W/1", met_on=TODAY)


def asking(amount: str = "12000", loan: UUID = LOAN) -> commands.RequestDisbursement:
    return commands.RequestDisbursement(
        loan_id=loan, amount=Money.of(amount), source_document="D/1"
    )


def deciding(kasa: Kasa, *, approve: bool = True, loan: UUID = LOAN) -> commands.DecideLoanRequest:
    """About what was asked last."""
    request = card(kasa, loan=loan).requests[-1].id
    return commands.DecideLoanRequest(loan_id=loan, request_id=request, approve=approve)


def confirming(
    kasa: Kasa, reference: str = "W-1", on: date = TODAY, loan: UUID = LOAN
) -> commands.ConfirmDisbursement:
    request = card(kasa, loan=loan).requests[-1].id
    return commands.ConfirmDisbursement(
        loan_id=loan, request_id=request, bank_reference=reference, paid_on=on
    )


def approved(kasa: Kasa, request: Any, loan: UUID = LOAN) -> None:
    """What one officer asks for another approves."""
    kasa.do(request, OFFICER)
    kasa.do(deciding(kasa, loan=loan), SECOND)


def carrying_out(kasa: Kasa, loan: UUID = LOAN) -> commands.CarryOutLoanRequest:
    request = card(kasa, loan=loan).requests[-1].id
    return commands.CarryOutLoanRequest(loan_id=loan, request_id=request)


def lent(kasa: Kasa, **changes: Any) -> UUID:
    """The borrower of a loan that is paid out whole."""
    enterprise = borrower(kasa)
    kasa.do(signing(enterprise, **changes), OFFICER)
    kasa.do(meeting(), OFFICER)
    approved(kasa, asking())
    kasa.do(confirming(kasa), OFFICER)
    return enterprise


def paying(
    amount: str,
    on: date,
    reference: str = "B-1",
    *,
    early: bool = False,
    loan: UUID = LOAN,
) -> commands.RecordPayment:
    return commands.RecordPayment(
        loan_id=loan,
        bank_reference=reference,
        amount=Money.of(amount),
        purpose=PaymentPurpose.PREPAYMENT if early else PaymentPurpose.INSTALMENT,
        paid_on=on,
    )


def reversing(reference: str = "B-1") -> commands.ReversePayment:
    return commands.ReversePayment(loan_id=LOAN, bank_reference=reference, source_document="R/1")


def on_day(kasa: Kasa, day: date) -> None:
    """The clock goes on to noon of a day."""
    kasa.clock[0] = datetime(day.year, day.month, day.day, 12, tzinfo=POLAND)


def card(
    kasa: Kasa, as_of: date | None = None, by: Caller = OFFICER, loan: UUID = LOAN
) -> views.LoanCard:
    kasa.project()
    found: views.LoanCard = kasa.ask("get_loan", views.GetLoan(id=loan, as_of=as_of), by)
    return found


def recorded(kasa: Kasa, loan: UUID = LOAN) -> Loan:
    return kasa.composition.application.load(Loan, loan)


def books(kasa: Kasa, *loans: UUID) -> Fund:
    """Of the source, which agree with the contracts at every position."""
    application = kasa.composition.application
    events = [each.event for each in kasa.followed.history.read(0, 10_000)]
    entries = [each.entry for each in events if isinstance(each, Fund.Posted)]
    known = {loan: recorded(kasa, loan) for loan in loans or (LOAN,)}
    assert reconcile(entries, {loan: each.money for loan, each in known.items()}) == ()
    return application.load(Fund, id_of("fund", SOURCE))


def balances(kasa: Kasa, *accounts: Account) -> tuple[str, ...]:
    fund = books(kasa)
    return tuple(str(fund.balances[each].amount) for each in accounts)
