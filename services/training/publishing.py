"""What training tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike. Who it is about
stays a random id; reasons and notes stay here.
"""

from functools import singledispatch
from typing import Any

from services.training.domain.attendance import AttendanceList
from services.training.domain.certificates import Certificate
from services.training.domain.edition import Edition
from services.training.domain.learner import Learner
from services.training.domain.participation import Participation
from services.training.domain.participation_history import Concluded
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


@publish.register
def _(event: AttendanceList.SessionHeld) -> PublicEvent:
    return public.SessionHeld(
        subject=event.subject,
        edition_id=event.edition_id,
        topic=event.topic,
        held_on=event.occurred_on,
        mode=event.mode,
        minutes=event.minutes,
    )


@publish.register
def _(event: AttendanceList.TrainerHoursDelivered) -> PublicEvent:
    return public.TrainerHoursDelivered(
        subject=event.subject,
        edition_id=event.edition_id,
        trainer=event.trainer,
        contract=event.contract,
        delivered_on=event.occurred_on,
        starts=event.starts,
        ends=event.ends,
        minutes=event.minutes,
    )


@publish.register
def _(event: AttendanceList.Settled) -> PublicEvent:
    return public.AttendanceSettled(
        subject=event.subject,
        edition_id=event.edition_id,
        held_on=event.held_on,
        minutes=event.minutes,
        marks=tuple(
            public.AttendedMinutes(participant_id=who, minutes=minutes)
            for who, minutes in event.marks
        ),
    )


@publish.register
def _(event: AttendanceList.Corrected) -> PublicEvent:
    return public.AttendanceCorrected(
        subject=event.subject,
        session_id=event.originator_id,
        edition_id=event.edition_id,
        held_on=event.held_on,
        decided_on=event.occurred_on,
        minutes_before=event.minutes_before,
        minutes=event.minutes,
    )


@publish.register
def _(event: Participation.Completed) -> PublicEvent:
    return public.CourseCompleted(completed_on=event.occurred_on, **_conclusion(event))


@publish.register
def _(event: Participation.NotCompleted) -> PublicEvent:
    return public.CourseNotCompleted(closed_on=event.occurred_on, **_conclusion(event))


def _conclusion(event: Concluded) -> dict[str, Any]:
    return {
        "subject": event.subject,
        "edition_id": event.edition_id,
        "programme_code": event.programme_code,
        "attended_minutes": event.attended_minutes,
        "planned_minutes": event.planned_minutes,
        "timetable_version": event.timetable_version,
        "minimum_percent": event.minimum_percent,
    }


@publish.register
def _(event: Participation.Abandoned) -> PublicEvent:
    return public.CourseAbandoned(
        subject=event.subject,
        edition_id=event.edition_id,
        programme_code=event.programme_code,
        abandoned_on=event.occurred_on,
    )


@publish.register
def _(event: Participation.CompetenceConfirmed) -> PublicEvent:
    return public.CompetenceConfirmed(
        subject=event.subject,
        edition_id=event.edition_id,
        programme_code=event.programme_code,
        confirmed_on=event.occurred_on,
    )


@publish.register
def _(event: Participation.QualificationGained) -> PublicEvent:
    return public.QualificationGained(
        subject=event.subject,
        edition_id=event.edition_id,
        programme_code=event.programme_code,
        gained_on=event.occurred_on,
        body=event.body.name,
        register_number=event.body.register_number,
    )


@publish.register
def _(event: Certificate.Issued) -> PublicEvent:
    return public.CertificateIssued(
        subject=event.subject,
        certificate_id=event.originator_id,
        number=event.number,
        edition_id=event.content.edition_id,
        programme_code=event.content.programme_code,
        result=event.content.result,
        issued_on=event.occurred_on,
    )


@publish.register
def _(event: Certificate.Revoked) -> PublicEvent:
    return public.CertificateRevoked(
        subject=event.subject,
        certificate_id=event.originator_id,
        number=event.number,
        revoked_on=event.occurred_on,
        reason=event.reason,
    )


@publish.register
def _(event: Learner.Erased) -> PublicEvent:
    return public.SubjectErased(
        subject=event.subject, data_classes=event.data_classes, erased_on=event.occurred_on
    )
