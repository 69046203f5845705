"""Reports that were submitted: held to their frozen datasets, and counted again from the events."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from services.audit.formats.verifier.archive import Pack
from services.audit.formats.verifier.texts import Faults, Refused, parse_json, told

EVENT_IDS: Final = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a001")
"""Namespace of the ids of public events, which derive from ledger and position."""


NOTED: Final = re.compile(r"reporting\.[A-Za-z]+\.FactNoted")
COMPUTED, SUBMITTED = "reporting.Report.Computed", "reporting.Report.Submitted"


class Fact(NamedTuple):
    """What reporting noted of another ledger's event, without what is sealed."""

    ledger: str
    position: int
    event_id: str
    kind: str
    about: str
    noted_at: int
    data: Mapping[str, Any]


@dataclass
class Told:
    """What reporting's ledger tells of facts and of reports."""

    faults: Faults
    facts: list[Fact] = field(default_factory=list)
    computed: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def observe(self, position: int, type_: str, payload: bytes) -> None:
        """Raises `Refused`."""
        if NOTED.fullmatch(type_):
            event = parse_json(payload)
            origin = told(event, "origin", dict)
            place = told(origin, "ledger", str), told(origin, "position", int)
            id_ = told(origin, "event_id", str)
            if id_ != str(uuid5(EVENT_IDS, "/".join(map(str, place)))):
                self.faults.add("reporting", "fact of no event", position)
            kind, about = told(event, "kind", str), told(event, "about", str)
            self.facts.append(Fact(*place, id_, kind, about, position, told(event, "data", dict)))
        elif type_ == COMPUTED:
            self.computed[position] = parse_json(payload)


class Sealed(Exception):
    """The condition asks for what is sealed."""


@dataclass
class Row:
    """One thing done, as the facts leave it."""

    day: date
    amount: int
    attributes: Mapping[str, str]
    closed_on: date | None = None


class Opens(NamedTuple):
    """A row of `universe`: its unit, its day, what it counts, its labels."""

    universe: str
    unit: str
    day: str
    amount: str = ""
    labels: tuple[str, ...] = ()
    earliest: bool = False


SUPPORTED: Final = "supported_enterprises"
OPENS: Final[Mapping[str, tuple[Opens, ...]]] = {
    "training.edition_opened.v1": (
        Opens("editions", "about", "opened_on", "", ("result", "partner")),
    ),
    "training.session_held.v1": (Opens("sessions", "about", "held_on", "minutes", ("mode",)),),
    "training.trainer_hours_delivered.v1": (
        Opens("trainer_hours", "about/trainer", "delivered_on", "minutes"),
    ),
    "training.attendance_corrected.v1": (
        Opens("attendance", "session_id/about", "held_on", "minutes"),
    ),
    "training.course_completed.v1": (Opens("completions", "edition_id/about", "completed_on"),),
    "training.competence_confirmed.v1": (Opens("competences", "edition_id/about", "confirmed_on"),),
    "training.qualification_gained.v1": (Opens("qualifications", "edition_id/about", "gained_on"),),
    "training.certificate_issued.v1": (
        Opens("certificates", "certificate_id", "issued_on", "", ("result",)),
    ),
    "kasa.enterprise_founded.v1": (
        Opens("enterprises", "about", "founded_on", "", ("kind", "partner")),
    ),
    "kasa.job_place_created.v1": (Opens("job_places", "place_id", "created_on", "share"),),
    "kasa.de_minimis_granted.v1": (
        Opens("aid", "aid_id", "granted_on", "amount_pln", ("basis",)),
        Opens(SUPPORTED, "about", "granted_on", earliest=True),
    ),
    "kasa.advice_delivered.v1": (
        Opens("advice", "consultation_id", "delivered_on", "minutes"),
        Opens(SUPPORTED, "about", "delivered_on", earliest=True),
    ),
    "kasa.contract_signed.v1": (
        Opens("contracts", "contract_id", "signed_on", "amount", ("offer",)),
        Opens(SUPPORTED, "about", "signed_on", earliest=True),
    ),
    "kasa.disbursed.v1": (Opens("payments", "event", "paid_on", "amount", ("offer",)),),
    "kasa.repaid.v1": (Opens("repayments", "event", "value_on", "amount", ("offer",)),),
    "kasa.repayment_reversed.v1": (
        Opens("repayments", "event", "reversed_on", "-amount", ("offer",)),
    ),
    "research.study_opened.v1": (
        Opens("studies", "about", "opened_on", "", ("method", "partner")),
    ),
    "research.diagnosis_published.v1": (Opens("diagnoses", "diagnosis_id", "published_on"),),
}
CLOSES: Final[Mapping[str, tuple[str, str, str]]] = {
    "training.course_not_completed.v1": ("completions", "edition_id/about", "closed_on"),
    "training.certificate_revoked.v1": ("certificates", "certificate_id", "revoked_on"),
    "kasa.job_place_lost.v1": ("job_places", "place_id", "lost_on"),
}
Cells = dict[tuple[tuple[str, str], ...], int]
"""Numbers by labels, each with its dimension; without any: the number itself."""
SUMS: Final = frozenset({"minutes", "grosz", "hundredths"})
PERSONS: Final = "persons"


