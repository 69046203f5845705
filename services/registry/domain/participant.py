"""A participant of the project, from application to six months after the final exit: decisions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.registry.domain import consents
from services.registry.domain.corrections import Correction, CorrectionState
from services.registry.domain.eligibility import Candidate, require_eligible
from services.registry.domain.identifiers import checked
from services.registry.domain.participant_history import (
    STANDING_AFTER,
    Episode,
    ParticipantHistory,
)
from services.registry.domain.personal_record import parts_of, pointers, split
from services.registry.domain.recruitment import (
    require_enough_points,
    require_four_eyes,
    require_points_fit,
)
from services.registry.domain.rules import RegistryRules
from services.registry.domain.windows import Window, follow_up_window, outcome_window
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Situation,
    Status,
)
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected
from shared.kernel.personal import personal_fields

OWN_RECORD: Final = tuple(status for status in Status if status is not Status.MERGED)


class Participant(ParticipantHistory):
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
        if self.standing is not None:
            raise Rejected("registry.already_registered")
        _require_known_day(applied_on, "/applied_on", today, rules)
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

        Raises `Rejected("registry.nothing_changed")` when all of it is known already.
        """
        self._require_status(*OWN_RECORD)
        _require_known_day(changed_on, "/changed_on", today, rules)
        news = self.personal.news(checked(personal, today, rules), changed_on)
        if not pointers(news):
            raise Rejected("registry.nothing_changed")
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
        self._require_status(Status.APPLIED, Status.SCORED, Status.RESERVE, Status.REFUSED)
        self._require_next(scored_on, today, "/scored_on")
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
        score = self.score
        self._require_status(Status.SCORED, Status.RESERVE, Status.ADMITTED)
        if score is None or STANDING_AFTER[decision] is self.standing:
            raise Rejected("registry.decision_unchanged", {"status": str(self.standing)})
        self._require_next(decided_on, today, "/decided_on")
        require_four_eyes(by, score.scored_by)
        require_enough_points(decision, score, rules.criteria[self.kind].on(score.scored_on))
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
        self._require_status(Status.ADMITTED)
        self._require_next(started_on, today, "/started_on")
        personal = self.personal.on(started_on)
        require_eligible(Candidate(self.kind, personal, self.consents, started_on), rules)
        self._record(self.Enrolled, started_on, support=support)

    def suspend(self, *, suspended_on: date, reason: str, today: date) -> None:
        self._require_status(Status.ENROLLED)
        self._require_next(suspended_on, today, "/suspended_on")
        self._record(self.Suspended, suspended_on, reason=reason)

    def resume(self, *, resumed_on: date, today: date) -> None:
        self._require_status(Status.SUSPENDED)
        self._require_next(resumed_on, today, "/resumed_on")
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
        self._require_status(Status.ENROLLED, Status.SUSPENDED)
        self._require_next(exited_on, today, "/exited_on")
        self._record(self.Exited, exited_on, reason=reason, as_planned=as_planned, note=note)

    def record_outcome(
        self, *, observed_on: date, situation: Situation, today: date, rules: RegistryRules
    ) -> None:
        episode = self._final_episode(observed_on, today)
        if episode.outcome_observed_on and observed_on <= episode.outcome_observed_on:
            raise Rejected("registry.outcome_already_recorded")
        _require_within(outcome_window(self.latest_on, rules), observed_on)
        self._record(self.OutcomeRecorded, observed_on, situation=situation)

    def record_follow_up(
        self, *, observed_on: date, situation: Situation, today: date, rules: RegistryRules
    ) -> None:
        episode = self._final_episode(observed_on, today)
        if episode.follow_up_observed_on:
            raise Rejected("registry.follow_up_already_recorded")
        _require_within(follow_up_window(self.latest_on, rules), observed_on)
        self._record(self.FollowUpRecorded, observed_on, situation=situation)

    def re_enter(self, *, re_entered_on: date, support: str, today: date) -> None:
        """Support starts again: a further episode, from the day after the exit at the earliest."""
        self._require_status(Status.EXITED)
        self._require_next(re_entered_on, today, "/re_entered_on")
        if re_entered_on == self.latest_on:
            raise Rejected("registry.still_in_support", pointer="/re_entered_on")
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
        self._require_status(*OWN_RECORD)
        _require_known_day(given_on, "/given_on", today, rules)
        current = consents.in_force(self.consents, purpose, given_on)
        if current and current.text_version == text_version:
            raise Rejected("registry.consent_already_given", pointer="/text_version")
        self._record(self.ConsentGiven, given_on, purpose=purpose, text_version=text_version)

    def withdraw_consent(self, *, purpose: Purpose, withdrawn_on: date, today: date) -> None:
        self._require_status(*OWN_RECORD)
        _require_not_after(today, withdrawn_on, "/withdrawn_on")
        if not consents.in_force(self.consents, purpose, withdrawn_on):
            raise Rejected("registry.consent_not_in_force", pointer="/purpose")
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
        self._require_status(*OWN_RECORD)
        _require_known_day(requested_on, "/requested_on", today, rules)
        day = in_force_on or requested_on
        _require_not_after(today, day, "/in_force_on")
        news = self.personal.news(checked(personal, today, rules), day)
        fields = (*pointers(news), *self.personal.retractable(retracted, news, day))
        if not fields:
            raise Rejected("registry.nothing_changed")
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

    def decide_correction(
        self,
        *,
        correction_id: UUID,
        decided_on: date,
        approve: bool,
        justification: str,
        by: str,
        today: date,
    ) -> None:
        """Another person than the one who asked approves or rejects."""
        self._require_status(*OWN_RECORD)
        correction = self._open_correction(correction_id)
        _require_not_after(today, decided_on, "/decided_on")
        _require_not_before(correction.requested_on, decided_on, "/decided_on")
        require_four_eyes(by, correction.requested_by)
        decision = {
            "correction_id": correction_id,
            "decided_by": by,
            "justification": justification,
        }
        if not approve:
            self._record(self.CorrectionRejected, decided_on, **decision)
            return
        self._require_not_overtaken(correction)
        self._record(
            self.Corrected,
            decided_on,
            in_force_on=correction.in_force_on,
            fields=correction.fields,
            **correction.proposed._asdict(),
            **decision,
        )

    def merge_into(self, kept: "Participant", *, case_id: UUID, decided_on: date) -> None:
        """End this record in favour of another of the same person.

        The first start stays the first: the record that is kept is the one that started first.
        """
        self._require_status(*OWN_RECORD)
        if kept.id == self.id or kept.status not in OWN_RECORD:
            raise Rejected("registry.kept_not_usable", pointer="/kept")
        if self.started_on and (kept.started_on is None or self.started_on < kept.started_on):
            raise Rejected("registry.kept_started_later", pointer="/kept")
        self._record(self.MergedInto, decided_on, into=kept.id, case_id=case_id)

    def undo_merge(self, *, case_id: UUID, decided_on: date) -> None:
        self._require_status(Status.MERGED)
        self._record(self.MergeUndone, decided_on, out_of=self.merged_into, case_id=case_id)

    def _record(self, event_class: type[Event], on: date, **facts: Any) -> None:
        """Record a fact, unless it holds personal data of a class whose key was destroyed."""
        for name, data_class in personal_fields(event_class).items():
            if facts.get(name) is not None:
                self.personal.require(data_class)
        self.record(event_class, occurred_on=on, **facts)

    def _require_status(self, *allowed: Status) -> None:
        if self.status not in allowed:
            raise Rejected(
                "registry.wrong_status", {"status": self.status, "allowed": list(allowed)}
            )

    def _require_next(self, day: date, today: date, pointer: str) -> None:
        """Steps of the lifecycle follow one another; what is recorded late keeps its own day."""
        _require_not_before(self.latest_on, day, pointer)
        _require_not_after(today, day, pointer)

    def _final_episode(self, observed_on: date, today: date) -> Episode:
        """Results belong to the final exit; after a re-entry there is none yet."""
        self._require_status(Status.EXITED)
        _require_not_after(today, observed_on, "/observed_on")
        return self.episodes[-1]

    def _open_correction(self, correction_id: UUID) -> Correction:
        correction = self.corrections.get(correction_id)
        if correction is None:
            raise Rejected("registry.correction_unknown", pointer="/correction_id")
        if correction.state is not CorrectionState.REQUESTED:
            raise Rejected("registry.correction_decided", {"state": correction.state})
        return correction

    def _require_not_overtaken(self, correction: Correction) -> None:
        """A request about a value that has changed since would silently undo that change."""
        for pointer in correction.fields:
            self.personal.require(split(pointer)[0])
        now = self.personal.facts_in_force(correction.fields, correction.in_force_on)
        if changed := [p for p in correction.fields if now[p] != correction.replaced[p]]:
            raise Rejected("registry.correction_overtaken", {"fields": changed})


def _require_known_day(day: date, pointer: str, today: date, rules: RegistryRules) -> None:
    """Facts that no earlier step bounds still fall into the days the rules know."""
    _require_not_after(today, day, pointer)
    rules.project.on(day, pointer)


def _require_not_after(today: date, day: date, pointer: str) -> None:
    """Nothing is recorded as true on a day that has not come."""
    if day > today:
        raise Rejected("registry.date_in_future", {"not_after": today.isoformat()}, pointer)


def _require_not_before(earliest: date, day: date, pointer: str) -> None:
    if day < earliest:
        raise Rejected("registry.date_too_early", {"not_before": earliest.isoformat()}, pointer)


def _require_within(window: Window, observed_on: date) -> None:
    if observed_on not in window:
        raise Rejected(
            "registry.outside_window",
            {"first": window.first.isoformat(), "last": window.last.isoformat()},
            "/observed_on",
        )
