"""The words of the rule language: what a condition may ask of a person or of a row."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from services.reporting.domain.history.person import History
from services.reporting.domain.history.rows import ABOUT_PARTICIPANTS, UNIVERSES
from shared.contracts.kasa.vocabulary.calls import Offer
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseKind
from shared.contracts.kasa.vocabulary.undertakings import AidBasis
from shared.contracts.registry.vocabulary import (
    Answer,
    Education,
    Ground,
    Kind,
    LabourStatus,
    Sex,
)
from shared.contracts.research.vocabulary.studies import Method
from shared.contracts.training.vocabulary import Mode, Result

PERSONS: Final = "persons"
AGE_BAND: Final = "age_band"
"""A breakdown by the bands of the set; who is in none of them is in no cell."""


class Type(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    FLAG = "flag"
    TAGS = "tags"


class Column(NamedTuple):
    """`labels` None: any text. `reads` names the sources of a history that the value rests on."""

    type: Type
    reads: tuple[str, ...]
    labels: tuple[str, ...] | None = None
    value: Callable[[History], Any] = lambda _: None
    special: bool = False
    """Rests on data of GDPR art. 9 or 10, asked but never demanded."""


def _entry(name: str) -> Callable[[History], Any]:
    return lambda history: history.at_entry.get(name)


def _situation(
    part: Callable[[History], Any], name: str, default: Any = False
) -> Callable[[History], Any]:
    def value(history: History) -> Any:
        situation = part(history)
        return default if situation is None else situation.get(name, default)

    return value


def _outcome(history: History) -> Any:
    return history.outcome


def _follow_up(history: History) -> Any:
    return history.follow_up


def _answer(name: str) -> Column:
    labels = tuple(Answer)
    return Column(Type.CHOICE, (name, "entry"), labels, _entry(name), special=True)


PERSON_COLUMNS: Final[Mapping[str, Column]] = {
    "group": Column(Type.CHOICE, ("record",), tuple(Kind), lambda each: each.group),
    "partner": Column(Type.CHOICE, ("record",), None, lambda each: each.partner),
    "sex": Column(Type.CHOICE, ("sex", "entry"), tuple(Sex), _entry("sex")),
    "status_at_entry": Column(
        Type.CHOICE, ("labour_status", "entry"), tuple(LabourStatus), _entry("labour_status")
    ),
    "education_at_entry": Column(
        Type.CHOICE, ("education", "entry"), tuple(Education), _entry("education")
    ),
    "citizenship": Column(Type.CHOICE, ("citizenship", "entry"), None, _entry("citizenship")),
    "age_at_start": Column(Type.NUMBER, ("born_on", "entry"), None, lambda each: each.age_at_start),
    "months_unemployed": Column(
        Type.NUMBER, ("unemployed_since", "entry"), None, lambda each: each.months_unemployed
    ),
    "ground": Column(
        Type.TAGS, ("grounds", "entry"), tuple(Ground), _entry("grounds"), special=True
    ),
    "disability": _answer("disability"),
    "minority": _answer("minority"),
    "foreign_origin": _answer("foreign_origin"),
    "homeless": _answer("homeless"),
    "situation_after_exit": Column(
        Type.CHOICE,
        ("outcome", "stay"),
        tuple(LabourStatus),
        _situation(_outcome, "labour_status", None),
    ),
    "in_education_after_exit": Column(
        Type.FLAG, ("outcome", "stay"), None, _situation(_outcome, "in_education_or_training")
    ),
    "qualified_after_exit": Column(
        Type.FLAG, ("outcome", "stay"), None, _situation(_outcome, "gained_qualification")
    ),
    "searching_after_exit": Column(
        Type.FLAG, ("outcome", "stay"), None, _situation(_outcome, "searching_for_work")
    ),
    "outcome_days": Column(Type.NUMBER, ("outcome", "stay"), None, lambda each: each.outcome_days),
    "qualified_days": Column(
        Type.NUMBER, ("qualification", "stay"), None, lambda each: each.qualified_days
    ),
    "situation_six_months_later": Column(
        Type.CHOICE,
        ("follow_up", "stay"),
        tuple(LabourStatus),
        _situation(_follow_up, "labour_status", None),
    ),
    "improved_six_months_later": Column(
        Type.FLAG, ("follow_up", "stay"), None, _situation(_follow_up, "improved")
    ),
    "follow_up_days": Column(
        Type.NUMBER, ("follow_up", "stay"), None, lambda each: each.follow_up_days
    ),
    "re_entries": Column(Type.NUMBER, ("stay",), None, lambda each: each.re_entries),
    "entered": Column(
        Type.FLAG, ("record", "entry"), None, lambda each: each.started_on is not None
    ),
    "left": Column(Type.FLAG, ("stay",), None, lambda each: each.exited_on is not None),
    "own_record": Column(Type.FLAG, ("record",), None, lambda each: each.merged_into is None),
    "monitoring_unreadable": Column(
        Type.FLAG, ("record",), None, lambda each: each.monitoring_unreadable
    ),
    "special_unreadable": Column(
        Type.FLAG, ("record",), None, lambda each: each.special_unreadable
    ),
}
MINIMUM_RECORD: Final = ("sex", "status_at_entry", "age_at_start", "education_at_entry")
"""The non-sensitive data without which nobody is counted but in the grand total."""
ROW: Final = ("row",)
ROW_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "basis": tuple(AidBasis),
    "kind": tuple(EnterpriseKind),
    "method": tuple(Method),
    "mode": tuple(Mode),
    "offer": tuple(Offer),
    "result": tuple(Result),
}
"""Of the attributes of rows that are words of other services."""


def columns_of(universe: str) -> Mapping[str, Column]:
    """What a condition on this kind of row may name. Rows about participants know the person."""
    if universe == PERSONS:
        return PERSON_COLUMNS
    own = {name: Column(Type.CHOICE, ROW, ROW_LABELS.get(name)) for name in UNIVERSES[universe]}
    own |= {"open": Column(Type.FLAG, ROW), "amount": Column(Type.NUMBER, ROW)}
    return dict(PERSON_COLUMNS) | own if universe in ABOUT_PARTICIPANTS else own
