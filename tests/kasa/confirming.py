"""A process of kasa that confirms a disbursement when it is told to: to be killed meanwhile.

Arguments: the loan, the request, the bank reference, the day. Writes `ready`, then waits for a line.
"""

import sys
from datetime import date, datetime
from uuid import UUID

from services.kasa.application import loans
from services.kasa.bootstrap import compose
from services.kasa.domain.loan import Loan
from shared.contracts.access import Role
from shared.contracts.kasa.commands.loans import ConfirmDisbursement
from shared.kernel.days import POLAND
from shared.runtime.settings import ServiceSettings
from tests.driving import act_by, caller


def main(loan_id: str, request_id: str, bank_reference: str, day: str) -> None:
    paid_on = date.fromisoformat(day)
    now = datetime(paid_on.year, paid_on.month, paid_on.day, 12, tzinfo=POLAND)
    composition = compose(ServiceSettings.load("kasa"), now=lambda: now)
    command = ConfirmDisbursement(
        loan_id=UUID(loan_id),
        request_id=UUID(request_id),
        bank_reference=bank_reference,
        paid_on=paid_on,
    )
    act = act_by(caller(Role.LOAN_OFFICER, name="officer"), "kasa.confirm_disbursement")
    kasa = composition.application
    kasa.load(Loan, command.loan_id)  # connected
    print("ready", flush=True)
    sys.stdin.readline()
    kasa.once(act, lambda: loans.confirm_disbursement(kasa, command, act))


if __name__ == "__main__":
    main(*sys.argv[1:])