def rows_of(facts: Sequence[Fact]) -> dict[str, dict[str, Row]]:
    """By kind of row and unit; a later fact is the right one. Raises `Refused`."""
    rows: dict[str, dict[str, Row]] = {SUPPORTED: {}, "attendance": {}}
    for opens in OPENS.values():
        rows |= {each.universe: {} for each in opens}
    for fact in facts:
        for opening in OPENS.get(fact.kind, ()):
            day = _day(told(fact.data, opening.day, str))
            unit, found = _unit(fact, opening.unit), rows[opening.universe]
            if not (opening.earliest and unit in found and found[unit].day <= day):
                labels = {name: told(fact.data, name, str) for name in opening.labels}
                found[unit] = Row(day, _amount(fact.data, opening.amount), labels)
        if fact.kind == "training.attendance_settled.v1":
            day = _day(told(fact.data, "held_on", str))
            for mark in told(fact.data, "marks", list):
                unit = f"{fact.about}/{told(mark, 'participant_id', str)}"
                rows["attendance"][unit] = Row(day, told(mark, "minutes", int), {})
        if closing := CLOSES.get(fact.kind):
            universe, unit, day_name = closing
            if row := rows[universe].get(_unit(fact, unit)):
                row.closed_on = _day(told(fact.data, day_name, str))
    return rows


def _unit(fact: Fact, name: str) -> str:
    parts = {"about": fact.about, "event": fact.event_id}
    return "/".join(parts.get(each) or told(fact.data, each, str) for each in name.split("/"))


def _amount(data: Mapping[str, Any], name: str) -> int:
    """1, minutes, grosz, or hundredths of a full-time job. Raises `Refused`."""
    plain = name.removeprefix("-")
    try:
        match plain:
            case "":
                return 1
            case "minutes":
                return int(told(data, plain, int))
            case "share":
                return int(Decimal(told(data, plain, str)) * 100)
        amount = int(Decimal(told(told(data, plain, dict), "amount", str)) * 100)
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused("not an amount") from None
    return -amount if name.startswith("-") else amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("not a day") from None


def entered(facts: Sequence[Fact], on: date) -> int:
    """Participants whose first support had begun, each record once: a merged one is none."""
    starts: dict[str, list[date]] = {}
    merged: set[str] = set()
    for fact in facts:
        match fact.kind:
            case "registry.participant_enrolled.v1":
                starts.setdefault(fact.about, []).append(_day(told(fact.data, "started_on", str)))
            case "registry.steps_corrected.v1":
                found = [
                    (_last(starts.get(fact.about, []), _day(told(step, "was_on", str))), step)
                    for step in told(fact.data, "steps", list)
                    if told(step, "step", str) == "start"
                ]
                for place, step in found:
                    if place is not None:
                        starts[fact.about][place] = _day(told(step, "is_on", str))
            case "registry.participant_merged.v1":
                merged.add(fact.about)
            case "registry.merge_undone.v1":
                merged.discard(fact.about)
    return sum(any(day <= on for day in days) for who, days in starts.items() if who not in merged)


def _last(days: Sequence[date], day: date) -> int | None:
    return next((place for place in reversed(range(len(days))) if days[place] == day), None)


def holds(condition: Any, named: Mapping[str, Any], row: Row, on: date, depth: int = 0) -> bool:
    """Whether a row meets a condition of the rules. Raises `Sealed`, `Refused`."""
    if not isinstance(condition, dict) or len(condition) != 1 or depth > 50:
        raise Refused("not a condition")
    ((word, value),) = condition.items()
    match word:
        case "all" | "any":
            judge = all if word == "all" else any
            return judge([holds(each, named, row, on, depth + 1) for each in value])
        case "not":
            return not holds(value, named, row, on, depth + 1)
        case "is":
            return holds(named.get(value), named, row, on, depth + 1)
    return _is(word, value, row, on)


def _is(word: str, value: Any, row: Row, on: date) -> bool:
    if word == "open":
        return (row.closed_on is None or on < row.closed_on) is value
    if word == "amount":
        return _within(row.amount, value)
    if word not in row.attributes:
        raise Sealed
    if value == {"known": True}:
        return True
    return row.attributes[word] in (value if isinstance(value, list) else [value])


def _within(number: int, bounds: Any) -> bool:
    tests: Mapping[str, Callable[[int], bool]] = {
        "below": lambda bound: number < bound,
        "at_most": lambda bound: number <= bound,
        "above": lambda bound: number > bound,
        "at_least": lambda bound: number >= bound,
    }
    if not isinstance(bounds, dict) or not bounds.keys() <= tests.keys():
        raise Refused("not a condition")
    return all(tests[word](bound) for word, bound in bounds.items())


