"""Who reaches what: the coordinator and the auditor everything, others what their partner does."""

from shared.contracts.access import WHOLE_PARTNERSHIP
from shared.contracts.operations import Caller


def reaches_all(caller: Caller) -> bool:
    return bool(caller.roles & WHOLE_PARTNERSHIP)


def reaches(caller: Caller, partner: str) -> bool:
    return reaches_all(caller) or caller.partner == partner
