"""A participant as true on a day: what the indicators of persons read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.reporting.domain.history.record import Record, Sources, Step
from shared.contracts.registry.vocabulary import StepKind
from shared.kernel.days import months_after
from shared.kernel.personal import Absent, DataClass

AT_ENTRY: Final = {
    DataClass.MONITORING: (
        "sex",
        "born_on",
        "citizenship",
        "education",
        "labour_status",
        "unemployed_since",
    ),
    DataClass.SPECIAL: ("grounds", "disability", "minority", "foreign_origin", "homeless"),
}
OTHERS: Final = "/others"
"""Suffix of a field: the facts of its values that were not in force on the day of the entry."""
DAYS: Final = frozenset({"born_on", "unemployed_since"})
PART_OF: Final = {
    StepKind.START: "entry",
    StepKind.OUTCOME: "outcome",
    StepKind.FOLLOW_UP: "follow_up",
}
"""Where the sources of a step are kept; those of exits and re-entries with the whole stay."""
LATER_MONTHS: Final = 6
"""The longer-term situation is that of six months after exit (Reg. (EU) 1304/2013, annex I)."""


@dataclass(slots=True)
class History:
    """`sources` names the facts that each part rests on: `record`, `entry`, `stay` (all entries and
    exits), `outcome`, `follow_up`, and each field of the personal record by its name.
    """

    subject: UUID
    group: str | None
    partner: str | None
    merged_into: UUID | None
    applied_on: date | None = None
    started_on: date | None = None
    """Of the first entry, for ever."""
    re_entries: int = 0
    exited_on: date | None = None
    """Of the final exit; None while the participant is in support."""
    outcome: Any = None
    outcome_on: date | None = None
    follow_up: Any = None
    follow_up_on: date | None = None
    at_entry: dict[str, Any] = field(default_factory=dict)
    """The personal record in force on the day of the first entry, by name of the field."""
    qualified_on: date | None = None
    """Of the first qualification that training told of."""
    monitoring_unreadable: bool = False
    special_unreadable: bool = False
    sources: dict[str, Sources] = field(default_factory=dict)

    @property
    def age_at_start(self) -> int | None:
        """Completed years on the day of the first entry."""
        born = self.at_entry.get("born_on")
        return None if born is None or self.started_on is None else age(born, self.started_on)

    @property
    def months_unemployed(self) -> int | None:
        """Months begun on the day of the first entry: «more than 12 months» is above 12."""
        since = self.at_entry.get("unemployed_since")
        return (
            None
            if since is None or self.started_on is None
            else months_begun(since, self.started_on)
        )

    @property
    def outcome_days(self) -> int | None:
        """Days from the final exit to the observation of the immediate result."""
        if self.outcome_on is None or self.exited_on is None:
            return None
        return (self.outcome_on - self.exited_on).days

    @property
    def follow_up_days(self) -> int | None:
        """Days from six months after the final exit to the observation."""
        if self.follow_up_on is None or self.exited_on is None:
            return None
        return (self.follow_up_on - months_after(self.exited_on, LATER_MONTHS)).days

    @property
    def qualified_days(self) -> int | None:
        """Days from the final exit to the first qualification; below zero when it came before."""
        if self.qualified_on is None or self.exited_on is None:
            return None
        return (self.qualified_on - self.exited_on).days


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_begun(since: date, day: date) -> int:
    if day <= since:
        return 0
    months = (day.year - since.year) * 12 + day.month - since.month
    return months + (months_after(since, months) < day)


def history_on(record: Record, day: date) -> History:
    """Steps of later days have not happened; the record of the entry is as right as it is known."""
    history = History(
        record.subject, record.group, record.partner, record.merged_into, record.applied_on
    )
    history.sources["record"] = record.sources
    history.monitoring_unreadable = DataClass.MONITORING in record.unreadable
    history.special_unreadable = DataClass.SPECIAL in record.unreadable
    history.sources["stay"] = ()
    for step in record.steps:
        if step.on <= day:
            _go(history, step)
            _rest_on(history, step.kind, step.sources)
        else:
            _rest_on(history, step.kind, step.sources[1:])
    _look_at_entry(history, record)
    return history


def _go(history: History, step: Step) -> None:
    match step.kind:
        case StepKind.START:
            history.started_on = step.on
        case StepKind.RE_ENTRY:
            history.re_entries += 1
            _forget_results(history)
        case StepKind.EXIT:
            _forget_results(history)
            history.exited_on = step.on
        case StepKind.OUTCOME:
            history.sources.pop("outcome", None)
            history.outcome_on, history.outcome = step.on, _told(history, step)
        case StepKind.FOLLOW_UP:
            history.sources.pop("follow_up", None)
            history.follow_up_on, history.follow_up = step.on, _told(history, step)


def _rest_on(history: History, kind: StepKind, sources: Sources) -> None:
    """Corrections that moved a step to a later day are why it has not happened by this one."""
    part = PART_OF.get(kind, "stay")
    history.sources[part] = history.sources.get(part, ()) + sources
    if kind is StepKind.START:
        history.sources["stay"] += sources


def _forget_results(history: History) -> None:
    """Results move to the final exit (Commission's monitoring guidance: one record)."""
    history.exited_on = history.outcome_on = history.follow_up_on = None
    history.outcome = history.follow_up = None
    history.sources.pop("outcome", None)
    history.sources.pop("follow_up", None)


def _told(history: History, step: Step) -> Any:
    if isinstance(step.situation, Absent) or history.monitoring_unreadable:
        history.monitoring_unreadable = True
        return None
    return step.situation


def _look_at_entry(history: History, record: Record) -> None:
    if history.started_on is None:
        return
    for data_class, names in AT_ENTRY.items():
        readable = data_class not in record.unreadable
        for name in names:
            found = record.in_force(f"/{data_class}/{name}", history.started_on)
            if found is None:
                continue
            history.sources[name] = found.sources
            if others := record.besides(f"/{data_class}/{name}", found):
                history.sources[name + OTHERS] = others
            if readable and found.value is not None:
                history.at_entry[name] = (
                    date.fromisoformat(found.value) if name in DAYS else found.value
                )
