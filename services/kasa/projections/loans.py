"""Loans as they stand when something of them is recorded, and what waits of them."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_facts import PAID_BY_BANK
from services.kasa.projections.fund import figures_of
from shared.contracts.kasa.vocabulary.loans import ApprovalKind
from shared.kernel.money import Money
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Loan, load)
        replace(writer, "loans", (_document(*each, load) for each in found))

    return Part(
        {
            "loans": [
                BY_CHANGE,
                IndexModel([("enterprise_id", ASCENDING)]),
                IndexModel([("state", ASCENDING), ("arrears_class", ASCENDING)]),
                IndexModel([("waiting.work", ASCENDING)]),
            ]
        },
        project,
    )


def _document(loan: Loan, last: Recorded, load: Load) -> Document:
    agreed, money = loan.agreed, loan.money
    return {
        "_id": str(loan.id),
        "position": last.position,
        "version": loan.version,
        "number": agreed.number,
        "enterprise_id": str(agreed.enterprise_id),
        "partner": load(agreed.enterprise_id, 1).terms.partner,
        "source": agreed.source,
        "product": agreed.product,
        "state": loan.state.value,
        "arrears_class": loan.arrears_class.value,
        "signed_on": agreed.occurred_on.isoformat(),
        "principal": _money(agreed.principal),
        "percent": str(agreed.percent),
        "drawn": _money(Money(amount=loan.drawn, currency=agreed.principal.currency)),
        "outstanding": _money(money.outstanding),
        "repaid": _money(money.repaid),
        "written_off": _money(money.written_off),
        "money": figures_of(money),
        "waiting": [*_conditions(loan), *_requests(loan)],
    }


def _conditions(loan: Loan) -> list[Document]:
    """Anybody may say that one is met."""
    return [
        {
            "work": "meet_loan_condition",
            "item": code,
            "since": loan.agreed.occurred_on.isoformat(),
            "not_by": None,
        }
        for code in loan.conditions_missing
        if not loan.has_ended
    ]


def _requests(loan: Loan) -> list[Document]:
    """What is decided by another person than the one who asked, and what was approved."""
    found = []
    for each in loan.approvals.values():
        ended = loan.has_ended and each.kind is not ApprovalKind.CREDIT_RETURN
        if each.done or each.approved is False or ended:
            continue
        by_bank = each.kind in PAID_BY_BANK
        approved = "confirm_disbursement" if by_bank else "carry_out_loan_request"
        found.append(
            {
                "work": approved if each.approved else "decide_loan_request",
                "item": str(each.id),
                "since": each.requested_on.isoformat(),
                "not_by": None if each.approved else each.requested_by,
            }
        )
    return found


def _money(amount: Money) -> Document:
    return amount.model_dump(mode="json")
