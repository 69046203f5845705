"""What can be wrong with a form: a place in it, a code, and facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.errors import Rejected

Place = tuple[str | int, ...]
"""Way from the definition to the offending value: keys and indexes."""


@dataclass(frozen=True)
class Fault:
    """Why a form cannot be used. `code` is complete (`research.form_cycle`); facts are JSON values."""

    place: Place
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """JSON pointer (RFC 6901)."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.place)


class FormRefused(Rejected):
    """A definition that cannot be used; `faults` says where and why, at least once."""

    def __init__(self, *faults: Fault) -> None:
        first = faults[0]
        super().__init__(first.code, dict(first.facts), first.pointer)
        self.faults = faults


class ExpressionRefused(Exception):
    """An expression that cannot be used; the place is known to whoever asked to read it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = f"research.{code}"
        self.facts = facts


def at(place: Place, refused: ExpressionRefused) -> Iterator[Fault]:
    """The fault that a refused expression is at its place."""
    yield Fault(place, refused.code, refused.facts)
