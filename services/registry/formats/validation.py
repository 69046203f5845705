"""The values of one row against the command's contract and the registry's rules, all of it at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from services.registry.domain.identifiers import checked
from services.registry.domain.rules import RegistryRules
from services.registry.formats.columns import TABLE
from shared.contracts.registry.commands import RegisterParticipant
from shared.contracts.registry.vocabulary import PersonalData
from shared.kernel.errors import Rejected
from shared.runtime.tables.columns import Path
from shared.runtime.tables.errors import Text
from shared.runtime.tables.values import Value

Values = Mapping[Path, Value]
Refusal = tuple[Path, str, Mapping[str, Any]]
"""Path of the field, name or code of the error, facts for its text."""

DEFECTS: Mapping[str, Text] = {
    "InvalidLength": Text("musi mieć 11 cyfr", "it must have 11 digits"),
    "InvalidFormat": Text("tylko cyfry", "digits only"),
    "InvalidChecksum": Text("cyfra kontrolna się nie zgadza", "the check digit does not fit"),
    "InvalidComponent": Text("nie ma takiej daty urodzenia", "its birth date does not exist"),
    "BirthDateInFuture": Text("data urodzenia z przyszłości", "its birth date is in the future"),
}
"""What can be wrong with a PESEL, as the domain names it."""
APPLIED_ON: Path = ("applied_on",)
DEPTH_IN_GROUP = 4
"""Steps of a path like `personal/identity/address/city`, whose group is given whole or not at all."""


@dataclass(frozen=True)
class Terms:
    """By what a file is judged. `partner` holds for rows that name none."""

    partner: str
    today: date
    rules: RegistryRules


def validated(values: Values, terms: Terms) -> tuple[RegisterParticipant | None, list[Refusal]]:
    """The command the values make, identifiers in normal form; or why they make none."""
    refusals = [*_in_future(values, terms.today), *_before_the_rules(values, terms.rules)]
    command: RegisterParticipant | None = None
    try:
        command = RegisterParticipant.model_validate(_document(values))
    except ValidationError as invalid:
        refusals += [_refusal(error, values) for error in invalid.errors(include_input=False)]
    sound = command.personal if command and not refusals else _sound(values, refusals)
    personal, refused = _by_rules(sound, terms)
    refusals += refused
    if refusals or command is None:
        return None, refusals
    return command.model_copy(update={"personal": personal}), []


def _document(values: Values) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path, value in values.items():
        place = document
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = value
    return document


def _in_future(values: Values, today: date) -> Iterator[Refusal]:
    for path, value in values.items():
        if isinstance(value, date) and value > today:
            yield path, "date_in_future", {"today": today.isoformat()}


def _before_the_rules(values: Values, rules: RegistryRules) -> Iterator[Refusal]:
    applied_on = values.get(APPLIED_ON)
    if isinstance(applied_on, date):
        try:
            rules.project.on(applied_on)
        except Rejected:
            yield APPLIED_ON, "date_without_rules", {}


def _refusal(error: Mapping[str, Any], values: Values) -> Refusal:
    path = tuple(step for step in error["loc"] if isinstance(step, str))
    if error["type"] == "missing" and len(path) == 1:
        return path, "required", {}
    if error["type"] == "missing":
        given = [TABLE.by_path[other] for other in values if other[:-1] == path[:-1]]
        together = Text(", ".join(c.pl for c in given), ", ".join(c.en for c in given))
        return path, "incomplete", {"together": together}
    if error["type"] == "string_too_long":
        return path, "too_long", {"limit": error["ctx"]["max_length"]}
    return path, "format", {"expected": TABLE.by_path[path].expected}


def _sound(values: Values, refusals: list[Refusal]) -> PersonalData:
    """What can still be judged: an address or document with one flaw is left out as a whole."""
    refused = {path for path, _, _ in refusals}
    groups = {path[:-1] for path in refused if len(path) == DEPTH_IN_GROUP}
    kept = {
        path: value
        for path, value in values.items()
        if path not in refused and path[:-1] not in groups
    }
    return PersonalData.model_validate(_document(kept).get("personal", {}))


def _by_rules(personal: PersonalData, terms: Terms) -> tuple[PersonalData, list[Refusal]]:
    """Ask the domain again and again, each time without the field it refused last."""
    refusals: list[Refusal] = []
    while True:
        try:
            return checked(personal, terms.today, terms.rules), refusals
        except Rejected as rejected:
            path = tuple((rejected.pointer or "").strip("/").split("/"))
            if path not in TABLE.by_path:  # a refusal of the record as a whole
                return personal, [*refusals, ((), rejected.code, {})]
            defect = DEFECTS.get(str(rejected.details.get("defect")), Text("?", "?"))
            refusals.append((path, rejected.code, {"defect": defect}))
            _, part, field, *_ = path
            kept = getattr(personal, part).model_copy(update={field: None})
            personal = personal.model_copy(update={part: kept})
