"""Forms as JSON: the definition itself."""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from services.research.domain.form.canonical import canonical
from services.research.domain.form.faults import Fault, FormRefused, Place
from services.research.domain.instrument import require_usable
from services.research.formats.faults import FormFileRefused, told
from shared.contracts.research.vocabulary.forms import FormDefinition

_UNIONS: Final = frozenset({"required"})
"""Fields of which an error's place goes on with the alternative that was tried."""
_LIMITS: Final = ("pattern", "max_length", "min_length", "expected")


def read_json(content: bytes) -> FormDefinition:
    """Raises `FormFileRefused` with everything that is wrong with it."""
    try:
        definition = FormDefinition.model_validate_json(content)
    except ValidationError as error:
        raise FormFileRefused(*map(told, faults_in(error))) from None
    try:
        require_usable(definition)
    except FormRefused as refused:
        raise FormFileRefused(*map(told, refused.faults)) from None
    return definition


def write_json(definition: FormDefinition) -> bytes:
    """The canonical text, of which the digest of a version is taken."""
    return canonical(definition)


def faults_in(error: ValidationError) -> Iterator[Fault]:
    """What is wrong with a definition that is none, each place once."""
    seen: set[Place] = set()
    for each in error.errors(include_url=False, include_input=False):
        place = _place(each["loc"])
        if place not in seen:
            seen.add(place)
            context = each.get("ctx", {})
            expected = next((str(context[name]) for name in _LIMITS if name in context), None)
            yield Fault(place, _code(each["type"]), {"expected": expected} if expected else {})


def _code(kind: str) -> str:
    if kind == "json_invalid":
        return "research.form_json_invalid"
    if kind == "missing":
        return "research.form_value_missing"
    if kind == "extra_forbidden":
        return "research.form_value_unexpected"
    return "research.form_value_invalid"


def _place(location: tuple[str | int, ...]) -> Place:
    place: Place = ()
    for step in location:
        if step == "[key]":
            break
        place = (*place, step)
        if step in _UNIONS:
            break
    return place
