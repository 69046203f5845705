"""What a line of the bank does to a contract, loan or grant, and to its books."""

from datetime import date

from services.kasa.application import Known, grants, loans
from services.kasa.domain.bank import BankLine
from services.kasa.domain.contracts import Contract
from services.kasa.domain.grant import Grant
from services.kasa.domain.matching import Payment
from shared.contracts.kasa.commands.grants import (
    PayTranche,
    RecordGrantRepayment,
    ReverseGrantRepayment,
)
from shared.contracts.kasa.commands.loans import (
    ConfirmDisbursement,
    RecordPayment,
    ReversePayment,
)
from shared.kernel.aggregate import Aggregate


def carried_out(known: Known, line: BankLine, payment: Payment) -> tuple[Aggregate, ...]:
    """What changed; nothing where the contract knew the payment before."""
    if payment.is_known:
        return ()
    if line.is_credit:
        return _came_in(known, line.told, payment)
    return _went_out(known, line.told, payment)


def _came_in(known: Known, told: BankLine.Imported, payment: Payment) -> tuple[Aggregate, ...]:
    contract = payment.contract
    if isinstance(contract, Grant):
        repayment = RecordGrantRepayment(
            grant_id=contract.id,
            amount=told.amount,
            bank_reference=payment.reference,
            value_on=told.value_on,
        )
        return grants.repaid(known, contract, repayment)
    received = RecordPayment(
        loan_id=contract.id,
        amount=told.amount,
        bank_reference=payment.reference,
        paid_on=told.value_on,
    )
    return loans.paid(known, contract, received)


def _went_out(known: Known, told: BankLine.Imported, payment: Payment) -> tuple[Aggregate, ...]:
    contract, facts = (
        payment.contract,
        {"bank_reference": payment.reference, "paid_on": told.value_on},
    )
    if isinstance(contract, Grant):
        tranche = PayTranche.model_validate(
            {"grant_id": contract.id, "tranche": payment.item, **facts}
        )
        return grants.paid_out(known, contract, tranche)
    disbursement = ConfirmDisbursement.model_validate(
        {"loan_id": contract.id, "request_id": payment.item, **facts}
    )
    return loans.paid_out(known, contract, disbursement)


def taken_back(
    known: Known, contract: Contract, reference: str, *, on: date, source_document: str
) -> tuple[Aggregate, ...]:
    """The payment was not this contract's."""
    if isinstance(contract, Grant):
        repayment = ReverseGrantRepayment(grant_id=contract.id, bank_reference=reference, on=on)
        return grants.taken_back(known, contract, repayment)
    payment = ReversePayment(
        loan_id=contract.id, bank_reference=reference, source_document=source_document
    )
    return loans.payment_taken_back(known, contract, payment)