def recount(
    indicator: Mapping[str, Any],
    named: Mapping[str, Any],
    rows: Mapping[str, Mapping[str, Row]],
    facts: Sequence[Fact],
    on: date,
) -> Cells:
    """The number, and its cells by labels that are in clear. Raises `Sealed`, `Refused`."""
    universe = told(indicator, "universe", str)
    if universe == PERSONS:
        if indicator.get("grand_total") is not True or indicator.get("subset_of"):
            raise Sealed
        return {(): entered(facts, on)}
    if universe not in rows:
        raise Refused("a kind of row that is not known here")
    sums = indicator.get("unit") in SUMS
    where = indicator.get("where")
    counted = [
        row
        for row in rows[universe].values()
        if row.day <= on and (where is None or holds(where, named, row, on))
    ]
    cells: Cells = {(): sum(row.amount if sums else 1 for row in counted)}
    for dimensions in told(indicator, "breakdowns", list):
        for row in counted:
            if all(name in row.attributes for name in dimensions):
                labels = tuple((name, row.attributes[name]) for name in dimensions)
                cells[labels] = cells.get(labels, 0) + (row.amount if sums else 1)
    return cells


class Line(NamedTuple):
    """Of a report: what it says, and what the events give; None where that is sealed."""

    report: str
    code: str
    said: int
    counted: int | None


class ReportCheck:
    """One report that was submitted, held to its frozen dataset and to the events."""

    def __init__(self, listed: Mapping[str, Any], told_: Told) -> None:
        self._id = told(listed, "report", str)
        self._file = told(listed, "file", str)
        self._at = told(listed, "computed_at", int)
        self._told = told_
        self.lines: list[Line] = []

    def run(self, pack: Pack, faults: Faults) -> None:
        """Raises `Refused` where nothing of it can be read."""
        content = pack.read(self._file)
        computed = self._told.computed.get(self._at)
        if computed is None or computed.get("digest") != sha256(content).hexdigest():
            faults.add(self._file, "not what was recorded as computed", self._at)
            return
        dataset = parse_json(content)
        definition = told(dataset, "definition", dict)
        canonical = json.dumps(
            definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode(errors="surrogatepass")
        if sha256(canonical).hexdigest() != dataset.get("version"):
            faults.add(self._file, "definition of another version")
        facts = self._known(told(dataset, "positions", dict))
        noted = {f"{each.ledger}/{each.position}" for each in facts}
        on, rows = _day(told(dataset, "as_of", str)), rows_of(facts)
        indicators = {
            told(each, "code", str): each for each in told(definition, "indicators", list)
        }
        for number in told(dataset, "numbers", list):
            code = told(number, "code", str)
            self._adds_up(number, code, noted, faults)
            if code not in indicators or number.get("value") is None:
                continue
            try:
                found = recount(
                    indicators[code], told(definition, "conditions", dict), rows, facts, on
                )
            except Sealed:
                self.lines.append(Line(self._id, code, told(number, "value", int), None))
                continue
            self._compare(number, code, found, faults)

    def _known(self, positions: Mapping[str, Any]) -> list[Fact]:
        """As far as the report knew each ledger, in the order of recording; each event once."""
        known = {
            (each.ledger, each.position): each
            for each in self._told.facts
            if each.position <= (positions.get(each.ledger) or 0) and each.noted_at < self._at
        }
        return [known[place] for place in sorted(known)]

    def _adds_up(self, number: Any, code: str, noted: set[str], faults: Faults) -> None:
        """Every cell is the sum of its units, and every unit rests on facts that are there."""
        for cell in told(number, "cells", list):
            units = told(cell, "units", list)
            if sum(told(unit, "amount", int) for unit in units) != told(cell, "value", int):
                faults.add(self._file, f"{code}: cell that is not the sum of its units")
            if len({told(unit, "unit", str) for unit in units}) < len(units):
                faults.add(self._file, f"{code}: unit counted twice")
            if not cell.get("labels") and cell["value"] != number.get("value"):
                faults.add(self._file, f"{code}: number that is not its cell's")
            for unit in units:
                if not noted.issuperset(told(unit, "facts", list)):
                    faults.add(self._file, f"{code}: unit that rests on no fact")

    def _compare(self, number: Any, code: str, found: Mapping[Any, int], faults: Faults) -> None:
        said = {
            tuple(tuple(pair) for pair in told(cell, "labels", list)): told(cell, "value", int)
            for cell in told(number, "cells", list)
        }
        self.lines.append(Line(self._id, code, said.get((), 0), found[()]))
        for labels, value in found.items():
            if said.get(labels, 0) != value:
                faults.add(self._file, f"{code}: not what the events give")
