"""A form ready to judge answers: its definition checked, its expressions compiled, their order known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import isnan
from typing import Final

from services.research.domain.form.answers import Read, reader
from services.research.domain.form.checking import ANSWERED, VALUED, Node, faults_of, walk
from services.research.domain.form.compiled import Compiled, Scope, compile_tree, condition, text
from services.research.domain.form.faults import (
    ExpressionRefused,
    Fault,
    FormRefused,
    Place,
    at,
)
from services.research.domain.form.functions import FUNCTIONS
from services.research.domain.form.syntax import Tree, answers_in, parse
from services.research.domain.form.values import Type, text_of
from shared.contracts.research.vocabulary.forms import FormDefinition, Item, ItemKind

Condition = Callable[[Scope], bool]
_EXPRESSIONS: Final = ("relevant", "calculation", "required", "constraint")
_OWN: Final = frozenset({"constraint"})
"""Expressions in which `.` is the answer that they belong to."""


@dataclass(frozen=True, slots=True)
class Step:
    """What decides whether an item is shown, and its value where that is calculated."""

    name: str
    parent: str | None
    relevant: Condition | None
    calculate: Callable[[Scope], str] | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question that people answer."""

    item: Item
    read: Read
    required: Condition | None
    constraint: Condition | None

    @property
    def name(self) -> str:
        return self.item.name


class Form:
    """A definition that can be used. Raises `FormRefused` with everything that is wrong with it.

    `plan` has every item, each behind those whose answers it depends on; `questions` are in the order
    in which they are asked; `valued` are the names of questions and calculated values, in that order
    too.
    """

    def __init__(self, definition: FormDefinition) -> None:
        nodes = list(walk(definition.items))
        faults = list(faults_of(definition))
        if faults:
            raise FormRefused(*faults)
        compiling = _Compiling(nodes)
        self.definition: Final = definition
        self.plan: Final = compiling.plan()
        self.questions: Final[Mapping[str, Question]] = {
            question.name: question for question in compiling.questions(definition)
        }
        if compiling.faults:
            raise FormRefused(*compiling.faults)
        self.items: Final = {node.item.name: node.item for node in nodes}
        self.valued: Final = tuple(n.item.name for n in nodes if n.item.kind in VALUED)


class _Compiling:
    """The expressions of a form on their way; `faults` collects what is wrong with them."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = {node.item.name: node for node in nodes}
        self.faults: list[Fault] = []
        self._trees: dict[tuple[str, str], Tree] = {
            (node.item.name, field): tree for node in nodes for field, tree in self._parsed(node)
        }
        self._types = {
            node.item.name: Type.DAY_ANSWER if node.item.kind is ItemKind.DATE else Type.ANSWER
            for node in nodes
            if node.item.kind in VALUED
        }

    def _parsed(self, node: Node) -> Iterator[tuple[str, Tree]]:
        for field in _EXPRESSIONS:
            source = getattr(node.item, field)
            if isinstance(source, str):
                try:
                    yield field, parse(source, node.item.name if field in _OWN else None)
                except ExpressionRefused as refused:
                    self.faults += at((*node.place, field), refused)

    def plan(self) -> tuple[Step, ...]:
        return tuple(self._step(self._nodes[name]) for name in self._order())

    def questions(self, definition: FormDefinition) -> Iterator[Question]:
        """To be asked for after the plan, which finds the types of calculated values."""
        lists = {
            name: tuple(choice.name for choice in choices)
            for name, choices in definition.choice_lists.items()
        }
        for node in self._nodes.values():
            item = node.item
            if item.kind in ANSWERED:
                required = (lambda _: True) if item.required is True else None
                yield Question(
                    item,
                    reader(item, lists),
                    required or self._condition(node, "required"),
                    self._condition(node, "constraint"),
                )

    def _order(self) -> Sequence[str]:
        """Every item behind its group and behind the questions its relevance and value refer to."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for name, node in self._nodes.items():
            needed = [node.parent] if node.parent else []
            for field in ("relevant", "calculation"):
                if tree := self._trees.get((name, field)):
                    needed += sorted(answers_in(tree) & self._types.keys())
            sorter.add(name, *needed)
        try:
            return tuple(sorter.static_order())
        except CycleError as error:
            cycle = list(error.args[1])
            self.faults.append(
                Fault(self._place_in(cycle), "research.form_cycle", {"names": cycle[::-1]})
            )
            return tuple(self._nodes)

    def _place_in(self, cycle: Sequence[str]) -> Place:
        """Of the first expression of a cycle."""
        places = [
            (*self._nodes[name].place, field)
            for name in sorted(cycle, key=list(self._nodes).index)
            for field in ("relevant", "calculation")
            if (name, field) in self._trees
        ]
        return places[0]

    def _step(self, node: Node) -> Step:
        item = node.item
        calculated = self._compiled(node, "calculation")
        if calculated is not None and calculated.type is Type.DAY:
            self._types[item.name] = Type.DAY_ANSWER
        return Step(
            item.name,
            node.parent,
            self._condition(node, "relevant"),
            None if calculated is None else _recorded(calculated),
        )

    def _compiled(self, node: Node, field: str) -> Compiled | None:
        tree = self._trees.get((node.item.name, field))
        if tree is None:
            return None
        try:
            return compile_tree(tree, self._types, FUNCTIONS)
        except ExpressionRefused as refused:
            self.faults += at((*node.place, field), refused)
            return None

    def _condition(self, node: Node, field: str) -> Condition | None:
        compiled = self._compiled(node, field)
        if compiled is None:
            return None
        try:
            return condition(compiled, field)
        except ExpressionRefused as refused:
            self.faults += at((*node.place, field), refused)
            return None


def _recorded(calculated: Compiled) -> Callable[[Scope], str]:
    """A calculated value as the text that is kept; what is not a number is no value."""
    if calculated.type is not Type.NUMBER:
        return text(calculated)
    run = calculated.run
    return lambda scope: "" if isnan(number := run(scope)) else text_of(number)
