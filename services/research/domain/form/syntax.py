"""The expressions of XLSForm as a tree: XPath 1.0 without paths, with `${name}` for questions.

Grammar and precedence are those of XPath 1.0 (W3C, 1999), §3.4 and §3.5: `or`, `and`, equality,
relation, sum, product, sign. Paths, predicates and unions are refused.
"""

import re
from dataclasses import dataclass
from typing import Final

from services.research.domain.form.faults import ExpressionRefused

DEPTH: Final = 30
"""Nesting of parentheses, calls and signs."""
TOKENS: Final = 300


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Answer:
    """The answer to a question, by its name."""

    name: str


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple["Tree", ...]


@dataclass(frozen=True)
class Binary:
    operator: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True)
class Negative:
    operand: "Tree"


Tree = Text | Number | Answer | Call | Binary | Negative

_TOKENS: Final = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*')
      | (?P<answer>\$\{[A-Za-z_][A-Za-z0-9_.-]*\})
      | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
      | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?::[A-Za-z_][A-Za-z0-9_-]*)?)
      | (?P<sign>!=|<=|>=|[=<>+*(),.-])
    )""",
    re.VERBOSE,
)
_POWERS: Final = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
"""How strongly each binary operator binds; all of them bind from the left."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int
    """Characters before it."""


def parse(source: str, own: str | None) -> Tree:
    """The tree of an expression; `.` stands for the answer to `own`.

    Raises `ExpressionRefused`: `expression_syntax`, `expression_path`, `expression_deep`,
    `expression_own_answer`.
    """
    return _Parser(_tokens(source), own).whole()


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    end = len(source.rstrip())
    while place < end:
        found = _TOKENS.match(source, place)
        if found is None:
            at = place + len(source[place:]) - len(source[place:].lstrip())
            code = "expression_path" if source[at] in "/[]|@" else "expression_syntax"
            raise ExpressionRefused(code, character=at + 1, found=source[at])
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, found[kind], found.start(kind)))
        place = found.end()
        if len(tokens) > TOKENS:
            raise ExpressionRefused("expression_deep", limit=TOKENS)
    return [*tokens, _Token("end", "", end)]


class _Parser:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[_Token], own: str | None) -> None:
        self._tokens = tokens
        self._next = 0
        self._own = own
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._binary(0)
        if self._peek().kind != "end":
            raise self._unexpected()
        return tree

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _expect(self, text: str) -> None:
        if self._peek().text != text or self._peek().kind != "sign":
            raise self._unexpected(text)
        self._next += 1

    def _unexpected(self, expected: str = "") -> ExpressionRefused:
        token = self._peek()
        return ExpressionRefused(
            "expression_syntax", character=token.at + 1, found=token.text, expected=expected
        )

    def _binary(self, floor: int) -> Tree:
        """Operators that bind more strongly than `floor`."""
        left = self._operand()
        while (token := self._peek()).kind in {"sign", "name"}:
            power = _POWERS.get(token.text, 0)
            if power <= floor:
                break
            self._next += 1
            left = Binary(token.text, left, self._binary(power))
        return left

    def _operand(self) -> Tree:
        self._depth += 1
        if self._depth > DEPTH:
            raise ExpressionRefused("expression_deep", limit=DEPTH)
        tree = self._nested()
        self._depth -= 1
        return tree

    def _nested(self) -> Tree:
        token = self._peek()
        if token.text == "-" and token.kind == "sign":
            self._next += 1
            return Negative(self._operand())
        if token.text == "(" and token.kind == "sign":
            self._next += 1
            inner = self._binary(0)
            self._expect(")")
            return inner
        if token.kind == "name":
            return self._call()
        return self._simple()

    def _simple(self) -> Tree:
        token = self._peek()
        if token.kind == "text":
            return Text(self._take().text[1:-1])
        if token.kind == "number":
            return Number(float(self._take().text))
        if token.kind == "answer":
            return Answer(self._take().text[2:-1])
        if token.kind == "sign" and token.text == ".":
            self._next += 1
            if self._peek().text == ".":
                raise ExpressionRefused("expression_path", character=token.at + 1, found="..")
            if self._own is None:
                raise ExpressionRefused("expression_own_answer")
            return Answer(self._own)
        raise self._unexpected()

    def _call(self) -> Tree:
        name = self._take().text
        self._expect("(")
        arguments: list[Tree] = []
        if self._peek().text != ")" or self._peek().kind != "sign":
            arguments.append(self._binary(0))
            while self._peek().text == "," and self._peek().kind == "sign":
                self._next += 1
                arguments.append(self._binary(0))
        self._expect(")")
        return Call(name, tuple(arguments))


def answers_in(tree: Tree) -> frozenset[str]:
    """The questions whose answers an expression needs."""
    match tree:
        case Answer(name):
            return frozenset({name})
        case Call(_, arguments):
            return frozenset().union(*map(answers_in, arguments))
        case Binary(_, left, right):
            return answers_in(left) | answers_in(right)
        case Negative(operand):
            return answers_in(operand)
    return frozenset()
