"""The contract of a loan: with the application it fulfils, the borrower's limits, the de minimis aid
that is in it, and the money it binds, all in one commit.
"""

from services.kasa.application import Kasa
from services.kasa.application.books import books_of
from services.kasa.application.calls import call_of
from services.kasa.application.enterprises import known_enterprise
from services.kasa.application.loans_aid import aid_of_contract
from services.kasa.domain.application import Agreement, Application
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.ids import id_of
from services.kasa.domain.lending import Standing, product_on
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_aid import Support
from services.kasa.domain.loan_books import Bookkeeping
from services.kasa.domain.loan_borrower import Borrower
from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.vocabulary.calls import Offer
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState
from shared.contracts.kasa.vocabulary.undertakings import RegulationNumber
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.days import whole_months
from shared.kernel.errors import Rejected


def sign_loan(kasa: Kasa, command: commands.SignLoan, act: Act) -> Receipt:
    """Refused whole when over a limit of the product, the free money, or a de minimis ceiling."""
    enterprise = known_enterprise(kasa, command.enterprise_id, act)
    if enterprise.state is EnterpriseState.CLOSED:
        raise Rejected("kasa.enterprise_state", {"state": enterprise.state.value})
    application, regulation = _decided(kasa, command)
    loan, borrower = _named(kasa, command)
    books = Bookkeeping(loan)
    loan.sign(
        number=command.number,
        enterprise_id=enterprise.id,
        application_id=command.application_id,
        source=command.source,
        product=command.product,
        principal=command.principal,
        terms=command.terms,
        late_percent=command.late_percent,
        day_count=command.day_count,
        waterfall=command.waterfall,
        prepayment_effect=command.prepayment_effect,
        conditions=command.conditions,
        standing=_standing(enterprise, borrower, command),
        support=None
        if regulation is None
        else Support(act.id_of("aid"), regulation, command.rating, command.collateral),
        signed_on=command.signed_on,
        today=kasa.today(),
        rules=kasa.rules.loans,
    )
    borrower.borrow(
        loan.id,
        number=command.number,
        product=command.product,
        principal=command.principal,
        on=command.signed_on,
    )
    fund = books_of(kasa, command.source)
    books.post(fund, on=command.signed_on)
    return kasa.commit(
        act, loan, borrower, fund, *application, *aid_of_contract(kasa, enterprise, loan)
    )


def _named(kasa: Kasa, command: commands.SignLoan) -> tuple[Loan, Borrower]:
    loan_id = id_of("loan", command.number)
    borrower_id = id_of("borrower", command.enterprise_id)
    return (
        kasa.find(Loan, loan_id) or Loan(loan_id),
        kasa.find(Borrower, borrower_id) or Borrower(borrower_id),
    )


def _decided(
    kasa: Kasa, command: commands.SignLoan
) -> tuple[tuple[Application, ...], RegulationNumber | None]:
    """The application that the contract fulfils, where there is one, and under which regulation the
    loan is aid: by the call, or without one by the product.
    """
    if command.application_id is None:
        period = product_on(command.product, command.signed_on, kasa.rules.loans)
        return (), period.value.regulation
    application = kasa.load(Application, command.application_id)
    call = call_of(kasa, application)
    application.contract(
        call,
        command.number,
        Agreement(Offer.LOAN, command.source, command.enterprise_id, command.principal),
        on=command.signed_on,
        today=kasa.today(),
    )
    asked = application.content.product
    if asked != command.product:
        raise Rejected("kasa.contract_differs", {"decided": {"product": asked}}, "/product")
    return (application,), call.terms.regulation


def _standing(enterprise: Enterprise, borrower: Borrower, command: commands.SignLoan) -> Standing:
    founded = enterprise.founded
    return Standing(
        age_months=whole_months(founded.occurred_on, command.signed_on) if founded else 0,
        loans=borrower.count(command.product),
        lent=borrower.lent(command.product, command.principal.currency),
        staff=len(enterprise.employed),
        creates_jobs=command.creates_jobs,
    )
