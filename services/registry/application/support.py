"""What training tells of the start of somebody's support."""

from datetime import date
from typing import Final
from uuid import uuid5

from eventsourcing.persistence import Tracking

from services.registry.application import Registry
from services.registry.domain.participant import Participant
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import Status
from shared.contracts.training import events as training
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance

PROVEN_BY_ATTENDANCE: Final = "Według listy obecności wsparcie zaczęło się innego dnia."


def start_support(
    registry: Registry,
    event: training.SupportStarted,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """Training had somebody's first attended minute: support started, here too.

    An earlier start than the one that is known is proposed as a correction, for a person to
    decide on. Refused like any enrolment, when the person must not start.
    """
    participant = registry.going_on(event.subject)
    if participant.status is Status.ADMITTED:
        participant.enrol(
            started_on=event.started_on,
            support=event.edition_code,
            today=registry.today(),
            rules=registry.rules,
        )
    elif participant.started_on is None:
        raise Rejected("registry.wrong_status", {"status": participant.status})
    elif event.started_on < participant.started_on:
        _propose_start(registry, participant, event.started_on, provenance)
    registry.record(participant, provenance=provenance, tracking=tracking)


def move_support(
    registry: Registry,
    event: training.SupportStartMoved,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """The start that training told proved wrong; what rests on another support stays.

    Refused as `registry.start_unproven` when no attended minute is left: nobody but a person
    can say what the start was then.
    """
    participant = registry.going_on(event.subject)
    if participant.started_on == event.was_on:
        if event.started_on is None:
            raise Rejected("registry.start_unproven", {"was_on": event.was_on.isoformat()})
        _propose_start(registry, participant, event.started_on, provenance)
    registry.record(participant, provenance=provenance, tracking=tracking)


def _propose_start(
    registry: Registry, participant: Participant, on: date, provenance: Provenance
) -> None:
    cause = provenance.causation
    participant.request_step_correction(
        correction_id=uuid5(provenance.command_id, "correction"),
        requested_on=registry.today(),
        steps=[RightStep(version=participant.start_version, occurred_on=on)],
        reason=PROVEN_BY_ATTENDANCE,
        source_document=f"{cause.ledger}/{cause.position}" if cause else provenance.command,
        by=provenance.actor,
        today=registry.today(),
        rules=registry.rules,
    )
