"""What became of participants in the registry, and what follows for their places on courses.

Nothing here is refused: the registry's facts are facts. Each function records all that follows from
one event in one commit, together with the place of that event (`tracking`).
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from eventsourcing.persistence import Tracking

from services.training.application import Training
from services.training.application.roster import leave
from services.training.domain.edition import Edition
from services.training.domain.learner import Learner
from shared.kernel.provenance import Provenance


def learn(
    training: Training,
    participant_id: UUID,
    note: Callable[[Learner], None],
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """Take note of a fact about a participant; who is no member any more loses the places on
    courses that have not begun.
    """
    learner = training.find(Learner, participant_id) or Learner(participant_id)
    note(learner)
    training.record(learner, *_lapsed(training, learner), provenance=provenance, tracking=tracking)


def merge(
    training: Training,
    out: UUID,
    into: UUID,
    on: date,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """Two records are of one person: the one that is kept goes on wherever the other was."""
    merged = training.find(Learner, out) or Learner(out)
    kept = training.find(Learner, into) or Learner(into)
    merged.merge_into(into, on)
    editions = _editions(training, merged)
    for edition in editions:
        edition.replace(out, into, on)
        kept.take(edition.id, kept.bookings.get(edition.id, merged.bookings[edition.id]), on=on)
        _rebook(kept, edition, on)
    if merged.first is not None:
        kept.note_attended(merged.first)
    training.record(merged, kept, *editions, provenance=provenance, tracking=tracking)


def undo_merge(
    training: Training,
    out: UUID,
    out_of: UUID,
    on: date,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """The record is of a person of its own after all, and has its places back."""
    parted = training.find(Learner, out) or Learner(out)
    other = training.find(Learner, out_of) or Learner(out_of)
    parted.undo_merge(on)
    editions = _editions(training, parted)
    for edition in editions:
        edition.undo_replacement(out, on)
        _rebook(parted, edition, on)
        _rebook(other, edition, on)
    training.record(parted, other, *editions, provenance=provenance, tracking=tracking)


def _lapsed(training: Training, learner: Learner) -> list[Edition]:
    if learner.left_on is None:
        return []
    editions = _editions(training, learner)
    for edition in editions:
        if edition.lapse(learner.id, learner.left_on):
            leave(learner, edition, learner.left_on)
    return editions


def _rebook(learner: Learner, edition: Edition, on: date) -> None:
    """The time of somebody whose place in an edition is a fact, whatever it overlaps."""
    if learner.id in edition.enrolled:
        learner.take(edition.id, edition.slots, on=on)
    elif learner.id in edition.reserve:
        learner.take(edition.id, (), on=on)
    elif learner.id not in edition.enrolments:
        learner.release(edition.id, on=on)


def _editions(training: Training, learner: Learner) -> list[Edition]:
    return [training.load(Edition, edition_id) for edition_id in sorted(learner.bookings)]
