"""One participant as the registry's facts tell, whatever the day one looks at.

A correction replaces what was told before, so a record is right as far as it is known. A participant
who was merged into another has no numbers of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.reporting.domain.history.facts import Fact, Opened, Origin
from shared.contracts.registry.vocabulary import StepKind
from shared.kernel.personal import Absent, DataClass, Unreadable

Sources = tuple[Origin, ...]
LIFECYCLE: Final[Mapping[str, tuple[StepKind, str]]] = {
    "registry.participant_enrolled.v1": (StepKind.START, "started_on"),
    "registry.participant_exited.v1": (StepKind.EXIT, "exited_on"),
    "registry.outcome_recorded.v1": (StepKind.OUTCOME, "observed_on"),
    "registry.follow_up_recorded.v1": (StepKind.FOLLOW_UP, "observed_on"),
    "registry.participant_re_entered.v1": (StepKind.RE_ENTRY, "re_entered_on"),
}
"""The steps that numbers depend on, with the field that holds their day."""
PARTICIPANT_KINDS: Final = frozenset(LIFECYCLE) | {
    "registry.participant_registered.v1",
    "registry.participant_updated.v1",
    "registry.participant_corrected.v1",
    "registry.steps_corrected.v1",
    "registry.participant_merged.v1",
    "registry.merge_undone.v1",
    "registry.participant_erased.v1",
}
CLASSES: Final = (DataClass.MONITORING, DataClass.SPECIAL)


@dataclass(slots=True)
class Step:
    kind: StepKind
    on: date
    sources: Sources
    situation: Mapping[str, Any] | Unreadable | None = None


@dataclass(slots=True)
class Value:
    """A value, the day from which it was true, and the facts that say so."""

    true_from: date
    value: Any
    sources: Sources


@dataclass(slots=True)
class Record:
    subject: UUID
    group: str | None = None
    partner: str | None = None
    applied_on: date | None = None
    sources: Sources = ()
    steps: list[Step] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    """By pointer, in order of the days from which they were true."""
    unreadable: dict[DataClass, Unreadable] = field(default_factory=dict)
    merged_into: UUID | None = None

    def tell(self, fact: Fact) -> None:
        """Evolve by the next fact; what numbers do not depend on is passed over."""
        if told := LIFECYCLE.get(fact.kind):
            self._take(told[0], date.fromisoformat(fact.data[told[1]]), fact)
            return
        match fact.kind:
            case "registry.participant_registered.v1":
                self._register(fact)
            case "registry.participant_updated.v1":
                self._learn(fact)
            case "registry.participant_corrected.v1":
                self._correct(fact)
            case "registry.steps_corrected.v1":
                self._correct_steps(fact)
            case "registry.participant_merged.v1":
                self._merge(fact)
            case "registry.merge_undone.v1":
                self._undo_merge(fact)
            case "registry.participant_erased.v1":
                self._erase(fact)

    def in_force(self, pointer: str, day: date) -> Value | None:
        """The first value also stands for the days before it, since nothing else is known."""
        values = self.values.get(pointer)
        if not values:
            return None
        if len(values) == 1:
            return values[0]
        begun = [value for value in values if value.true_from <= day]
        return begun[-1] if begun else values[0]

    def besides(self, pointer: str, value: Value) -> Sources:
        """The facts of the other values of a field: which one is in force depends on them too."""
        values = self.values[pointer]
        if len(values) == 1:
            return ()
        return tuple(origin for each in values if each is not value for origin in each.sources)

    def _take(self, kind: StepKind, on: date, fact: Fact) -> None:
        opened = fact.monitoring
        situation = opened if isinstance(opened, Absent) else opened and opened.get("situation")
        self.steps.append(Step(kind, on, (fact.origin,), situation))

    def _register(self, fact: Fact) -> None:
        self.group, self.partner = fact.data["kind"], fact.data["partner"]
        self.applied_on = fact.occurred_on
        self.sources = (fact.origin, *self.sources)
        self._learn(fact)

    def _learn(self, fact: Fact) -> None:
        for data_class, opened in zip(CLASSES, (fact.monitoring, fact.special), strict=True):
            for name, value in self._given(data_class, opened).items():
                if value is not None:
                    values = self.values.setdefault(f"/{data_class}/{name}", [])
                    values.append(Value(fact.occurred_on, value, (fact.origin,)))
                    values.sort(key=lambda each: each.true_from)

    def _correct(self, fact: Fact) -> None:
        """Replace the values in force on a day; a field that is named without a value is unknown."""
        day = date.fromisoformat(fact.data["in_force_on"])
        boxes = {DataClass.MONITORING: fact.monitoring, DataClass.SPECIAL: fact.special}
        for pointer in fact.data["fields"]:
            _, name_of_class, name = pointer.split("/")
            if name_of_class not in boxes:
                continue
            data_class = DataClass(name_of_class)
            value = self._given(data_class, boxes[data_class]).get(name)
            if wrong := self.in_force(pointer, day):
                wrong.value = value
                wrong.sources = (*wrong.sources, fact.origin)
            else:
                self.values[pointer] = [Value(day, value, (fact.origin,))]

    def _correct_steps(self, fact: Fact) -> None:
        """Each step is known by its kind and the day it was recorded on: none has its like."""
        opened = fact.monitoring
        situations = (
            {} if opened is None or isinstance(opened, Absent) else opened.get("situations") or {}
        )
        found = [(each, self._step(each["step"], each["was_on"])) for each in fact.data["steps"]]
        for told, step in found:
            if told["step"] == StepKind.APPLICATION:
                self.applied_on = date.fromisoformat(told["is_on"])
                self.sources = (*self.sources, fact.origin)
            if step is None:
                continue
            step.on = date.fromisoformat(told["is_on"])
            step.sources = (*step.sources, fact.origin)
            right = situations.get(str(told["version"]))
            if right is not None and not isinstance(step.situation, Absent):
                step.situation = right

    def _step(self, kind: str, was_on: str) -> Step | None:
        day = date.fromisoformat(was_on)
        matching = (step for step in reversed(self.steps) if step.kind == kind and step.on == day)
        return next(matching, None)

    def _merge(self, fact: Fact) -> None:
        self.merged_into = UUID(str(fact.data["into"]))
        self.sources = (*self.sources, fact.origin)

    def _undo_merge(self, fact: Fact) -> None:
        self.merged_into = None
        self.sources = (*self.sources, fact.origin)

    def _erase(self, fact: Fact) -> None:
        """What was sealed cannot be read, whichever of the boxes is looked at."""
        for data_class in CLASSES:
            if data_class in fact.data["data_classes"]:
                self.unreadable[data_class] = Absent.ERASED
        self.sources = (*self.sources, fact.origin)

    def _given(self, data_class: DataClass, opened: Opened) -> Mapping[str, Any]:
        if isinstance(opened, Absent):
            self.unreadable[data_class] = opened
            return {}
        return (opened or {}).get(data_class.value) or {}
