"""What became of participants elsewhere, and what follows for the enterprises they belong to.

Nothing here is refused: the facts of others are facts. Each function records all that follows from
one event in one commit, together with the place of that event (`tracking`).
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from eventsourcing.persistence import Tracking

from services.kasa.application import Kasa
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.participant import Participant
from shared.kernel.provenance import Provenance


def learn(
    kasa: Kasa,
    participant_id: UUID,
    note: Callable[[Participant], None],
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    participant = _known(kasa, participant_id)
    note(participant)
    kasa.record(participant, provenance=provenance, tracking=tracking)


def merge(
    kasa: Kasa, out: UUID, into: UUID, on: date, provenance: Provenance, tracking: Tracking
) -> None:
    """Two records are of one person, who counts once in every enterprise from now on."""
    merged, kept = _known(kasa, out), _known(kasa, into)
    merged.merge_into(into, on)
    enterprises = [kasa.load(Enterprise, each) for each in sorted(merged.enterprises)]
    for enterprise in enterprises:
        enterprise.replace_person(out, into, on)
        kept.belong_to(enterprise.id, on)
    kasa.record(merged, kept, *enterprises, provenance=provenance, tracking=tracking)


def undo_merge(kasa: Kasa, out: UUID, on: date, provenance: Provenance, tracking: Tracking) -> None:
    """The record is of a person of its own after all."""
    parted = _known(kasa, out)
    parted.undo_merge(on)
    enterprises = [kasa.load(Enterprise, each) for each in sorted(parted.enterprises)]
    for enterprise in enterprises:
        enterprise.undo_replacement(out, on)
    kasa.record(parted, *enterprises, provenance=provenance, tracking=tracking)


def _known(kasa: Kasa, participant_id: UUID) -> Participant:
    return kasa.find(Participant, participant_id) or Participant(participant_id)
