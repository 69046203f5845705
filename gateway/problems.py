"""Problem details (RFC 9457): every error of the gateway and of the services, from one table.

A row is a stable code, its HTTP status, and the texts in Polish and English. The common ones are in
`problems.toml`, those of a service in its contract (`shared/contracts/NAME/problems.toml`). A
problem never repeats input, because input may be personal; it names the place and what was expected.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Any, Final, Literal

from opentelemetry import trace
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared import contracts
from shared.contracts.model import Published
from shared.kernel.errors import Rejected

Language = Literal["pl", "en"]
Where = Literal["body", "query", "path", "header"]
Texts = Mapping[Language, str]

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:tu-jest-praca:problem:"
LIMITS = frozenset({"ge", "gt", "le", "lt", "min_length", "max_length", "pattern", "expected"})
"""What of pydantic's error context may be told: it comes from the model, not from the input."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")
_DATA: Final = tomllib.loads(Path(__file__).with_name("problems.toml").read_text("utf-8"))
_CONTRACTS: Final = Path(contracts.__path__[0])


@dataclass(frozen=True)
class Entry:
    """One row of the table. `retry_after` is in seconds."""

    status: int
    title: Texts
    detail: Texts | None = None
    retry_after: int | None = None


@dataclass(frozen=True)
class Rule:
    """What a kind of field error is called, and the text (a `string.Template`) of what was expected."""

    code: str
    expected: Texts


def _rows() -> Iterator[tuple[str, Entry]]:
    for code, row in _DATA["problems"].items():
        yield code, Entry(**row)
    for file in sorted(_CONTRACTS.glob("*/problems.toml")):
        for code, row in tomllib.loads(file.read_text("utf-8")).items():
            yield f"{file.parent.name}.{code}", Entry(**row)


TABLE: Final[Mapping[str, Entry]] = MappingProxyType(dict(_rows()))
RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        kind: Rule(row["code"], row["expected"])
        for row in _DATA["field_errors"]
        for kind in row["kinds"]
    }
)
"""Field errors by pydantic's error type."""
OTHER_RULE: Final = RULES["value_error"]


class FieldProblem(Published):
    """One thing that is wrong with a request."""

    where: Where = Field(serialization_alias="in")
    pointer: str = Field(description="JSON pointer (RFC 6901) within the body, or `/` and a name")
    code: str
    expected: str


class ProblemDetails(Published):
    """An error as RFC 9457 describes it. Decide by `code`; show `title` and `detail`."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    trace_id: str
    errors: tuple[FieldProblem, ...] = ()
    details: dict[str, Any] = Field(
        default_factory=dict, description="Facts that explain the refusal: dates, figures, limits"
    )


@dataclass(frozen=True)
class FieldError:
    """A field problem before its language is known. `facts` fill the text of its rule."""

    where: Where
    pointer: str
    code: str
    expected: Texts
    facts: Mapping[str, Any] = field(default_factory=dict)

    def told(self, language: Language) -> FieldProblem:
        return FieldProblem(
            where=self.where,
            pointer=self.pointer,
            code=self.code,
            expected=Template(self.expected[language]).safe_substitute(self.facts),
        )


class Problem(HTTPException):
    """Ends a request with an entry of the table."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        entry = TABLE[code]
        retry = {} if entry.retry_after is None else {"Retry-After": str(entry.retry_after)}
        super().__init__(entry.status, code, {**retry, **(headers or {})})
        self.code = code
        self.errors = errors
        self.details = dict(details or {})

    @classmethod
    def refused(cls, refusal: Rejected, where: Where, pointer: str) -> "Problem":
        """The refusal of a service; `where` and `pointer` lead to the field it is about, if any."""
        errors = []
        if refusal.pointer is not None:
            title = TABLE[refusal.code].title
            errors.append(FieldError(where, pointer, refusal.code, title))
        return cls(refusal.code, details=refusal.details, errors=errors)

    def response(self, language: Language) -> Response:
        entry = TABLE[self.code]
        details = ProblemDetails(
            type=URN + self.code,
            title=entry.title[language],
            status=entry.status,
            code=self.code,
            detail=entry.detail[language] if entry.detail else None,
            trace_id=current_trace_id(),
            errors=tuple(error.told(language) for error in self.errors),
            details=self.details,
        )
        return Response(
            details.model_dump_json(by_alias=True, exclude_none=True),
            status_code=entry.status,
            headers={**(self.headers or {}), "Content-Language": language},
            media_type=MEDIA_TYPE,
        )


def current_trace_id() -> str:
    return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)


def field_errors(
    errors: Iterable[Mapping[str, Any]], where: Where | None = None
) -> list[FieldError]:
    """Translate pydantic's errors. Without `where`, their location begins with the place.

    Only limits and allowed values are taken over, never input; a name that is not a plain one is
    left out of the pointer, because anything may have been typed there.
    """
    found = []
    for error in _own(list(errors)):
        place, *steps = error["loc"] if where is None else (where, *error["loc"])
        rule = RULES.get(error["type"], OTHER_RULE)
        facts = {name: fact for name, fact in error.get("ctx", {}).items() if name in LIMITS}
        if "expected" in facts:  # pydantic writes an English list: 'a', 'b' or 'c'
            facts["expected"] = ", ".join(re.findall(r"'([^']*)'", facts["expected"]))
        found.append(FieldError(place, _pointer(steps), rule.code, rule.expected, facts))
    return found


def _own(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without what only follows from others: a list is called too short when its items are wrong."""
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(
            len(other["loc"]) > len(error["loc"])
            and other["loc"][: len(error["loc"])] == error["loc"]
            for other in errors
        )
    ]


def _pointer(steps: Iterable[str | int]) -> str:
    return "".join(f"/{step}" for step in steps if PLAIN_NAME.fullmatch(str(step)))


def preferred_language(accept_language: str | None) -> Language:
    """The better liked of Polish and English (RFC 9110 §12.5.4); Polish when in doubt."""
    liked: dict[str, float] = {}
    for item in (accept_language or "").lower().split(","):
        tag, _, weight = item.partition(";")
        language = tag.strip().partition("-")[0]
        with suppress(ValueError):
            quality = float(weight.strip().removeprefix("q=") or 1)
            liked[language] = max(quality, liked.get(language, 0.0))
    others = liked.get("*", 0.0)
    return "en" if liked.get("en", others) > liked.get("pl", others) else "pl"
