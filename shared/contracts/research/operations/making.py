"""What the operations of all subjects share: roles, and the service."""

from shared.contracts.access import Role
from shared.contracts.operations import Calls

STEERING = frozenset({Role.COORDINATOR})
RESEARCHING = STEERING | {Role.RESEARCHER}
"""Who plans and leads studies. A researcher is never told who somebody is."""
MEASURING = RESEARCHING | {Role.CASEWORKER}
"""Who asks people about their situation after they left."""
READERS = RESEARCHING | {Role.AUDITOR}

_CALLS = Calls("research")
command = _CALLS.command
query = _CALLS.query
