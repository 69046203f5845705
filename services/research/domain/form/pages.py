"""A form in pages, as it is shown to people one after the other."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.research.domain.form.checking import ANSWERED
from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.forms import Item, ItemKind, Labels

QUESTIONS: Final = 12
"""Of one page at most: it is filled in on a phone."""


@dataclass(frozen=True)
class Placed:
    """What is shown, and the title of the innermost group that has one."""

    item: Item
    group: Labels | None


@dataclass(frozen=True)
class Page:
    placed: tuple[Placed, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(each.item.name for each in self.placed if each.item.kind in ANSWERED)

    def is_shown(self, relevant: Collection[str]) -> bool:
        return any(each.item.name in relevant for each in self.placed)


def pages_of(form: Form) -> tuple[Page, ...]:
    """A group of the first level begins a page; long ones are continued on the next."""
    pages: list[Page] = []
    gathered: list[Placed] = []

    def turn() -> None:
        if gathered:
            pages.append(Page(tuple(gathered)))
            gathered.clear()

    for item in form.definition.items:
        if item.kind is ItemKind.GROUP:
            turn()
        for placed in _shown([item], None):
            if len(gathered) >= QUESTIONS:
                turn()
            gathered.append(placed)
        if item.kind is ItemKind.GROUP:
            turn()
    turn()
    return tuple(pages)


def _shown(items: Sequence[Item], group: Labels | None) -> Iterator[Placed]:
    for item in items:
        if item.kind is ItemKind.GROUP:
            yield from _shown(item.items, item.label or group)
        elif item.kind is not ItemKind.CALCULATE:
            yield Placed(item, group)
