"""An XForm evaluated by an XPath engine that is not ours: lxml, with the functions ODK adds.

The answers to date questions stand in the instance as days since 1970-01-01, which is how ODK
compares them. What is not relevant is empty for everything that refers to it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree
from pyxform.xls2xform import convert

from services.research.formats.xlsform.writing import write_xlsform
from shared.contracts.research.vocabulary.forms import FormDefinition

EPOCH = date(1970, 1, 1).toordinal()
XFORMS = "{http://www.w3.org/2002/xforms}"


def days(text: str) -> float:
    return float(date.fromisoformat(text).toordinal() - EPOCH)


@dataclass(frozen=True)
class Outcome:
    """Codes by question, shown questions, and values by name; dates in days."""

    problems: Mapping[str, str]
    shown: frozenset[str]
    values: Mapping[str, str]


class XForm:
    def __init__(self, definition: FormDefinition) -> None:
        workbook = write_xlsform(definition, "ankieta", "1")
        self.xml = convert(BytesIO(workbook), validate=False).xform.encode()
        document = etree.fromstring(self.xml)
        model = next(document.iter(f"{XFORMS}model"))
        instance = next(each for each in next(model.iter(f"{XFORMS}instance")))
        self._instance = _bare(instance)
        self._binds = {
            bind.get("nodeset"): dict(bind.attrib)
            for bind in model.iter(f"{XFORMS}bind")
            if "/meta/" not in bind.get("nodeset")
        }

    def evaluate(self, given: Mapping[str, str], today: date) -> Outcome:
        """`given`: answers by question, dates in days."""
        standing = _Standing(self._instance, self._binds, given, today)
        for _ in range(len(self._binds) + 2):
            if not standing.move():
                return standing.outcome()
        raise AssertionError("the form does not come to rest")


class _Standing:
    """An instance on its way to rest."""

    def __init__(
        self,
        instance: Any,
        binds: Mapping[str, Mapping[str, str]],
        given: Mapping[str, str],
        on: date,
    ) -> None:
        self._functions = _functions(float(on.toordinal() - EPOCH))
        self._binds = binds
        self._given = given
        self._nodes = {f"/{'/'.join(_path(each))}": each for each in instance.iter()}
        self._shown = dict.fromkeys(self._nodes, True)
        for node in self._nodes.values():
            node.text = "" if len(node) else given.get(node.tag, "")

    def move(self) -> bool:
        """Evaluate everything once, parents first; whether anything moved."""
        before = self._state()
        for path, node in self._nodes.items():
            bind = self._binds.get(path, {})
            above = self._shown.get(path.rpartition("/")[0], True)
            self._shown[path] = above and self._holds(node, bind.get("relevant", "true()"))
            if not len(node):
                node.text = self._value(node, bind) if self._shown[path] else ""
        return before != self._state()

    def _state(self) -> tuple[dict[str, str], dict[str, bool]]:
        return {path: node.text for path, node in self._nodes.items()}, dict(self._shown)

    def _value(self, node: Any, bind: Mapping[str, str]) -> str:
        if "calculate" in bind:
            return _text(node.xpath(bind["calculate"], extensions=self._functions))
        return self._given.get(node.tag, "")

    def _holds(self, node: Any, condition: str) -> bool:
        return bool(node.xpath(f"boolean({condition})", extensions=self._functions))

    def outcome(self) -> Outcome:
        problems = {
            self._nodes[path].tag: f"research.answer_{problem}"
            for path, bind in self._binds.items()
            if (problem := self._problem(path, bind))
        }
        return Outcome(
            problems,
            frozenset(self._nodes[path].tag for path, shown in self._shown.items() if shown),
            {node.tag: node.text for node in self._nodes.values() if not len(node) and node.text},
        )

    def _problem(self, path: str, bind: Mapping[str, str]) -> str | None:
        node = self._nodes[path]
        if len(node) or "calculate" in bind:
            return None
        value = self._given.get(node.tag, "")
        if not self._shown[path]:
            return "hidden" if value else None
        if not value:
            return "missing" if self._holds(node, bind.get("required", "false()")) else None
        return None if self._holds(node, bind.get("constraint", "true()")) else "constraint"


def _path(node: Any) -> list[str]:
    return [*(_path(node.getparent()) if node.getparent() is not None else []), node.tag]


def _bare(node: Any) -> Any:
    """The instance without namespaces, and without what pyxform adds for itself."""
    copy = etree.Element(etree.QName(node).localname)
    copy.extend(_bare(child) for child in node if etree.QName(child).localname != "meta")
    return copy


def _string(value: Any) -> str:
    """XPath's string() of what lxml hands to a function."""
    if isinstance(value, list):
        return (value[0].text or "") if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, float) else str(value)


def _text(value: Any) -> str:
    """What is not a number is no value."""
    if isinstance(value, bool) or not isinstance(value, float):
        return _string(value)
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = f"{Decimal(repr(value)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _number(value: Any) -> float:
    if isinstance(value, bool | float):
        return float(value)
    text = _string(value).strip()
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text) else math.nan


def _boolean(value: Any) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _int(_: Any, value: Any) -> float:
    number = _number(value)
    return float(int(number)) if math.isfinite(number) else number


def _date(_: Any, value: Any) -> float:
    text = _string(value)
    return days(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _number(value)


def _functions(today: float) -> dict[tuple[None, str], Any]:
    return {
        (None, "today"): lambda _: today,
        (None, "date"): _date,
        (None, "int"): _int,
        (None, "if"): lambda _, given, then, other: then if _boolean(given) else other,
        (None, "coalesce"): lambda _, first, second: first if _string(first) else second,
        (None, "selected"): lambda _, taken, one: _string(one) in _string(taken).split(),
        (None, "count-selected"): lambda _, taken: float(len(_string(taken).split())),
        (None, "regex"): lambda _, text, pattern: bool(
            re.fullmatch(_string(pattern), _string(text))
        ),
    }
