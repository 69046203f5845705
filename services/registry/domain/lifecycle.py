"""What each step of the lifecycle must satisfy on its day, recorded for the first time or corrected.

Each function answers for one step, given the participant as it was before that step; it raises
`Rejected` when the step cannot follow.
"""

from datetime import date

from services.registry.domain import consents
from services.registry.domain.eligibility import Candidate, require_eligible
from services.registry.domain.participant_history import (
    STANDING_AFTER,
    Episode,
    ParticipantHistory,
)
from services.registry.domain.recruitment import Score, require_enough_points, require_four_eyes
from services.registry.domain.rules import RegistryRules
from services.registry.domain.windows import Window, follow_up_window, outcome_window
from shared.contracts.registry.vocabulary import Purpose, RecruitmentDecision, Status
from shared.kernel.days import require_not_before
from shared.kernel.errors import Rejected


def require_applicable(before: ParticipantHistory, applied_on: date, rules: RegistryRules) -> None:
    if before.standing is not None:
        raise Rejected("registry.already_registered")
    rules.project.on(applied_on, "/applied_on")


def require_scorable(before: ParticipantHistory, scored_on: date) -> None:
    """Until support starts an appeal can lead to a new scoring, but not after an admission."""
    require_status(before, Status.APPLIED, Status.SCORED, Status.RESERVE, Status.REFUSED)
    _require_next(before, scored_on, "/scored_on")


def require_decidable(
    before: ParticipantHistory,
    decided_on: date,
    decision: RecruitmentDecision,
    by: str,
    rules: RegistryRules,
) -> Score:
    """The score that the decision rests on."""
    score = before.score
    require_status(before, Status.SCORED, Status.RESERVE, Status.ADMITTED)
    if score is None or STANDING_AFTER[decision] is before.standing:
        raise Rejected("registry.decision_unchanged", {"status": str(before.standing)})
    _require_next(before, decided_on, "/decided_on")
    require_four_eyes(by, score.scored_by)
    require_enough_points(decision, score, rules.criteria[before.kind].on(score.scored_on))
    return score


def require_startable(before: ParticipantHistory, started_on: date, rules: RegistryRules) -> None:
    """Support starts after admission and for an eligible person."""
    require_status(before, Status.ADMITTED)
    _require_next(before, started_on, "/started_on")
    personal = before.personal.on(started_on)
    require_eligible(Candidate(before.kind, personal, before.consents, started_on), rules)


def require_suspendable(before: ParticipantHistory, suspended_on: date) -> None:
    require_status(before, Status.ENROLLED)
    _require_next(before, suspended_on, "/suspended_on")


def require_resumable(before: ParticipantHistory, resumed_on: date) -> None:
    require_status(before, Status.SUSPENDED)
    _require_next(before, resumed_on, "/resumed_on")


def require_leavable(before: ParticipantHistory, exited_on: date) -> None:
    require_status(before, Status.ENROLLED, Status.SUSPENDED)
    _require_next(before, exited_on, "/exited_on")


def require_outcome_due(
    before: ParticipantHistory, observed_on: date, rules: RegistryRules
) -> None:
    """A later observation within the window is the newer one."""
    observed_before = _final_episode(before).outcome_observed_on
    if observed_before and observed_on <= observed_before:
        raise Rejected("registry.outcome_already_recorded")
    _require_within(outcome_window(before.latest_on, rules), observed_on)


def require_follow_up_due(
    before: ParticipantHistory, observed_on: date, rules: RegistryRules
) -> None:
    if _final_episode(before).follow_up_observed_on:
        raise Rejected("registry.follow_up_already_recorded")
    _require_within(follow_up_window(before.latest_on, rules), observed_on)


def require_re_enterable(before: ParticipantHistory, re_entered_on: date) -> None:
    """A further episode begins on the day after the exit at the earliest."""
    require_status(before, Status.EXITED)
    _require_next(before, re_entered_on, "/re_entered_on")
    if re_entered_on == before.latest_on:
        raise Rejected("registry.still_in_support", pointer="/re_entered_on")


def require_consent_new(
    before: ParticipantHistory,
    given_on: date,
    purpose: Purpose,
    text_version: str,
    rules: RegistryRules,
) -> None:
    rules.project.on(given_on, "/given_on")
    current = consents.in_force(before.consents, purpose, given_on)
    if current and current.text_version == text_version:
        raise Rejected("registry.consent_already_given", pointer="/text_version")


def require_consent_given(before: ParticipantHistory, withdrawn_on: date, purpose: Purpose) -> None:
    if not consents.in_force(before.consents, purpose, withdrawn_on):
        raise Rejected("registry.consent_not_in_force", pointer="/purpose")


def require_status(participant: ParticipantHistory, *allowed: Status) -> None:
    if participant.status not in allowed:
        raise Rejected(
            "registry.wrong_status", {"status": participant.status, "allowed": list(allowed)}
        )


def _require_next(before: ParticipantHistory, day: date, pointer: str) -> None:
    """Steps of the lifecycle follow one another; what is recorded late keeps its own day."""
    require_not_before(before.latest_on, day, pointer)


def _final_episode(before: ParticipantHistory) -> Episode:
    """Results belong to the final exit; after a re-entry there is none yet."""
    require_status(before, Status.EXITED)
    return before.episodes[-1]


def _require_within(window: Window, observed_on: date) -> None:
    if observed_on not in window:
        raise Rejected(
            "registry.outside_window",
            {"first": window.first.isoformat(), "last": window.last.isoformat()},
            "/observed_on",
        )
