"""Whether the parts of a form fit together, before its expressions are looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.research.domain.form.faults import Fault, Place
from shared.contracts.research.vocabulary.forms import Choice, FormDefinition, Item, ItemKind

LIMIT: Final = 1_000
"""Items of a form, groups included."""
DEPTH: Final = 8
"""Groups within groups."""
RESERVED: Final = frozenset(
    {"meta", "start", "end", "today", "instanceid", "key", "submissiondate", "formhub"}
)
"""Names of columns that exports have for themselves, in small letters."""

SELECTS: Final = frozenset({ItemKind.SELECT_ONE, ItemKind.SELECT_MULTIPLE})
ANSWERED: Final = SELECTS | {ItemKind.INTEGER, ItemKind.DECIMAL, ItemKind.TEXT, ItemKind.DATE}
"""Kinds that people answer."""
VALUED: Final = ANSWERED | {ItemKind.CALCULATE}
"""Kinds that other questions may refer to."""
_ASKING: Final = frozenset(
    {"label", "hint", "required", "required_message", "relevant", "constraint"}
    | {"constraint_message", "sensitive", "personal"}
)
_FIELDS: Final[Mapping[ItemKind, frozenset[str]]] = {
    **dict.fromkeys(ANSWERED, _ASKING),
    **dict.fromkeys(SELECTS, _ASKING | {"choices"}),
    ItemKind.NOTE: frozenset({"label", "hint", "relevant"}),
    ItemKind.CALCULATE: frozenset({"label", "relevant", "calculation", "sensitive", "personal"}),
    ItemKind.GROUP: frozenset({"label", "hint", "relevant", "items"}),
}
"""What an item of a kind may say besides its kind and name."""
_NEEDED: Final[Mapping[ItemKind, tuple[str, ...]]] = {
    **dict.fromkeys(ANSWERED, ("label",)),
    **dict.fromkeys(SELECTS, ("label", "choices")),
    ItemKind.NOTE: ("label",),
    ItemKind.CALCULATE: ("calculation",),
    ItemKind.GROUP: ("items",),
}
_READ: Final = ("label", "hint", "required_message", "constraint_message")
"""Texts for respondents. They are fixed: answers are not woven into them."""


@dataclass(frozen=True)
class Node:
    """An item where it stands. `parent` is the name of its group."""

    item: Item
    place: Place
    parent: str | None


def walk(
    items: Sequence[Item], place: Place = ("items",), parent: str | None = None
) -> Iterator[Node]:
    """All items in the order in which they are asked, a group before what it holds."""
    for index, item in enumerate(items):
        here = (*place, index)
        yield Node(item, here, parent)
        yield from walk(item.items, (*here, "items"), item.name)


def questions_in(definition: FormDefinition) -> int:
    """How many questions people answer."""
    return sum(node.item.kind in ANSWERED for node in walk(definition.items))


def faults_of(definition: FormDefinition) -> Iterator[Fault]:
    nodes = list(walk(definition.items))
    if len(nodes) > LIMIT:
        yield Fault(("items",), "research.form_too_long", {"limit": LIMIT})
    yield from _names(nodes)
    for node in nodes:
        yield from _fields(node, definition.choice_lists)
        if len(node.place) > 2 * DEPTH:
            yield Fault(node.place, "research.form_nested", {"limit": DEPTH})
    for name, choices in definition.choice_lists.items():
        yield from _choices(name, choices)


def _names(nodes: Sequence[Node]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for node in nodes:
        name = node.item.name
        here = (*node.place, "name")
        if name.lower() in RESERVED:
            yield Fault(here, "research.form_name_reserved", {"name": name})
        if name.lower() in first:
            facts = {"name": name, "first": first[name.lower()]}
            yield Fault(here, "research.form_name_taken", facts)
        first.setdefault(name.lower(), name)


def _fields(node: Node, lists: Mapping[str, Sequence[Choice]]) -> Iterator[Fault]:
    item, place = node.item, node.place
    said = item.model_fields_set - {"kind", "name"}
    given = {field for field in said if getattr(item, field) not in (None, False, ())}
    for field in sorted(given - _FIELDS[item.kind]):
        facts = {"field": field, "kind": item.kind.value}
        yield Fault((*place, field), "research.form_field_misplaced", facts)
    for field in _NEEDED[item.kind]:
        if field not in given:
            facts = {"field": field, "kind": item.kind.value}
            yield Fault((*place, field), "research.form_field_missing", facts)
    for field in _READ:
        label = getattr(item, field)
        if label is not None and "${" in f"{label.pl}{label.en}":
            yield Fault((*place, field), "research.form_label_computed", {"field": field})
    if item.choices is not None and item.choices not in lists:
        yield Fault((*place, "choices"), "research.form_list_unknown", {"list": item.choices})


def _choices(name: str, choices: Sequence[Choice]) -> Iterator[Fault]:
    if not choices:
        yield Fault(("choice_lists", name), "research.form_list_empty", {"list": name})
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        if choice.name in seen:
            facts = {"list": name, "name": choice.name}
            place = ("choice_lists", name, index, "name")
            yield Fault(place, "research.form_choice_taken", facts)
        seen.add(choice.name)
