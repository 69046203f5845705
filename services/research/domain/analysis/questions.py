"""From a questionnaire and its judged answers to what analysis counts.

Text is never counted, nor is anything that the questionnaire marks as personal; calculated values have
no choices and no type, so they are not counted either.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from services.research.domain.analysis.variables import (
    Answer,
    Category,
    Kind,
    Presence,
    Respondent,
    Variable,
)
from services.research.domain.form.checking import walk
from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from shared.contracts.research.vocabulary.forms import FormDefinition, Item, ItemKind, Labels
from shared.contracts.research.vocabulary.tables import Label

LETTERS: Final = 200
"""Of a label in a table."""
KINDS: Final = frozenset(ItemKind(each.value) for each in Kind)
READ: Final[Mapping[Kind, Callable[[str], Answer]]] = {
    Kind.SELECT_ONE: str,
    Kind.SELECT_MULTIPLE: lambda text: frozenset(text.split()),
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date.fromisoformat,
}


def variables_of(definition: FormDefinition) -> tuple[Variable, ...]:
    return tuple(_variables(definition))


def _variables(definition: FormDefinition) -> Iterator[Variable]:
    conditional: set[str] = set()
    for node in walk(definition.items):
        item = node.item
        if item.relevant is not None or node.parent in conditional:
            conditional.add(item.name)
        if item.kind not in KINDS or item.personal:
            continue
        yield Variable(
            item.name,
            Kind(item.kind),
            _label(item.label, item.name),
            tuple(_categories(item, definition)),
            item.sensitive,
            absences=frozenset(_absences(item, conditional)),
        )


def _absences(item: Item, conditional: set[str]) -> Iterator[Presence]:
    """How it can come that there is no answer."""
    if item.required is not True:
        yield Presence.MISSING
    if item.name in conditional:
        yield Presence.HIDDEN


def _categories(item: Item, definition: FormDefinition) -> Iterator[Category]:
    if item.kind in {ItemKind.SELECT_ONE, ItemKind.SELECT_MULTIPLE} and item.choices:
        for each in definition.choice_lists[item.choices]:
            yield Category(each.name, _label(each.label, each.name))


def _label(given: Labels | None, name: str) -> Label:
    if given is None:
        return Label(pl=name, en=name)
    return Label(pl=given.pl[:LETTERS], en=(given.en or given.pl)[:LETTERS])


def shown_to(form: Form, answers: Mapping[str, str]) -> frozenset[str]:
    """The items that were shown to who answered so. The day on which they answered is not known any
    more: a condition on it is judged by the first day there is, and an answer counts all the same.
    """
    return judge(form, answers, on=date.min, complete=False).relevant | answers.keys()


def respondent(
    identity: str,
    answers: Mapping[str, str],
    relevant: frozenset[str],
    variables: tuple[Variable, ...],
    weight: float = 1.0,
) -> Respondent:
    """`answers` are canonical texts, as they were judged."""
    return Respondent(
        identity,
        {
            each.name: READ[each.kind](text)
            for each in variables
            if (text := answers.get(each.name))
        },
        frozenset(each.name for each in variables if each.name not in relevant),
        weight,
    )
