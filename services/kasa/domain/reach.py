"""Who reaches what: the fund's own people everything, a case worker the clients of their partner."""

from typing import Final

from shared.contracts.access import Role
from shared.contracts.operations import Caller

WHOLE_FUND: Final = frozenset(
    {Role.COORDINATOR, Role.LOAN_OFFICER, Role.COMMITTEE_MEMBER, Role.AUDITOR}
)


def reaches_all(caller: Caller) -> bool:
    return bool(caller.roles & WHOLE_FUND)


def reaches(caller: Caller, partner: str) -> bool:
    return reaches_all(caller) or caller.partner == partner
