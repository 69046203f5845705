"""What a correction of steps asks for, and whether the history may read like that.

The corrected history is judged as if it had been recorded so at once, step by step and by the rules
in force on the right days: who corrects a day cannot reach what could not have been recorded.
"""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any, Final

from services.registry.domain import lifecycle
from services.registry.domain.participant_events import ParticipantEvents as Events
from services.registry.domain.participant_history import ParticipantHistory
from services.registry.domain.personal_record import readable
from services.registry.domain.rules import RegistryRules
from services.registry.domain.steps import DAY, TOLD, Amendment, Step
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import CorrectedStep
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected

STEPS: Final = "/steps"


def proposed(participant: ParticipantHistory, right: Sequence[RightStep]) -> Amendment:
    """What differs from the record as it is known today.

    Raises `Rejected` for a step that does not exist, comes twice or tells nothing of the kind, and
    when nothing differs.
    """
    steps = [_step(participant, right, index) for index in range(len(right))]
    news = {
        step.originator_version: _news(step, asked, f"{STEPS}/{index}")
        for index, (step, asked) in enumerate(zip(steps, right, strict=True))
    }
    changed = [step for step in steps if news[step.originator_version]]
    if not changed:
        raise Rejected("nothing_changed")
    return Amendment(
        tuple(_corrected(step, news[step.originator_version]) for step in changed),
        _by_version(news, "exit_reason"),
        _by_version(news, "situation"),
    )


def require_lawful(
    participant: ParticipantHistory,
    amendment: Amendment,
    rules: RegistryRules,
    pointer: str | None = None,
) -> ParticipantHistory:
    """The participant as it will be. Steps before the first corrected one stay as they were judged.

    Raises the `Rejected` of the first step that could not have been recorded so, with that step;
    `pointer` is that of the steps in the request.
    """
    first = min(step.version for step in amendment.steps)
    rightly = type(participant)(participant.id)
    for recorded in participant.history:
        event = amendment.amend(recorded)
        if event.originator_version >= first:
            _require_recordable(event, rightly, rules, pointer)
        rightly.tell(event)
    if rightly.personal.in_order() != participant.personal.in_order():
        raise Rejected("registry.correction_crosses_update", pointer=pointer)
    return rightly


def _require_recordable(
    event: Event, before: ParticipantHistory, rules: RegistryRules, pointer: str | None
) -> None:
    try:
        _judge(event, before, rules)
    except Rejected as refusal:
        place = {"version": event.originator_version, DAY: event.occurred_on.isoformat()}
        if isinstance(event, Step):
            place["step"] = event.STEP
        raise Rejected(refusal.code, refusal.details | place, pointer) from None


@singledispatch
def _judge(_event: Event, _before: ParticipantHistory, _rules: RegistryRules) -> None:
    """What is no step of the lifecycle does not depend on the days of the steps."""


@_judge.register
def _(step: Events.Registered, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_applicable(before, step.occurred_on, rules)


@_judge.register
def _(step: Events.Scored, before: ParticipantHistory, rules: RegistryRules) -> None:
    """Points given by the criteria of one version are not those of another."""
    lifecycle.require_scorable(before, step.occurred_on)
    in_force = rules.criteria[before.kind].on(step.occurred_on).version
    if step.criteria_version != in_force:
        raise Rejected(
            "registry.other_criteria_in_force",
            {"applied": step.criteria_version, "in_force": in_force},
        )


@_judge.register
def _(step: Events.RecruitmentDecided, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_decidable(before, step.occurred_on, step.decision, step.decided_by, rules)


@_judge.register
def _(step: Events.Enrolled, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_startable(before, step.occurred_on, rules)


@_judge.register
def _(step: Events.Suspended, before: ParticipantHistory, _: RegistryRules) -> None:
    lifecycle.require_suspendable(before, step.occurred_on)


@_judge.register
def _(step: Events.Resumed, before: ParticipantHistory, _: RegistryRules) -> None:
    lifecycle.require_resumable(before, step.occurred_on)


@_judge.register
def _(step: Events.Exited, before: ParticipantHistory, _: RegistryRules) -> None:
    lifecycle.require_leavable(before, step.occurred_on)


@_judge.register
def _(step: Events.OutcomeRecorded, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_outcome_due(before, step.occurred_on, rules)


@_judge.register
def _(step: Events.FollowUpRecorded, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_follow_up_due(before, step.occurred_on, rules)


@_judge.register
def _(step: Events.ReEntered, before: ParticipantHistory, _: RegistryRules) -> None:
    lifecycle.require_re_enterable(before, step.occurred_on)


@_judge.register
def _(step: Events.ConsentGiven, before: ParticipantHistory, rules: RegistryRules) -> None:
    lifecycle.require_consent_new(before, step.occurred_on, step.purpose, step.text_version, rules)


@_judge.register
def _(step: Events.ConsentWithdrawn, before: ParticipantHistory, _: RegistryRules) -> None:
    lifecycle.require_consent_given(before, step.occurred_on, step.purpose)


def _step(participant: ParticipantHistory, right: Sequence[RightStep], index: int) -> Step:
    version, pointer = right[index].version, f"{STEPS}/{index}/version"
    step = participant.step(version)
    if step is None:
        raise Rejected("registry.step_unknown", {"version": version}, pointer)
    if any(other.version == version for other in right[:index]):
        raise Rejected("registry.step_doubled", {"version": version}, pointer)
    return step


def _news(step: Step, asked: RightStep, pointer: str) -> dict[str, Any]:
    """Those of the given facts that the step does not say already."""
    given = {name: value for name, value in asked if name != "version" and value is not None}
    if foreign := sorted(given.keys() - {DAY, *TOLD.get(step.STEP, ())}):
        raise Rejected("registry.fact_not_of_step", {"step": step.STEP}, f"{pointer}/{foreign[0]}")
    return {
        name: value for name, value in given.items() if value != readable(getattr(step.facts, name))
    }


def _corrected(step: Step, news: Mapping[str, Any]) -> CorrectedStep:
    told = step if isinstance(step, Events.ConsentGiven | Events.ConsentWithdrawn) else None
    return CorrectedStep(
        version=step.originator_version,
        step=step.STEP,
        was_on=step.occurred_on,
        is_on=news.get(DAY, step.occurred_on),
        as_planned=news.get("as_planned"),
        purpose=told and told.purpose,
    )


def _by_version(news: Mapping[int, Mapping[str, Any]], name: str) -> dict[int, Any] | None:
    return {version: facts[name] for version, facts in news.items() if name in facts} or None
