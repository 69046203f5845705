"""Decisions on results: the situation after an exit, observed or told."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from services.registry.domain import lifecycle
from services.registry.domain.lifecycle import require_status
from services.registry.domain.participant_history import ParticipantHistory
from services.registry.domain.personal_record import readable
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import ResultKind, Situation, Status
from shared.kernel.aggregate import Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.personal import personal_fields

OWN_RECORD: Final = tuple(status for status in Status if status is not Status.MERGED)


class ParticipantResults(ParticipantHistory):
    def record_outcome(
        self, *, observed_on: date, situation: Situation, today: date, rules: RegistryRules
    ) -> None:
        lifecycle.require_outcome_due(self, observed_on, rules)
        require_come(observed_on, today, "/observed_on")
        self._record(self.OutcomeRecorded, observed_on, situation=situation)

    def record_follow_up(
        self, *, observed_on: date, situation: Situation, today: date, rules: RegistryRules
    ) -> None:
        lifecycle.require_follow_up_due(self, observed_on, rules)
        require_come(observed_on, today, "/observed_on")
        self._record(self.FollowUpRecorded, observed_on, situation=situation)

    def propose_result(
        self,
        proposal_id: UUID,
        *,
        kind: ResultKind,
        exited_on: date,
        observed_on: date,
        situation: Situation,
        today: date,
    ) -> None:
        """What was told is kept as it was told, once; whether it can be the result is judged when a
        person decides.
        """
        if proposal_id not in self.proposals:
            self._record(
                self.ResultProposed,
                today,
                proposal_id=proposal_id,
                kind=kind,
                exited_on=exited_on,
                observed_on=observed_on,
                situation=situation,
            )

    def decide_result(
        self,
        proposal_id: UUID,
        *,
        decided_on: date,
        approve: bool,
        justification: str,
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """An approved one is recorded as the result, by the rules of any other."""
        require_status(self, *OWN_RECORD)
        proposal = self.proposals.get(proposal_id)
        if proposal is None:
            raise Rejected("registry.result_unknown", pointer="/proposal_id")
        if proposal.decided:
            raise Rejected("registry.result_decided")
        require_come(decided_on, today, "/decided_on")
        require_not_before(proposal.proposed_on, decided_on, "/decided_on")
        if approve:
            observed: dict[str, Any] = {
                "observed_on": proposal.observed_on,
                "situation": readable(proposal.situation),
            }
            result = {
                ResultKind.OUTCOME: self.record_outcome,
                ResultKind.FOLLOW_UP: self.record_follow_up,
            }
            result[proposal.kind](**observed, today=today, rules=rules)
        self._record(
            self.ResultDecided,
            decided_on,
            proposal_id=proposal_id,
            approved=approve,
            decided_by=by,
            justification=justification,
        )

    def _record(self, event_class: type[Event], on: date, **facts: Any) -> None:
        """Record a fact, unless it holds personal data of a class whose key was destroyed."""
        for name, data_class in personal_fields(event_class).items():
            if facts.get(name) is not None:
                self.personal.require(data_class)
        self.record(event_class, occurred_on=on, **facts)
