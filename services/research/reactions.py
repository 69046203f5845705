"""What research does when something happened in the registry or in kasa."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from eventsourcing.persistence import Tracking

from services.research.application import Research, subjects
from services.research.domain.enterprise import Enterprise
from services.research.domain.subject import Moved, Subject
from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.kasa import events as kasa
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Purpose
from shared.messaging.erasing import forgetting
from shared.messaging.parking import Parking
from shared.messaging.reactions import Handler, Reactions, provenance_of

Note = Callable[[Subject, Any, date], None]
"""Takes note of an event, which happened on a day."""


def reactions_to_registry(research: Research, parking: Parking) -> Reactions:
    def noting(day: str, note: Note) -> Handler:
        return partial(_learn, research, day, note)

    return Reactions(
        research.name,
        "registry",
        {
            registry.ParticipantRegistered: noting(
                "applied_on",
                lambda who, event, on: who.register(
                    event.kind, event.partner, event.monitoring, on
                ),
            ),
            registry.ParticipantUpdated: noting(
                "changed_on", lambda who, event, on: who.tell(event.monitoring, on)
            ),
            registry.ParticipantCorrected: noting(
                "in_force_on", lambda who, event, on: who.tell(event.monitoring, on, event.fields)
            ),
            registry.ParticipantAdmitted: noting("admitted_on", lambda who, _, on: who.admit(on)),
            registry.ParticipantNotAdmitted: noting(
                "decided_on", lambda who, _, on: who.end_admission(on)
            ),
            registry.ParticipantEnrolled: noting("started_on", lambda who, _, on: who.start(on)),
            registry.ParticipantExited: noting("exited_on", lambda who, _, on: who.exit(on)),
            registry.ParticipantReEntered: noting(
                "re_entered_on", lambda who, _, on: who.re_enter(on)
            ),
            registry.StepsCorrected: noting("decided_on", _move_steps),
            registry.ConsentGiven: noting("given_on", _allow_contact),
            registry.ConsentWithdrawn: noting("withdrawn_on", _forbid_contact),
            registry.ParticipantMerged: noting(
                "decided_on", lambda who, event, on: who.merge_into(event.into, on)
            ),
            registry.MergeUndone: noting("decided_on", lambda who, _, on: who.undo_merge(on)),
            registry.ParticipantErased: forgetting(research, partial(_forget, research)),
        },
        research.recorder,
        parking,
    )


def reactions_to_kasa(research: Research, parking: Parking) -> Reactions:
    def noting(note: Callable[[Enterprise, Any], None]) -> Handler:
        return partial(_learn_of_enterprise, research, note)

    return Reactions(
        research.name,
        "kasa",
        {
            kasa.EnterpriseFounded: noting(
                lambda which, event: which.found(
                    event.kind, event.partner, event.teryt, event.founded_on
                )
            ),
            kasa.JobPlaceCreated: noting(
                lambda which, event: which.create_place(
                    event.place_id, Decimal(event.share), event.created_on
                )
            ),
            kasa.JobPlaceLost: noting(
                lambda which, event: which.lose_place(event.place_id, event.cause, event.lost_on)
            ),
        },
        research.recorder,
        parking,
    )


def _learn(
    research: Research,
    day: str,
    note: Note,
    event: PublicEvent,
    envelope: Envelope,
    tracking: Tracking,
) -> None:
    on: date = getattr(event, day)
    subjects.learn(
        research,
        event.subject,
        lambda subject: note(subject, event, on),
        on,
        provenance_of(envelope, research.name),
        tracking,
    )


def _forget(research: Research, event: PublicEvent, envelope: Envelope, tracking: Tracking) -> None:
    assert isinstance(event, registry.ParticipantErased)  # noqa: S101  listed for it
    subjects.forget(
        research,
        event.subject,
        event.data_classes,
        event.erased_on,
        provenance_of(envelope, research.name),
        tracking,
    )


def _learn_of_enterprise(
    research: Research,
    note: Callable[[Enterprise, Any], None],
    event: PublicEvent,
    envelope: Envelope,
    tracking: Tracking,
) -> None:
    subjects.learn_of_enterprise(
        research,
        event.subject,
        lambda enterprise: note(enterprise, event),
        provenance_of(envelope, research.name),
        tracking,
    )


def _move_steps(subject: Subject, event: registry.StepsCorrected, on: date) -> None:
    subject.move_steps([Moved(each.step, each.was_on, each.is_on) for each in event.steps], on)


def _allow_contact(subject: Subject, event: registry.ConsentGiven, on: date) -> None:
    if event.purpose is Purpose.RESEARCH_CONTACT:
        subject.allow_contact(on)


def _forbid_contact(subject: Subject, event: registry.ConsentWithdrawn, on: date) -> None:
    if event.purpose is Purpose.RESEARCH_CONTACT:
        subject.forbid_contact(on)
