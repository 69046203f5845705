"""What the operations of all subjects share: roles, and the service."""

from shared.contracts.access import Role
from shared.contracts.operations import Calls

STEERING = frozenset({Role.COORDINATOR})
EXAMINING = STEERING | {Role.AUDITOR}
"""Who may go from a number to the participants behind it, by their ids, and to their events."""
READERS = EXAMINING | {Role.RESEARCHER}
"""Who is told numbers; a researcher none of a few people."""

_CALLS = Calls("reporting")
command = _CALLS.command
query = _CALLS.query
