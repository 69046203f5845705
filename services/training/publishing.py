"""What training tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike. Who it is about
stays a random id; reasons and notes stay here.
"""

from functools import singledispatch

from services.training.domain.edition import Edition
from services.training.domain.learner import Learner
from shared.contracts.events import PublicEvent
from shared.contracts.training import events as public
from shared.contracts.training.vocabulary import EnrolmentState
from shared.kernel.aggregate import Event


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Edition.Opened) -> PublicEvent:
    return public.EditionOpened(
        subject=event.subject,
        code=event.code,
        programme_id=event.programme_id,
        programme_code=event.content.code,
        result=event.content.result,
        partner=event.partner,
        opened_on=event.occurred_on,
        planned_minutes=event.content.planned_minutes,
    )


@publish.register
def _(event: Edition.ParticipantEnrolled) -> PublicEvent:
    return public.LearnerEnrolled(
        subject=event.subject, edition_id=event.originator_id, enrolled_on=event.occurred_on
    )


@publish.register
def _(event: Edition.ParticipantSubstituted) -> PublicEvent:
    return public.EnrolmentEnded(
        subject=event.subject,
        edition_id=event.originator_id,
        ended_on=event.occurred_on,
        state=EnrolmentState.SUBSTITUTED,
    )


@publish.register
def _(event: Edition.EnrolmentEnded) -> PublicEvent | None:
    """Who leaves the reserve list had no enrolment that could end; who abandons a course is told of
    by the participation.
    """
    if event.was is EnrolmentState.RESERVE or event.how is EnrolmentState.ABANDONED:
        return None
    return public.EnrolmentEnded(
        subject=event.subject,
        edition_id=event.originator_id,
        ended_on=event.occurred_on,
        state=event.how,
    )


@publish.register
def _(event: Learner.SupportStarted) -> PublicEvent:
    return public.SupportStarted(
        subject=event.subject,
        edition_id=event.edition_id,
        edition_code=event.edition_code,
        session_id=event.session_id,
        started_on=event.occurred_on,
    )


@publish.register
def _(event: Learner.SupportStartMoved) -> PublicEvent:
    return public.SupportStartMoved(
        subject=event.subject,
        edition_id=event.edition_id,
        was_on=event.was_on,
        started_on=event.started_on,
    )
