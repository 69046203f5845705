"""A participant of the project, from application to six months after the final exit: decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.domain import lifecycle, step_corrections
from services.registry.domain.corrections import (
    Correction,
    CorrectionState,
    PersonalChange,
    StepsChange,
)
from services.registry.domain.identifiers import checked
from services.registry.domain.lifecycle import (
    require_status,
)
from services.registry.domain.participant_history import ParticipantHistory
from services.registry.domain.personal_record import parts_of, pointers, split
from services.registry.domain.recruitment import require_four_eyes, require_points_fit
from services.registry.domain.results import OWN_RECORD, ParticipantResults
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Status,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


class Participant(ParticipantResults):
    """Every decision takes `today`, because nothing is recorded as true on a day yet to come."""

    def register(
        self,
        *,
        kind: Kind,
        partner: str,
        applied_on: date,
        reference: str | None,
        personal: PersonalData,
        today: date,
        rules: RegistryRules,
    ) -> None:
        require_come(applied_on, today, "/applied_on")
        lifecycle.require_applicable(self, applied_on, rules)
        self._record(
            self.Registered,
            applied_on,
            kind=kind,
            partner=partner,
            reference=reference,
            **parts_of(checked(personal, today, rules))._asdict(),
        )

    def update(
        self, *, changed_on: date, personal: PersonalData, today: date, rules: RegistryRules
    ) -> None:
        """Record what is new as true from a day on.

        Raises `Rejected("nothing_changed")` when all of it is known already.
        """
        require_status(self, *OWN_RECORD)
        _require_known_day(changed_on, "/changed_on", today, rules)
        news = self.personal.news(checked(personal, today, rules), changed_on)
        if not pointers(news):
            raise Rejected("nothing_changed")
        self._record(self.Updated, changed_on, **news._asdict())

    def score_application(
        self,
        *,
        scored_on: date,
        points: Mapping[str, int],
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Score by the criteria in force on the day; an appeal is a new scoring."""
        lifecycle.require_scorable(self, scored_on)
        require_come(scored_on, today, "/scored_on")
        criteria = rules.criteria[self.kind].on(scored_on)
        require_points_fit(points, criteria)
        self._record(
            self.Scored,
            scored_on,
            scored_by=by,
            criteria_version=criteria.version,
            points=dict(points),
            total=sum(points.values()),
        )

    def decide_recruitment(
        self,
        *,
        decided_on: date,
        decision: RecruitmentDecision,
        justification: str,
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Admit, put on the reserve list or refuse; can be decided anew until support starts."""
        score = lifecycle.require_decidable(self, decided_on, decision, by, rules)
        require_come(decided_on, today, "/decided_on")
        self._record(
            self.RecruitmentDecided,
            decided_on,
            decision=decision,
            decided_by=by,
            criteria_version=score.criteria_version,
            total=score.total,
            justification=justification,
        )

    def enrol(self, *, started_on: date, support: str, today: date, rules: RegistryRules) -> None:
        """The first support started, after admission and for an eligible person."""
        lifecycle.require_startable(self, started_on, rules)
        require_come(started_on, today, "/started_on")
        self._record(self.Enrolled, started_on, support=support)

    def suspend(self, *, suspended_on: date, reason: str, today: date) -> None:
        lifecycle.require_suspendable(self, suspended_on)
        require_come(suspended_on, today, "/suspended_on")
        self._record(self.Suspended, suspended_on, reason=reason)

    def resume(self, *, resumed_on: date, today: date) -> None:
        lifecycle.require_resumable(self, resumed_on)
        require_come(resumed_on, today, "/resumed_on")
        self._record(self.Resumed, resumed_on)

    def exit(
        self,
        *,
        exited_on: date,
        reason: ExitReason,
        as_planned: bool,
        note: str | None,
        today: date,
    ) -> None:
        lifecycle.require_leavable(self, exited_on)
        require_come(exited_on, today, "/exited_on")
        self._record(self.Exited, exited_on, reason=reason, as_planned=as_planned, note=note)

    def re_enter(self, *, re_entered_on: date, support: str, today: date) -> None:
        """Support starts again: a further episode."""
        lifecycle.require_re_enterable(self, re_entered_on)
        require_come(re_entered_on, today, "/re_entered_on")
        self._record(self.ReEntered, re_entered_on, support=support)

    def give_consent(
        self,
        *,
        purpose: Purpose,
        text_version: str,
        given_on: date,
        today: date,
        rules: RegistryRules,
    ) -> None:
        require_status(self, *OWN_RECORD)
        require_come(given_on, today, "/given_on")
        lifecycle.require_consent_new(self, given_on, purpose, text_version, rules)
        self._record(self.ConsentGiven, given_on, purpose=purpose, text_version=text_version)

    def withdraw_consent(self, *, purpose: Purpose, withdrawn_on: date, today: date) -> None:
        require_status(self, *OWN_RECORD)
        require_come(withdrawn_on, today, "/withdrawn_on")
        lifecycle.require_consent_given(self, withdrawn_on, purpose)
        self._record(self.ConsentWithdrawn, withdrawn_on, purpose=purpose)

    def request_correction(
        self,
        *,
        correction_id: UUID,
        requested_on: date,
        in_force_on: date | None,
        personal: PersonalData,
        retracted: tuple[str, ...],
        reason: str,
        source_document: str,
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Say that recorded values were wrong from the start; nothing changes before a decision."""
        require_status(self, *OWN_RECORD)
        _require_known_day(requested_on, "/requested_on", today, rules)
        day = in_force_on or requested_on
        require_come(day, today, "/in_force_on")
        news = self.personal.news(checked(personal, today, rules), day)
        fields = (*pointers(news), *self.personal.retractable(retracted, news, day))
        if not fields:
            raise Rejected("nothing_changed")
        self._record(
            self.CorrectionRequested,
            requested_on,
            correction_id=correction_id,
            requested_by=by,
            in_force_on=day,
            fields=fields,
            reason=reason,
            source_document=source_document,
            **news._asdict(),
        )

    def request_step_correction(
        self,
        *,
        correction_id: UUID,
        requested_on: date,
        steps: Sequence[RightStep],
        reason: str,
        source_document: str,
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Say that steps of the lifecycle were recorded wrongly.

        Refused at once when the history could not have been recorded like that.
        """
        require_status(self, *OWN_RECORD)
        _require_known_day(requested_on, "/requested_on", today, rules)
        for index, right in enumerate(steps):
            if right.occurred_on:
                require_come(right.occurred_on, today, f"/steps/{index}/occurred_on")
        amendment = step_corrections.proposed(self, steps)
        step_corrections.require_lawful(self, amendment, rules, step_corrections.STEPS)
        self._record(
            self.StepCorrectionRequested,
            requested_on,
            correction_id=correction_id,
            requested_by=by,
            reason=reason,
            source_document=source_document,
            **amendment._asdict(),
        )

    def decide_correction(
        self,
        *,
        correction_id: UUID,
        decided_on: date,
        approve: bool,
        justification: str,
        by: str,
        merged: Sequence["Participant"] = (),
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Another person than the one who asked approves or rejects.

        `merged` are the records that were merged into this one.
        """
        require_status(self, *OWN_RECORD)
        correction = self._undecided(correction_id)
        require_come(decided_on, today, "/decided_on")
        require_not_before(correction.requested_on, decided_on, "/decided_on")
        require_four_eyes(by, correction.requested_by)
        decision = {
            "correction_id": correction_id,
            "decided_by": by,
            "justification": justification,
        }
        if not approve:
            self._record(self.CorrectionRejected, decided_on, **decision)
        elif isinstance(correction.change, PersonalChange):
            self._correct(correction.change, decided_on, **decision)
        else:
            self._correct_steps(correction.change, decided_on, merged, rules, **decision)

    def _correct(self, change: PersonalChange, decided_on: date, **decision: Any) -> None:
        """A request about a value that has changed since would silently undo that change."""
        for pointer in change.fields:
            self.personal.require(split(pointer)[0])
        now = self.personal.facts_in_force(change.fields, change.in_force_on)
        if changed := [p for p in change.fields if now[p] != change.replaced[p]]:
            raise Rejected("registry.correction_overtaken", {"fields": changed})
        self._record(
            self.Corrected,
            decided_on,
            in_force_on=change.in_force_on,
            fields=change.fields,
            **change.proposed._asdict(),
            **decision,
        )

    def _correct_steps(
        self,
        change: StepsChange,
        decided_on: date,
        merged: Sequence["Participant"],
        rules: RegistryRules,
        **decision: Any,
    ) -> None:
        """Judged again, because what was recorded since the request may stand against it."""
        changed = [
            corrected.version
            for corrected, before in zip(change.amendment.steps, change.before, strict=True)
            if (step := self.step(corrected.version)) is None or step.facts != before
        ]
        if changed:
            raise Rejected("registry.correction_overtaken", {"versions": changed})
        rightly = step_corrections.require_lawful(self, change.amendment, rules)
        for other in merged:
            _require_started_first(rightly, other)
        self._record(self.StepsCorrected, decided_on, **change.amendment._asdict(), **decision)

    def merge_into(self, kept: "Participant", *, case_id: UUID, decided_on: date) -> None:
        """End this record in favour of another of the same person.

        The first start stays the first: the record that is kept is the one that started first.
        """
        require_status(self, *OWN_RECORD)
        if kept.id == self.id or kept.status not in OWN_RECORD:
            raise Rejected("registry.kept_not_usable", pointer="/kept")
        _require_started_first(kept, self, "/kept")
        self._record(self.MergedInto, decided_on, into=kept.id, case_id=case_id)

    def undo_merge(self, *, case_id: UUID, decided_on: date) -> None:
        require_status(self, Status.MERGED)
        self._record(self.MergeUndone, decided_on, out_of=self.merged_into, case_id=case_id)

    def _undecided(self, correction_id: UUID) -> Correction:
        correction = self.corrections.get(correction_id)
        if correction is None:
            raise Rejected("registry.correction_unknown", pointer="/correction_id")
        if correction.state is not CorrectionState.REQUESTED:
            raise Rejected("registry.correction_decided", {"state": correction.state})
        return correction


def _require_known_day(day: date, pointer: str, today: date, rules: RegistryRules) -> None:
    """Facts that no earlier step bounds still fall into the days the rules know."""
    require_come(day, today, pointer)
    rules.project.on(day, pointer)


def _require_started_first(
    kept: ParticipantHistory, ended: ParticipantHistory, pointer: str | None = None
) -> None:
    if ended.started_on and (kept.started_on is None or ended.started_on < kept.started_on):
        raise Rejected("registry.kept_started_later", pointer=pointer)
