"""The columns of XLSForm: under which header each field of a definition stands, and in what language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from services.research.domain.form.faults import Place

_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("type", "command"),
    "name": ("name", "value", "tag"),
    "label": ("label", "caption"),
    "choices": ("type", "command"),
    "items": ("type", "command"),
    "relevant": ("relevant", "relevance"),
    "constraint_message": ("constraint_message", "constraining_message", "jr:constraintmsg"),
    "required_message": ("required_message", "requiredmsg", "jr:requiredmsg"),
    "calculation": ("calculation", "calculate"),
    "readonly": ("read_only", "readonly"),
    "media": ("media", "image", "big-image", "audio", "video"),
    "control": ("body", "repeat_count", "count", "autoplay", "rows"),
}
"""The headers of a field, the usual one first; a field that is not here stands under its own name."""
_UNSUPPORTED: Final = (
    "default",
    "choice_filter",
    "trigger",
    "parameters",
    "media",
    "guidance_hint",
    "instance",
    "query",
)
"""What changes a form in ways that are not known here; columns that XLSForm does not define are
their author's notes.
"""
_BINDS: Final = frozenset(
    {"relevant", "constraint", "calculate", "required", "jr:constraintMsg", "jr:requiredMsg"}
)
_LANGUAGES: Final[Mapping[str, str]] = {
    "": "pl",
    "default": "pl",
    "pl": "pl",
    "polski": "pl",
    "polish": "pl",
    "en": "en",
    "english": "en",
    "angielski": "en",
}
_CODE: Final = re.compile(r"\(([a-z]{2})(?:-[a-z]+)?\)$")
_TRUTHS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "true", "true()", "tak", "1"), True),
    **dict.fromkeys(("no", "false", "false()", "nie", "0"), False),
}


def column_of(headers: Sequence[str], way: Place) -> str | None:
    """The header over the field that a place within an item leads to; the usual one where the sheet
    has none. Of a text with languages that of the language.
    """
    if not way:
        return None
    names = _HEADERS.get(str(way[0]), (str(way[0]),))
    found = [header for header in headers if _plain(header) in names]
    language = str(way[1]) if len(way) > 1 else "pl"
    spoken = [
        header
        for header in found
        if language in {language_of(_language(header)), _language(header).strip()}
    ]
    return next(iter([*spoken, *found]), names[0])


def _plain(header: str) -> str:
    """The name of a column without language: `Constraint message::Polski (pl)`."""
    name = (
        header.split("::", maxsplit=1)[0] if "::" in header else re.sub(r"(?<!jr):.*", "", header)
    )
    return "_".join(name.lower().split())


def _language(header: str) -> str:
    return header.rpartition(":")[2] if ":" in header else ""


def language_of(name: str) -> str | None:
    """`pl` or `en`, from a name such as `Polski (pl)`; None for another language."""
    plain = name.strip().lower()
    coded = _CODE.search(plain)
    return _LANGUAGES.get(coded[1] if coded else plain)


def truth_of(text: str) -> bool | None:
    """None for what is neither yes nor no, an expression perhaps."""
    return _TRUTHS.get(text.strip().lower())


def is_other(type: str) -> bool:
    """Whether a select asks for other choices in words: `select_one cities or_other`."""
    return type.lower().replace("_", " ").rstrip().endswith((" or other", " or specify other"))


def unsupported_in(row: Mapping[str, Any]) -> Iterator[str]:
    """The columns of a row that cannot be kept."""
    yield from (name for name in _UNSUPPORTED if row.get(name))
    yield from sorted(row.get("bind", {}).keys() - _BINDS)
    if row.get("control", {}).keys() - {"appearance"}:
        yield "control"
