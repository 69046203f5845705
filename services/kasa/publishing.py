"""What kasa tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike.
"""

from functools import singledispatch

from shared.contracts.events import PublicEvent
from shared.kernel.aggregate import Event


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None
