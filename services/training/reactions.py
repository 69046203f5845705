"""What training does when something happened in the registry."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from eventsourcing.persistence import Tracking

from services.training.application import Training, members
from services.training.domain.learner import Learner
from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import StepKind
from shared.messaging.erasing import forgetting
from shared.messaging.parking import Parking
from shared.messaging.reactions import Handler, Reactions, provenance_of

BEGINNINGS: Final = frozenset({StepKind.DECISION, StepKind.RE_ENTRY})
ENDINGS: Final = frozenset({StepKind.DECISION, StepKind.EXIT})
"""Of the time in the project; a decision can admit, or end an admission."""
Note = Callable[[Learner, Any], None]


def reactions_to_registry(training: Training, parking: Parking) -> Reactions:
    def noting(note: Note) -> Handler:
        return partial(_learn, training, note)

    return Reactions(
        training.name,
        "registry",
        {
            registry.ParticipantAdmitted: noting(lambda who, event: who.admit(event.admitted_on)),
            registry.ParticipantNotAdmitted: noting(
                lambda who, event: who.end_admission(event.decided_on)
            ),
            registry.ParticipantExited: noting(lambda who, event: who.exit(event.exited_on)),
            registry.ParticipantReEntered: noting(
                lambda who, event: who.re_enter(event.re_entered_on)
            ),
            registry.StepsCorrected: noting(_move_steps),
            registry.ParticipantErased: forgetting(
                training, noting(lambda who, event: who.erase(event.data_classes, event.erased_on))
            ),
            registry.ParticipantMerged: partial(_merge, training),
            registry.MergeUndone: partial(_undo_merge, training),
        },
        training.recorder,
        parking,
    )


def _learn(
    training: Training,
    note: Note,
    event: PublicEvent,
    envelope: Envelope,
    tracking: Tracking,
) -> None:
    members.learn(
        training,
        event.subject,
        lambda learner: note(learner, event),
        provenance_of(envelope, training.name),
        tracking,
    )


def _move_steps(learner: Learner, event: registry.StepsCorrected) -> None:
    moved = [(each.step, (each.was_on, each.is_on)) for each in event.steps]
    learner.move_steps(
        [days for step, days in moved if step in BEGINNINGS],
        [days for step, days in moved if step in ENDINGS],
        event.decided_on,
    )


def _merge(
    training: Training, event: registry.ParticipantMerged, envelope: Envelope, tracking: Tracking
) -> None:
    members.merge(
        training,
        event.subject,
        event.into,
        event.decided_on,
        provenance_of(envelope, training.name),
        tracking,
    )


def _undo_merge(
    training: Training, event: registry.MergeUndone, envelope: Envelope, tracking: Tracking
) -> None:
    members.undo_merge(
        training,
        event.subject,
        event.out_of,
        event.decided_on,
        provenance_of(envelope, training.name),
        tracking,
    )
