"""What is to be done about a participant, and by when; derived from the state, never stored twice."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from services.registry.domain.corrections import CorrectionState
from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from services.registry.domain.windows import follow_up_window, outcome_window
from shared.contracts.registry.vocabulary import Gap, ResultKind, Status, TaskKind


class DueTask(NamedTuple):
    """`due_on` is the last day on which the task is done in time; None while no term runs.

    `opens_on` is the first day on which it can be done.
    """

    kind: TaskKind
    opens_on: date
    due_on: date | None
    correction_id: UUID | None = None
    proposal_id: UUID | None = None


def due_tasks(
    participant: Participant, gaps: Sequence[Gap], rules: RegistryRules
) -> tuple[DueTask, ...]:
    """The open tasks; a merged record has none, because the one that was kept goes on."""
    if participant.status in (None, Status.MERGED):
        return ()
    return (
        *_completion(participant, gaps, rules),
        *_results(participant, rules),
        *_corrections(participant, rules),
        *_proposals(participant, rules),
    )


def _completion(
    participant: Participant, gaps: Sequence[Gap], rules: RegistryRules
) -> Iterator[DueTask]:
    """The term runs from the start of support: before, an incomplete record harms nobody."""
    if gaps and participant.status is not Status.REFUSED:
        started_on = participant.started_on
        due_on = started_on and started_on + timedelta(rules.completion_days.on(started_on))
        yield DueTask(TaskKind.COMPLETE_RECORD, participant.applied_on, due_on)


def _results(participant: Participant, rules: RegistryRules) -> Iterator[DueTask]:
    """Results belong to the final exit, so nothing is due while support goes on; what the participant
    told already is to be confirmed instead.
    """
    if participant.status is not Status.EXITED:
        return
    final = participant.episodes[-1]
    told = {each.kind for each in participant.open_proposals}
    if final.outcome_observed_on is None and ResultKind.OUTCOME not in told:
        yield DueTask(TaskKind.RECORD_OUTCOME, *outcome_window(participant.latest_on, rules))
    if final.follow_up_observed_on is None and ResultKind.FOLLOW_UP not in told:
        yield DueTask(TaskKind.RECORD_FOLLOW_UP, *follow_up_window(participant.latest_on, rules))


def _corrections(participant: Participant, rules: RegistryRules) -> Iterator[DueTask]:
    for correction in participant.corrections.values():
        if correction.state is CorrectionState.REQUESTED:
            asked = correction.requested_on
            due_on = asked + timedelta(rules.correction_decision_days.on(asked))
            yield DueTask(TaskKind.DECIDE_CORRECTION, asked, due_on, correction.id)


def _proposals(participant: Participant, rules: RegistryRules) -> Iterator[DueTask]:
    for proposal in participant.open_proposals:
        due_on = proposal.proposed_on + timedelta(
            rules.result_decision_days.on(proposal.proposed_on)
        )
        yield DueTask(
            TaskKind.CONFIRM_RESULT, proposal.proposed_on, due_on, proposal_id=proposal.id
        )
