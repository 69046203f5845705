"""The registry's commands: load, decide, record."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from eventsourcing.utils import EnvType

from services.registry.domain.duplicates import DuplicateCase, case_id
from services.registry.domain.likeness import likeness
from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from services.registry.domain.search import (
    Key,
    application_key,
    compared_keys,
    identifying_keys,
    keys_of,
    merge_key,
)
from shared.contracts.operations import Receipt
from shared.contracts.registry import commands
from shared.contracts.registry.vocabulary import Status
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex, Lookup, Term, Vault
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass


class Registry(LedgerApplication):
    """One method per command; every one takes the act: who commands, and why."""

    name = "registry"

    def __init__(
        self,
        env: EnvType,
        *,
        vault: Vault,
        index: BlindIndex,
        lookup: Lookup,
        rules: RegistryRules,
        today: Callable[[], date],
    ) -> None:
        super().__init__(env, vault=vault, index=index)
        self._lookup = lookup
        self.vault: Final = vault
        self.rules: Final = rules
        self.today: Final = today

    def register_participant(self, command: commands.RegisterParticipant, act: Act) -> Receipt:
        if not Scope.of(act.caller).includes(command.partner):
            raise Rejected("partner_out_of_scope", pointer="/partner")
        participant = Participant(uuid4())
        participant.register(
            kind=command.kind,
            partner=command.partner,
            applied_on=command.applied_on,
            reference=command.reference,
            personal=command.personal,
            today=self.today(),
            rules=self.rules,
        )
        cases = self._suspicions(participant, application_key(command))
        return self.commit(act, participant, *cases)

    def update_participant(self, command: commands.UpdateParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.update(
            changed_on=command.changed_on,
            personal=command.personal,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, *self._suspicions(participant))

    def score_application(self, command: commands.ScoreApplication, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.score_application(
            scored_on=command.scored_on,
            points=command.points,
            by=act.provenance.actor,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant)

    def decide_recruitment(self, command: commands.DecideRecruitment, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.decide_recruitment(
            decided_on=command.decided_on,
            decision=command.decision,
            justification=command.justification,
            by=act.provenance.actor,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant)

    def enrol_participant(self, command: commands.EnrolParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.enrol(
            started_on=command.started_on,
            support=command.support,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant)

    def suspend_participant(self, command: commands.SuspendParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.suspend(
            suspended_on=command.suspended_on, reason=command.reason, today=self.today()
        )
        return self.commit(act, participant)

    def resume_participant(self, command: commands.ResumeParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.resume(resumed_on=command.resumed_on, today=self.today())
        return self.commit(act, participant)

    def exit_participant(self, command: commands.ExitParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.exit(
            exited_on=command.exited_on,
            reason=command.reason,
            as_planned=command.as_planned,
            note=command.note,
            today=self.today(),
        )
        return self.commit(act, participant)

    def record_outcome(self, command: commands.RecordOutcome, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.record_outcome(
            observed_on=command.observed_on,
            situation=command.situation,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, source_document=command.source_document)

    def record_follow_up(self, command: commands.RecordFollowUp, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.record_follow_up(
            observed_on=command.observed_on,
            situation=command.situation,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, source_document=command.source_document)

    def re_enter_participant(self, command: commands.ReEnterParticipant, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.re_enter(
            re_entered_on=command.re_entered_on, support=command.support, today=self.today()
        )
        return self.commit(act, participant)

    def give_consent(self, command: commands.GiveConsent, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.give_consent(
            purpose=command.purpose,
            text_version=command.text_version,
            given_on=command.given_on,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant)

    def withdraw_consent(self, command: commands.WithdrawConsent, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.withdraw_consent(
            purpose=command.purpose, withdrawn_on=command.withdrawn_on, today=self.today()
        )
        return self.commit(act, participant)

    def request_correction(self, command: commands.RequestCorrection, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.request_correction(
            correction_id=act.id_of("correction"),
            requested_on=command.requested_on,
            in_force_on=command.in_force_on,
            personal=command.personal,
            retracted=command.retracted,
            reason=command.reason,
            source_document=command.source_document,
            by=act.provenance.actor,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, source_document=command.source_document)

    def request_step_correction(self, command: commands.RequestStepCorrection, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.request_step_correction(
            correction_id=act.id_of("correction"),
            requested_on=command.requested_on,
            steps=command.steps,
            reason=command.reason,
            source_document=command.source_document,
            by=act.provenance.actor,
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, source_document=command.source_document)

    def decide_correction(self, command: commands.DecideCorrection, act: Act) -> Receipt:
        participant = self.participant_for(command, act)
        participant.decide_correction(
            correction_id=command.correction_id,
            decided_on=command.decided_on,
            approve=command.approve,
            justification=command.justification,
            by=act.provenance.actor,
            merged=self.merged_into(participant),
            today=self.today(),
            rules=self.rules,
        )
        return self.commit(act, participant, *self._suspicions(participant))

    def dismiss_duplicate(self, command: commands.DismissDuplicate, act: Act) -> Receipt:
        case = self.load(DuplicateCase, command.case_id, act.expected_version)
        case.dismiss(
            decided_on=command.decided_on,
            justification=command.justification,
            by=act.provenance.actor,
            today=self.today(),
        )
        return self.commit(act, case)

    def merge_duplicate(self, command: commands.MergeDuplicate, act: Act) -> Receipt:
        case = self.load(DuplicateCase, command.case_id, act.expected_version)
        case.merge(
            kept=command.kept,
            decided_on=command.decided_on,
            justification=command.justification,
            by=act.provenance.actor,
            today=self.today(),
        )
        ended = self.load(Participant, case.other(command.kept))
        ended.merge_into(
            self.load(Participant, command.kept), case_id=case.id, decided_on=command.decided_on
        )
        self._lookup.add_many({ended.id: _terms([merge_key(command.kept)])})
        return self.commit(act, case, ended)

    def undo_merge(self, command: commands.UndoMerge, act: Act) -> Receipt:
        case = self.load(DuplicateCase, command.case_id, act.expected_version)
        merged = case.merged
        case.undo_merge(
            decided_on=command.decided_on,
            justification=command.justification,
            by=act.provenance.actor,
            today=self.today(),
        )
        if merged is None:
            raise Rejected("registry.wrong_state", {"state": str(case.state)})
        ended = self.load(Participant, merged)
        ended.undo_merge(case_id=case.id, decided_on=command.decided_on)
        return self.commit(act, case, ended)

    def match(self, command: commands.RegisterParticipant, act: Act) -> Participant | None:
        """The participant an application is about, if registered already.

        Refused as `registry.ambiguous_match` when its identifiers belong to several records, as
        `partner_out_of_scope` when it is not for the caller's partner, and as
        `registry.registered_elsewhere` when the record is another partner's.
        """
        if not Scope.of(act.caller).includes(command.partner):
            raise Rejected("partner_out_of_scope", pointer="/partner")
        keys = identifying_keys(command)
        found = self._lookup.find(_terms(keys))
        subjects = {subject for each in found.values() for subject in each}
        loaded = (self.find(Participant, subject) for subject in subjects)
        known = [
            each
            for each in loaded
            if each is not None
            and each.status is not Status.MERGED
            and (keys & keys_of(each) or application_key(command) in keys)
        ]
        if len(known) > 1:
            raise Rejected("registry.ambiguous_match")
        if not known:
            return None
        if known[0].partner != command.partner:
            raise Rejected("registry.registered_elsewhere")
        return known[0]

    def going_on(self, participant_id: UUID) -> Participant:
        """The record itself, or the one that it was merged into."""
        participant = self.load(Participant, participant_id)
        while participant.merged_into is not None:
            participant = self.load(Participant, participant.merged_into)
        return participant

    def participant_for(self, command: commands.ParticipantCommand, act: Act) -> Participant:
        """The participant, if within the caller's scope; else the words of one who does not exist."""
        participant = self.load(Participant, command.participant_id)
        if not Scope.of(act.caller).includes(participant.partner, participant.id):
            raise Rejected("not_found", {"id": str(command.participant_id)})
        if act.expected_version not in (None, participant.version):
            raise Rejected("stale_version", {"current": participant.version})
        return participant

    def merged_into(self, kept: Participant) -> list[Participant]:
        """The records that were merged into one, and not told apart again."""
        found = self._lookup.find_all(_terms([merge_key(kept.id)]))
        loaded = (self.find(Participant, subject) for subject in sorted(found))
        return [each for each in loaded if each is not None and each.merged_into == kept.id]

    def _suspicions(self, participant: Participant, *further: Key) -> list[DuplicateCase]:
        """New cases for all records that look like the same person.

        The participant is indexed before the others are looked up, so that of two registrations at
        the same moment at least one sees the other. Whoever was erased is not indexed again, and compared with nobody.
        """
        if DataClass.IDENTITY in self.vault.erased(participant.id):
            return []
        own = keys_of(participant)
        self._lookup.add_many({participant.id: _terms(own.union(further))})
        sharing = self._lookup.find(_terms(compared_keys(own))).values()
        others = {subject for subjects in sharing for subject in subjects} - {participant.id}
        cases = (self._suspicion(participant, other) for other in sorted(others))
        return [case for case in cases if case is not None]

    def _suspicion(self, participant: Participant, other_id: UUID) -> DuplicateCase | None:
        """The case of two records that look like one person; None when they do not."""
        other = self.find(Participant, other_id)
        if other is None or Status.MERGED in (participant.status, other.status):
            return None
        today = self.today()
        alike = likeness(
            participant.personal.current(),
            other.personal.current(),
            self.rules.likeness.on(today),
        )
        if alike is None:
            return None
        pair = case_id(participant.id, other.id)
        case = self.find(DuplicateCase, pair) or DuplicateCase(pair)
        case.suspect(first=other.id, second=participant.id, likeness=alike, suspected_on=today)
        return case


def _terms(keys: Iterable[Key]) -> list[Term]:
    return [Term(*key) for key in keys]
