"""The de minimis aid in loans: what a cheap contract is worth, and what is remitted later."""

from datetime import date
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.undertakings import granted
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.loan import Loan
from shared.contracts.kasa.vocabulary.undertakings import AidBasis, RegulationNumber
from shared.kernel.aggregate import Aggregate
from shared.kernel.money import Money


def aid_of_contract(kasa: Kasa, enterprise: Enterprise, loan: Loan) -> tuple[Aggregate, ...]:
    """The undertaking with the gross grant equivalent. Raises what `granted` raises."""
    aid = loan.agreed.aid
    if aid is None:
        return ()
    undertaking = granted(
        kasa,
        enterprise,
        aid_id=aid.aid_id,
        amount=aid.equivalent,
        regulation=aid.regulation,
        granted_on=loan.agreed.occurred_on,
        basis=AidBasis.LOAN,
        decision=loan.agreed.number,
        convention=aid.convention,
    )
    return (undertaking,)


def aid_of_remission(
    kasa: Kasa, loan: Loan, remitted: Money, *, aid_id: UUID, on: date
) -> tuple[Aggregate, ...]:
    """The undertaking with what is remitted: all of it is further aid, under the regulation of the
    product on the day. Raises what `granted` raises.
    """
    regulation = _regulation_on(kasa, loan, on)
    if regulation is None or not remitted:
        return ()
    undertaking = granted(
        kasa,
        kasa.load(Enterprise, loan.agreed.enterprise_id),
        aid_id=aid_id,
        amount=remitted,
        regulation=regulation,
        granted_on=on,
        basis=AidBasis.LOAN,
        decision=loan.agreed.number,
    )
    return (undertaking,)


def _regulation_on(kasa: Kasa, loan: Loan, day: date) -> RegulationNumber | None:
    """That of the product, or of the contract where the product is not offered any more."""
    for period in kasa.rules.loans.products[loan.agreed.product].root:
        if period.covers(day):
            return period.value.regulation
    aid = loan.agreed.aid
    return None if aid is None else aid.regulation
