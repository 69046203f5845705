"""What kasa does when something happened in the registry, in training or in research."""

from collections.abc import Callable
from functools import partial
from typing import Any

from eventsourcing.persistence import Tracking

from services.kasa.application import Kasa, needs, participants
from services.kasa.domain.participant import Participant
from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.research import events as research
from shared.contracts.training import events as training
from shared.messaging.erasing import forgetting
from shared.messaging.parking import Parking
from shared.messaging.reactions import Handler, Reactions, provenance_of

Note = Callable[[Participant, Any], None]


def reactions_to_registry(kasa: Kasa, parking: Parking) -> Reactions:
    return Reactions(
        kasa.name,
        "registry",
        {
            registry.ParticipantAdmitted: _noting(
                kasa, lambda who, event: who.admit(event.admitted_on)
            ),
            registry.ParticipantNotAdmitted: _noting(
                kasa, lambda who, event: who.end_admission(event.decided_on)
            ),
            registry.ParticipantExited: _noting(kasa, lambda who, event: who.exit(event.exited_on)),
            registry.ParticipantErased: forgetting(
                kasa,
                _noting(kasa, lambda who, event: who.erase(event.data_classes, event.erased_on)),
            ),
            registry.ParticipantMerged: partial(_merge, kasa),
            registry.MergeUndone: partial(_undo_merge, kasa),
        },
        kasa.recorder,
        parking,
    )


def reactions_to_training(kasa: Kasa, parking: Parking) -> Reactions:
    return Reactions(
        kasa.name,
        "training",
        {
            training.CourseCompleted: _noting(
                kasa,
                lambda who, event: who.complete(
                    event.edition_id, event.programme_code, event.completed_on
                ),
            ),
            training.CertificateIssued: _noting(
                kasa,
                lambda who, event: who.certify(
                    event.certificate_id, event.programme_code, event.result, event.issued_on
                ),
            ),
            training.CertificateRevoked: _noting(
                kasa, lambda who, event: who.revoke(event.certificate_id, event.revoked_on)
            ),
        },
        kasa.recorder,
        parking,
    )


def reactions_to_research(kasa: Kasa, parking: Parking) -> Reactions:
    return Reactions(
        kasa.name,
        "research",
        {research.DiagnosisPublished: partial(_learn_needs, kasa)},
        kasa.recorder,
        parking,
    )


def _learn_needs(
    kasa: Kasa, event: research.DiagnosisPublished, envelope: Envelope, tracking: Tracking
) -> None:
    needs.learn_needs(kasa, event, provenance_of(envelope, kasa.name), tracking)


def _noting(kasa: Kasa, note: Note) -> Handler:
    return partial(_learn, kasa, note)


def _learn(
    kasa: Kasa, note: Note, event: PublicEvent, envelope: Envelope, tracking: Tracking
) -> None:
    participants.learn(
        kasa,
        event.subject,
        lambda participant: note(participant, event),
        provenance_of(envelope, kasa.name),
        tracking,
    )


def _merge(
    kasa: Kasa, event: registry.ParticipantMerged, envelope: Envelope, tracking: Tracking
) -> None:
    participants.merge(
        kasa,
        event.subject,
        event.into,
        event.decided_on,
        provenance_of(envelope, kasa.name),
        tracking,
    )


def _undo_merge(
    kasa: Kasa, event: registry.MergeUndone, envelope: Envelope, tracking: Tracking
) -> None:
    participants.undo_merge(
        kasa, event.subject, event.decided_on, provenance_of(envelope, kasa.name), tracking
    )
