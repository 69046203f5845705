"""What the project did, one row for each: an hour attended, a certificate, an enterprise, a payment.

A row is opened by one kind of fact and may be closed by another (a certificate revoked, a job place
lost). Which fact does what is a table, so that a further kind of row is a further line.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.reporting.domain.history.facts import Fact
from services.reporting.domain.history.record import Sources


@dataclass(slots=True)
class Row:
    unit: str
    day: date
    amount: int
    """Minutes, grosz, or hundredths of a full-time job; 1 where rows are counted."""
    attributes: Mapping[str, str]
    participant: UUID | None
    sources: Sources
    closed_on: date | None = None
    closed_by: Sources = ()

    def is_open(self, day: date) -> bool:
        return self.closed_on is None or day < self.closed_on


class Told(NamedTuple):
    """What one fact says of one row."""

    unit: str
    day: date
    amount: int = 1
    participant: UUID | None = None


Tell = Callable[[Fact], Iterator[Told]]


class Opening(NamedTuple):
    universe: str
    tell: Tell
    attributes: tuple[str, ...] = ()
    earliest: bool = False
    """Told of again, the earliest day stays; else the later fact is the right one."""


class Closing(NamedTuple):
    universe: str
    tell: Tell


def _single(
    day: str,
    unit: str | None = None,
    amount: Callable[[Mapping[str, Any]], int] | None = None,
    participant: str | None = None,
) -> Tell:
    def tell(fact: Fact) -> Iterator[Told]:
        data = fact.data
        who = data.get(participant) if participant else None
        yield Told(
            str(data[unit] if unit else fact.subject),
            date.fromisoformat(data[day]),
            amount(data) if amount else 1,
            UUID(str(who)) if who else None,
        )

    return tell


def _of_participant(day: str, unit: str) -> Tell:
    """The subject is the participant, and `unit` is what they did."""

    def tell(fact: Fact) -> Iterator[Told]:
        named = str(fact.data[unit])
        key = named if unit == "certificate_id" else f"{named}/{fact.subject}"
        yield Told(key, date.fromisoformat(fact.data[day]), 1, fact.subject)

    return tell


def _once(day: str, amount: Callable[[Mapping[str, Any]], int]) -> Tell:
    """Each fact is a row of its own."""

    def tell(fact: Fact) -> Iterator[Told]:
        day_of = date.fromisoformat(fact.data[day])
        yield Told(str(fact.origin.event_id), day_of, amount(fact.data))

    return tell


def _marks(fact: Fact) -> Iterator[Told]:
    held_on = date.fromisoformat(fact.data["held_on"])
    for mark in fact.data["marks"]:
        participant = mark["participant_id"]
        unit = f"{fact.subject}/{participant}"
        yield Told(unit, held_on, mark["minutes"], UUID(str(participant)))


def _corrected_mark(fact: Fact) -> Iterator[Told]:
    unit = f"{fact.data['session_id']}/{fact.subject}"
    held_on = date.fromisoformat(fact.data["held_on"])
    yield Told(unit, held_on, fact.data["minutes"], fact.subject)


def _trainer(fact: Fact) -> Iterator[Told]:
    day = date.fromisoformat(fact.data["delivered_on"])
    yield Told(f"{fact.subject}/{fact.data['trainer']}", day, fact.data["minutes"])


def _minutes(data: Mapping[str, Any]) -> int:
    return int(data["minutes"])


def _grosz(name: str, sign: int = 1) -> Callable[[Mapping[str, Any]], int]:
    return lambda data: sign * int(Decimal(str(data[name]["amount"])) * 100)


def _hundredths(data: Mapping[str, Any]) -> int:
    return int(Decimal(data["share"]) * 100)


OPENED_BY: Final[Mapping[str, tuple[Opening, ...]]] = {
    "training.edition_opened.v1": (
        Opening("editions", _single("opened_on"), ("result", "partner")),
    ),
    "training.session_held.v1": (
        Opening("sessions", _single("held_on", amount=_minutes), ("mode",)),
    ),
    "training.trainer_hours_delivered.v1": (Opening("trainer_hours", _trainer),),
    "training.attendance_settled.v1": (Opening("attendance", _marks),),
    "training.attendance_corrected.v1": (Opening("attendance", _corrected_mark),),
    "training.course_completed.v1": (
        Opening("completions", _of_participant("completed_on", "edition_id")),
    ),
    "training.competence_confirmed.v1": (
        Opening("competences", _of_participant("confirmed_on", "edition_id")),
    ),
    "training.qualification_gained.v1": (
        Opening("qualifications", _of_participant("gained_on", "edition_id")),
    ),
    "training.certificate_issued.v1": (
        Opening("certificates", _of_participant("issued_on", "certificate_id"), ("result",)),
    ),
    "kasa.enterprise_founded.v1": (
        Opening("enterprises", _single("founded_on"), ("kind", "partner")),
    ),
    "kasa.job_place_created.v1": (
        Opening(
            "job_places",
            _single("created_on", "place_id", _hundredths, participant="participant_id"),
        ),
    ),
    "kasa.de_minimis_granted.v1": (
        Opening("aid", _single("granted_on", "aid_id", _grosz("amount_pln")), ("basis",)),
        Opening("supported_enterprises", _single("granted_on"), earliest=True),
    ),
    "kasa.advice_delivered.v1": (
        Opening("advice", _single("delivered_on", "consultation_id", _minutes)),
        Opening("supported_enterprises", _single("delivered_on"), earliest=True),
    ),
    "kasa.contract_signed.v1": (
        Opening("contracts", _single("signed_on", "contract_id", _grosz("amount")), ("offer",)),
        Opening("supported_enterprises", _single("signed_on"), earliest=True),
    ),
    "kasa.disbursed.v1": (Opening("payments", _once("paid_on", _grosz("amount")), ("offer",)),),
    "kasa.repaid.v1": (Opening("repayments", _once("value_on", _grosz("amount")), ("offer",)),),
    "kasa.repayment_reversed.v1": (
        Opening("repayments", _once("reversed_on", _grosz("amount", -1)), ("offer",)),
    ),
    "research.study_opened.v1": (Opening("studies", _single("opened_on"), ("method", "partner")),),
    "research.diagnosis_published.v1": (
        Opening("diagnoses", _single("published_on", "diagnosis_id")),
    ),
}
CLOSED_BY: Final[Mapping[str, Closing]] = {
    "training.course_not_completed.v1": Closing(
        "completions", _of_participant("closed_on", "edition_id")
    ),
    "training.certificate_revoked.v1": Closing(
        "certificates", _of_participant("revoked_on", "certificate_id")
    ),
    "kasa.job_place_lost.v1": Closing("job_places", _single("lost_on", "place_id")),
}
UNIVERSES: Final[Mapping[str, tuple[str, ...]]] = {
    opening.universe: opening.attributes for openings in OPENED_BY.values() for opening in openings
}
"""The kinds of rows, with their attributes."""
ABOUT_PARTICIPANTS: Final = frozenset(
    {"attendance", "completions", "competences", "qualifications", "certificates", "job_places"}
)
ROW_KINDS: Final = frozenset(OPENED_BY) | frozenset(CLOSED_BY)


@dataclass(slots=True)
class Rows:
    """All rows as far as known, by universe and unit."""

    by_universe: dict[str, dict[str, Row]] = field(
        default_factory=lambda: {universe: {} for universe in UNIVERSES}
    )

    def tell(self, fact: Fact) -> None:
        for opening in OPENED_BY.get(fact.kind, ()):
            for told in opening.tell(fact):
                self._open(opening, told, fact)
        if closing := CLOSED_BY.get(fact.kind):
            for told in closing.tell(fact):
                self._close(closing, told, fact)

    def _open(self, opening: Opening, told: Told, fact: Fact) -> None:
        rows = self.by_universe[opening.universe]
        before = rows.get(told.unit)
        if opening.earliest and before and before.day <= told.day:
            return
        attributes = {name: str(fact.data[name]) for name in opening.attributes}
        sources = (*before.sources, fact.origin) if before else (fact.origin,)
        if opening.earliest:
            sources = (fact.origin,)
        rows[told.unit] = Row(
            told.unit, told.day, told.amount, attributes, told.participant, sources
        )

    def _close(self, closing: Closing, told: Told, fact: Fact) -> None:
        row = self.by_universe[closing.universe].get(told.unit)
        if row is not None:
            row.closed_on = told.day
            row.closed_by = (*row.closed_by, fact.origin)
