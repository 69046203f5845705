"""From an XLSForm to a definition; whatever is refused is named by its sheet, row and column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from pydantic import ValidationError

from services.research.domain.form.faults import Fault, FormRefused, Place
from services.research.domain.instrument import require_usable
from services.research.formats.definition import faults_in
from services.research.formats.faults import FormFileRefused, Spot, told
from services.research.formats.xlsform.columns import (
    column_of,
    is_other,
    language_of,
    truth_of,
    unsupported_in,
)
from services.research.formats.xlsform.parsing import ROW, Tree, parsed
from services.research.formats.xlsform.workbook import (
    CHOICES,
    SETTINGS,
    SURVEY,
    FormSheet,
    read_workbook,
)
from shared.contracts.research.vocabulary.forms import FormDefinition, ItemKind

_KINDS: Final[Mapping[str, ItemKind]] = {
    "select one": ItemKind.SELECT_ONE,
    "select all that apply": ItemKind.SELECT_MULTIPLE,
    "integer": ItemKind.INTEGER,
    "int": ItemKind.INTEGER,
    "decimal": ItemKind.DECIMAL,
    "text": ItemKind.TEXT,
    "string": ItemKind.TEXT,
    "date": ItemKind.DATE,
    "note": ItemKind.NOTE,
    "calculate": ItemKind.CALCULATE,
    "group": ItemKind.GROUP,
}
"""By what pyxform makes of the types of XLSForm."""
METADATA: Final = frozenset({"start", "end", "today"})
"""When the form was filled in; exports tell it, and nobody is asked. Other metadata (device, user,
telephone) identifies people and is refused.
"""
_BINDS: Final[Mapping[str, str]] = {
    "relevant": "relevant",
    "constraint": "constraint",
    "calculate": "calculation",
}
_TEXTS: Final[Mapping[str, str]] = {
    "jr:constraintMsg": "constraint_message",
    "jr:requiredMsg": "required_message",
}


def read_xlsform(stream: BinaryIO, filename: str) -> FormDefinition:
    """Raises `FormFileRefused` with everything that is wrong with it."""
    sheets = read_workbook(stream)
    tree = parsed(sheets, PurePath(filename).stem or "form")
    reading = _Reading(sheets, str(tree.get("default_language", "")))
    content = reading.definition(tree)
    if reading.faults:
        raise reading.refused(reading.faults)
    try:
        definition = FormDefinition.model_validate(content)
    except ValidationError as error:
        raise reading.refused(faults_in(error)) from None
    try:
        require_usable(definition)
    except FormRefused as refused:
        raise reading.refused(refused.faults) from None
    return definition


@dataclass
class _Reading:
    """What was found so far: faults, and in which row each item and choice stands."""

    sheets: Mapping[str, FormSheet]
    default_language: str
    faults: list[Fault] = field(default_factory=list)
    rows: dict[Place, tuple[str, int]] = field(default_factory=dict)

    def definition(self, tree: Tree) -> dict[str, Any]:
        lists = {
            name: [
                self._choice(choice, ("choice_lists", name, at))
                for at, choice in enumerate(each for each in choices if ROW in each)
            ]
            for name, choices in tree.get("choices", {}).items()
        }
        return {
            "title": {"pl": str(tree["title"])},
            "choice_lists": lists,
            "items": self._items(tree["children"], ("items",)),
        }

    def _choice(self, choice: Tree, place: Place) -> dict[str, Any]:
        self.rows[place] = CHOICES, int(choice[ROW])
        found = {"name": choice["name"], **self._texts("label", choice.get("label"), place)}
        if choice.get("media"):
            self._fault(place, "media", "research.xlsform_column_unsupported")
        return found

    def _items(self, children: list[Tree], place: Place) -> list[dict[str, Any]]:
        """Without what nobody wrote (pyxform adds identifiers) and what nobody is asked."""
        asked = [child for child in children if ROW in child and child.get("type") not in METADATA]
        return [self._item(child, (*place, at)) for at, child in enumerate(asked)]

    def _item(self, row: Tree, place: Place) -> dict[str, Any]:
        self.rows[place] = SURVEY, int(row[ROW])
        kind = _KINDS.get(row["type"])
        written = self._written(self._spot((*place, "kind"))) or row["type"]
        if kind is None or is_other(written):
            self._fault(place, "kind", "research.xlsform_type_unsupported", found=written)
            kind = ItemKind.NOTE
        for column in unsupported_in(row):
            self._fault(place, column, "research.xlsform_column_unsupported", field=column)
        bind = row.get("bind", {})
        item: dict[str, Any] = {"kind": kind, "name": row.get("name")}
        if "itemset" in row:
            item["choices"] = row["itemset"]
        for name in ("label", "hint"):
            item |= self._texts(name, row.get(name), place)
        for name, ours in _TEXTS.items():
            item |= self._texts(ours, bind.get(name), place)
        item |= {ours: bind[name] for name, ours in _BINDS.items() if bind.get(name)}
        if (required := bind.get("required")) is not None:
            item["required"] = required if (truth := truth_of(required)) is None else truth
        item |= self._marks(row, place)
        if "children" in row:
            item["items"] = self._items(row["children"], (*place, "items"))
        return item

    def _marks(self, row: Tree, place: Place) -> dict[str, bool]:
        """Our own columns `sensitive` and `personal`, yes or no."""
        marks: dict[str, bool] = {}
        for name in ("sensitive", "personal"):
            if name in row:
                truth = truth_of(str(row[name]))
                if truth is None:
                    self._fault(place, name, "research.xlsform_yes_no")
                else:
                    marks[name] = truth
        return marks

    def _texts(self, name: str, given: Any, place: Place) -> dict[str, dict[str, str]]:
        """A text by language; one without language is in that of the form, or Polish."""
        if not given:
            return {}
        by_language = given if isinstance(given, Mapping) else {"default": given}
        labels: dict[str, str] = {}
        for written, text in by_language.items():
            named = self.default_language if written == "default" else written
            language = language_of(named)
            if language is None:
                self._fault((*place, name), written, "research.xlsform_language_unknown")
            elif text:
                labels[language] = str(text)
        if labels and "pl" not in labels:
            self._fault(place, name, "research.xlsform_polish_missing")
        return {name: labels} if labels else {}

    def _fault(self, place: Place, name: str, code: str, **facts: Any) -> None:
        self.faults.append(Fault((*place, name), code, facts))

    def _written(self, spot: Spot | None) -> str | None:
        """What stands at a place of the workbook."""
        if spot is None or spot.row is None or spot.column is None:
            return None
        return self.sheets[spot.sheet.strip().lower()].rows.get(spot.row, {}).get(spot.column)

    def refused(self, faults: Iterable[Fault]) -> FormFileRefused:
        spots = [(fault, self._spot(fault.place)) for fault in faults]
        return FormFileRefused(*(told(fault, spot, self._written(spot)) for fault, spot in spots))

    def _spot(self, place: Place) -> Spot | None:
        """The row of the nearest item or choice, and the column of the field below it."""
        for end in range(len(place), 0, -1):
            if place[:end] in self.rows:
                key, row = self.rows[place[:end]]
                sheet = self.sheets[key]
                return Spot(sheet.name, row, column_of(sheet.columns, place[end:]))
        if place[:1] == ("title",) and SETTINGS in self.sheets:
            sheet = self.sheets[SETTINGS]
            return Spot(sheet.name, next(iter(sheet.rows), None), "form_title")
        return None
