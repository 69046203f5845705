"""Holds, requests for erasure, decisions on them, and what other services acknowledge."""

from typing import Final
from uuid import UUID

from eventsourcing.persistence import Tracking

from services.registry.application import Registry
from services.registry.domain.erasure import Retention, retention_id
from services.registry.domain.participant import Participant
from services.registry.domain.retention import Stay
from shared.contracts.operations import Receipt
from shared.contracts.registry import commands
from shared.contracts.registry.vocabulary import Status
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance

HOLDERS: Final = ("kasa", "reporting", "research", "training")
"""The services that hold something of a participant; each acknowledges by an event of its own."""


def place_hold(registry: Registry, command: commands.PlaceHold, act: Act) -> Receipt:
    _, retention = _of(registry, command, act)
    retention.place_hold(
        command.participant_id,
        hold_id=act.id_of("hold"),
        ground=command.ground,
        source_document=command.source_document,
        placed_on=command.placed_on,
        by=act.provenance.actor,
        today=registry.today(),
    )
    return registry.commit(act, retention, source_document=command.source_document)


def lift_hold(registry: Registry, command: commands.LiftHold, act: Act) -> Receipt:
    _, retention = _of(registry, command, act)
    retention.lift_hold(
        command.hold_id,
        source_document=command.source_document,
        lifted_on=command.lifted_on,
        by=act.provenance.actor,
        today=registry.today(),
    )
    return registry.commit(act, retention, source_document=command.source_document)


def request_erasure(registry: Registry, command: commands.RequestErasure, act: Act) -> Receipt:
    participant, retention = _of(registry, command, act)
    retention.request_erasure(
        participant.id,
        _stays(registry, participant).values(),
        erasure_id=act.id_of("erasure"),
        ground=command.ground,
        data_classes=command.data_classes,
        source_document=command.source_document,
        requested_on=command.requested_on,
        by=act.provenance.actor,
        today=registry.today(),
        rules=registry.rules,
    )
    return registry.commit(act, retention, source_document=command.source_document)


def decide_erasure(registry: Registry, command: commands.DecideErasure, act: Act) -> Receipt:
    participant, retention = _of(registry, command, act)
    retention.decide_erasure(
        _stays(registry, participant),
        approve=command.approve,
        source_document=command.source_document,
        decided_on=command.decided_on,
        by=act.provenance.actor,
        holders=HOLDERS,
        today=registry.today(),
        rules=registry.rules,
    )
    return registry.commit(act, retention, source_document=command.source_document)


def acknowledge(
    registry: Registry,
    record: UUID,
    holder: str,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """A service forgot a record: one step of the erasure that ordered it."""
    participant = registry.going_on(record)
    retention = registry.find(Retention, retention_id(participant.id))
    if retention is None:
        raise Rejected("registry.no_erasure_requested", {"id": str(record)})
    retention.acknowledge(holder, record, tracking.notification_id, registry.today())
    registry.record(retention, provenance=provenance, tracking=tracking)


def _of(
    registry: Registry, command: commands.ParticipantCommand, act: Act
) -> tuple[Participant, Retention]:
    """A merged record has no retention of its own: the one that goes on answers for it."""
    participant = registry.participant_for(command, act)
    if participant.status is Status.MERGED:
        raise Rejected("registry.wrong_status", {"status": participant.status})
    stream = retention_id(participant.id)
    return participant, registry.find(Retention, stream) or Retention(stream)


def _stays(registry: Registry, participant: Participant) -> dict[UUID, Stay]:
    """Of the record and of all that were merged into it, however deep."""
    found = {participant.id: Stay.of(participant)}
    for merged in registry.merged_into(participant):
        found |= _stays(registry, merged)
    return found
