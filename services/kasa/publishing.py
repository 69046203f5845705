"""What kasa tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike.
"""

from functools import singledispatch

from services.kasa.domain.advice import AdviceCase
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.undertaking import Undertaking
from shared.contracts.events import PublicEvent
from shared.contracts.kasa import events as public
from shared.kernel.aggregate import Event
from shared.kernel.money import Currency, Money


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Enterprise.Founded) -> PublicEvent:
    return public.EnterpriseFounded(
        subject=event.originator_id,
        code=event.code,
        kind=event.kind,
        partner=event.partner,
        teryt=event.teryt,
        founded_on=event.occurred_on,
        founders=event.founders,
        entitled=event.entitled,
    )


@publish.register
def _(event: Enterprise.JobPlaceCreated) -> PublicEvent:
    return public.JobPlaceCreated(
        subject=event.originator_id,
        place_id=event.place_id,
        participant_id=event.person and event.person.participant_id,
        share=str(event.share),
        created_on=event.occurred_on,
    )


@publish.register
def _(event: Enterprise.JobPlaceLost) -> PublicEvent:
    return public.JobPlaceLost(
        subject=event.originator_id,
        place_id=event.place_id,
        participant_id=event.person and event.person.participant_id,
        created_on=event.created_on,
        lost_on=event.occurred_on,
        cause=event.cause,
    )


@publish.register
def _(event: Undertaking.AidGranted) -> PublicEvent:
    return public.DeMinimisGranted(
        subject=event.aid.party,
        aid_id=event.aid.aid_id,
        granted_on=event.occurred_on,
        amount_pln=event.amount_pln,
        amount=Money.of(event.aid.amount, Currency.EUR),
        regulation=event.aid.regulation,
        kind=event.aid.kind,
        basis=event.basis,
    )


@publish.register
def _(event: AdviceCase.ConsultationHeld) -> PublicEvent:
    return public.AdviceDelivered(
        subject=event.enterprise_id,
        case_id=event.originator_id,
        consultation_id=event.consultation_id,
        delivered_on=event.occurred_on,
        starts=event.starts,
        minutes=event.minutes,
        topic=event.topic,
        adviser=event.adviser,
    )
