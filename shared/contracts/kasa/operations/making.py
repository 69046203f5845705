"""What the operations of all subjects share: roles, and the service."""

from shared.contracts.access import Role
from shared.contracts.operations import Calls

STEERING = frozenset({Role.COORDINATOR})
LENDING = STEERING | {Role.LOAN_OFFICER}
ADVISING = LENDING | {Role.CASEWORKER}
READERS = ADVISING | {Role.AUDITOR}
COMMITTEE = frozenset({Role.COMMITTEE_MEMBER})
REVIEWING = LENDING | COMMITTEE
DECIDERS = REVIEWING | {Role.AUDITOR}
"""Who reads how the committee decides."""
JUDGES = READERS | COMMITTEE
"""Who reads calls, applications and what was decided."""

_CALLS = Calls("kasa")
command = _CALLS.command
query = _CALLS.query
