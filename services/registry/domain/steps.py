"""The steps of the lifecycle: as they were recorded, and as they should have been."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple

from shared.contracts.registry.vocabulary import CorrectedStep, ExitReason, Situation, StepKind
from shared.kernel.aggregate import Event
from shared.kernel.personal import Absent, Unreadable

DAY: Final = "occurred_on"
TOLD: Final[Mapping[StepKind, Mapping[str, str]]] = {
    StepKind.EXIT: {"exit_reason": "reason", "as_planned": "as_planned"},
    StepKind.OUTCOME: {"situation": "situation"},
    StepKind.FOLLOW_UP: {"situation": "situation"},
}
"""What can be corrected of a step besides its day: the name of the fact, and the event's field."""


class StepFacts(NamedTuple):
    """What a step says, as far as it can be corrected; None: it says nothing of the kind."""

    occurred_on: date
    exit_reason: ExitReason | Unreadable | None = None
    as_planned: bool | None = None
    situation: Situation | Unreadable | None = None


class Step(Event):
    """A fact of the lifecycle, the order and the terms of which depend on its day."""

    STEP: ClassVar[StepKind]

    @property
    def facts(self) -> StepFacts:
        fields = TOLD.get(self.STEP, {})
        told: dict[str, Any] = {name: getattr(self, field) for name, field in fields.items()}
        return StepFacts(self.occurred_on, **told)


class Amendment(NamedTuple):
    """How some steps should have been recorded, by their versions; None: as they were."""

    steps: tuple[CorrectedStep, ...]
    exit_reasons: Mapping[int, ExitReason] | Unreadable | None = None
    situations: Mapping[int, Situation] | Unreadable | None = None

    def amend(self, event: Event) -> Event:
        """The event as it should have been recorded; itself unless it is one of the steps."""
        for step in self.steps:
            if step.version == event.originator_version:
                return event.model_copy(update=self._right(step))
        return event

    def _right(self, step: CorrectedStep) -> dict[str, Any]:
        """The right values by field of the event. What cannot be read stays as unread as it was."""
        facts = {
            "exit_reason": _of(self.exit_reasons, step.version),
            "as_planned": step.as_planned,
            "situation": _of(self.situations, step.version),
        }
        fields = TOLD.get(step.step, {})
        right = {field: facts[name] for name, field in fields.items() if facts[name] is not None}
        return {DAY: step.is_on, **right}


def _of(values: Mapping[int, Any] | Unreadable | None, version: int) -> Any:
    return None if values is None or isinstance(values, Absent) else values.get(version)
