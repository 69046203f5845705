"""What reporting tells others: domain event → public event, or nothing."""

from functools import singledispatch

from shared.contracts.events import PublicEvent
from shared.kernel.aggregate import Event


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None
