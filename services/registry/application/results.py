"""Results that research was told of: proposed by its event, decided by a person."""

from typing import Final

from eventsourcing.persistence import Tracking

from services.registry.application import Registry
from shared.contracts.operations import Receipt
from shared.contracts.registry import commands
from shared.contracts.registry.vocabulary import ResultKind, Situation
from shared.contracts.research import events as research
from shared.contracts.research.vocabulary.followups import FollowUpKind
from shared.eventstore.acts import Act
from shared.kernel.personal import Absent
from shared.kernel.provenance import Provenance

KINDS: Final = {
    FollowUpKind.FOUR_WEEKS: ResultKind.OUTCOME,
    FollowUpKind.SIX_MONTHS: ResultKind.FOLLOW_UP,
}


def propose_result(
    registry: Registry,
    event: research.FollowUpAnswered,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """Of somebody whose data were erased meanwhile nothing is left to propose."""
    participant = registry.going_on(event.subject)
    opened = registry.vault.open(event.monitoring) if event.monitoring else {}
    if not isinstance(opened, Absent) and "situation" in opened:
        participant.propose_result(
            event.follow_up_id,
            kind=KINDS[event.kind],
            exited_on=event.exited_on,
            observed_on=event.observed_on,
            situation=Situation.model_validate(opened["situation"]),
            today=registry.today(),
        )
    registry.record(participant, provenance=provenance, tracking=tracking)


def decide_result(registry: Registry, command: commands.DecideResult, act: Act) -> Receipt:
    participant = registry.participant_for(command, act)
    participant.decide_result(
        command.proposal_id,
        decided_on=command.decided_on,
        approve=command.approve,
        justification=command.justification,
        by=act.provenance.actor,
        today=registry.today(),
        rules=registry.rules,
    )
    return registry.commit(act, participant)
