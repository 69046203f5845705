"""What reporting tells others: domain event → public event, or nothing."""

from functools import singledispatch

from services.reporting.domain.noted import Participant
from shared.contracts.events import PublicEvent
from shared.contracts.reporting import events as public
from shared.kernel.aggregate import Event


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Participant.Erased) -> PublicEvent:
    return public.SubjectErased(
        subject=event.subject, data_classes=event.data_classes, erased_on=event.occurred_on
    )
