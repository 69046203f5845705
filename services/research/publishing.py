"""What research tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike. Who answered is
never told; a participant's own answer travels as it was recorded, sealed.
"""

from functools import singledispatch

from services.research.domain.followup import FollowUp
from services.research.domain.study import Study
from shared.contracts.events import PublicEvent
from shared.contracts.research import events as public
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Study.Opened) -> PublicEvent:
    return public.StudyOpened(
        subject=event.originator_id,
        code=event.code,
        title_pl=event.plan.title_pl,
        title_en=event.plan.title_en,
        method=event.plan.method,
        partner=event.partner,
        territory=event.plan.territory,
        opened_on=event.occurred_on,
    )


@publish.register
def _(event: Study.WaveClosed) -> PublicEvent:
    return public.WaveClosed(
        subject=event.originator_id,
        wave_id=event.wave_id,
        number=event.number,
        purpose=event.purpose,
        closed_on=event.occurred_on,
    )


@publish.register
def _(event: FollowUp.Answered) -> PublicEvent:
    return public.FollowUpAnswered(
        subject=event.subject,
        follow_up_id=event.originator_id,
        kind=event.kind,
        exited_on=event.exited_on,
        observed_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
    )
