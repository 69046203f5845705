"""What the registry tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike. Identity stays
here; monitoring and special data travel as they were recorded, sealed.
"""

from functools import singledispatch

from services.registry.domain.erasure import Retention
from services.registry.domain.participant import Participant
from services.registry.domain.personal_record import split
from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as public
from shared.contracts.registry.vocabulary import RecruitmentDecision
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Participant.Registered) -> PublicEvent:
    return public.ParticipantRegistered(
        subject=event.subject,
        kind=event.kind,
        partner=event.partner,
        applied_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
        special=event.box(DataClass.SPECIAL),
    )


@publish.register
def _(event: Participant.Updated) -> PublicEvent:
    return public.ParticipantUpdated(
        subject=event.subject,
        changed_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
        special=event.box(DataClass.SPECIAL),
    )


@publish.register
def _(event: Participant.Corrected) -> PublicEvent:
    special = any(split(pointer)[0] is DataClass.SPECIAL for pointer in event.fields)
    return public.ParticipantCorrected(
        subject=event.subject,
        decided_on=event.occurred_on,
        in_force_on=event.in_force_on,
        fields=event.fields,
        monitoring=event.box(DataClass.MONITORING),
        special=event.box(DataClass.SPECIAL) if special else None,
    )


@publish.register
def _(event: Participant.StepsCorrected) -> PublicEvent:
    return public.StepsCorrected(
        subject=event.subject,
        decided_on=event.occurred_on,
        steps=event.steps,
        monitoring=event.box(DataClass.MONITORING),
    )


@publish.register
def _(event: Participant.RecruitmentDecided) -> PublicEvent | None:
    """Who is admitted may be enrolled in training; who is not any more may not."""
    if event.decision is RecruitmentDecision.ADMIT:
        return public.ParticipantAdmitted(subject=event.subject, admitted_on=event.occurred_on)
    return public.ParticipantNotAdmitted(subject=event.subject, decided_on=event.occurred_on)


@publish.register
def _(event: Participant.Enrolled) -> PublicEvent:
    return public.ParticipantEnrolled(subject=event.subject, started_on=event.occurred_on)


@publish.register
def _(event: Participant.Suspended) -> PublicEvent:
    return public.ParticipantSuspended(subject=event.subject, suspended_on=event.occurred_on)


@publish.register
def _(event: Participant.Resumed) -> PublicEvent:
    return public.ParticipantResumed(subject=event.subject, resumed_on=event.occurred_on)


@publish.register
def _(event: Participant.Exited) -> PublicEvent:
    return public.ParticipantExited(
        subject=event.subject, exited_on=event.occurred_on, as_planned=event.as_planned
    )


@publish.register
def _(event: Participant.OutcomeRecorded) -> PublicEvent:
    return public.OutcomeRecorded(
        subject=event.subject,
        observed_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
    )


@publish.register
def _(event: Participant.FollowUpRecorded) -> PublicEvent:
    return public.FollowUpRecorded(
        subject=event.subject,
        observed_on=event.occurred_on,
        monitoring=event.box(DataClass.MONITORING),
    )


@publish.register
def _(event: Participant.ReEntered) -> PublicEvent:
    return public.ParticipantReEntered(subject=event.subject, re_entered_on=event.occurred_on)


@publish.register
def _(event: Participant.ConsentGiven) -> PublicEvent:
    return public.ConsentGiven(
        subject=event.subject,
        purpose=event.purpose,
        text_version=event.text_version,
        given_on=event.occurred_on,
    )


@publish.register
def _(event: Participant.ConsentWithdrawn) -> PublicEvent:
    return public.ConsentWithdrawn(
        subject=event.subject, purpose=event.purpose, withdrawn_on=event.occurred_on
    )


@publish.register
def _(event: Participant.MergedInto) -> PublicEvent:
    return public.ParticipantMerged(
        subject=event.subject, into=event.into, decided_on=event.occurred_on
    )


@publish.register
def _(event: Participant.MergeUndone) -> PublicEvent:
    return public.MergeUndone(
        subject=event.subject, out_of=event.out_of, decided_on=event.occurred_on
    )


@publish.register
def _(event: Retention.KeysDestroyed) -> PublicEvent | None:
    """Cases of two records are the registry's own."""
    if not event.is_record:
        return None
    return public.ParticipantErased(
        subject=event.erased, data_classes=event.data_classes, erased_on=event.occurred_on
    )


@publish.register
def _(event: Retention.ErasureCertified) -> PublicEvent:
    return public.ErasureCertified(
        subject=event.participant_id,
        records=event.records,
        data_classes=event.data_classes,
        certified_on=event.occurred_on,
    )
