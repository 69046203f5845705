"""A workbook's sheets as the tree that pyxform reads in them, each node with its row."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from services.research.domain.form.faults import Fault
from services.research.formats.faults import FormFileRefused, Spot, told
from services.research.formats.xlsform.workbook import CHOICES, SETTINGS, SURVEY, FormSheet

ROW: Final = "__at"
"""A column of ours that pyxform passes on with everything it does not know: the row of the sheet."""
_ROW_TOLD: Final = re.compile(r"\[row : (\d+)\]\s*")
_COLUMNS_TOLD: Final = (
    (
        re.compile(r"no name|question name|the 'name' value|names? (?:is|must)", re.IGNORECASE),
        "name",
    ),
    (re.compile(r"calculation", re.IGNORECASE), "calculation"),
    (re.compile(r"no type|list name|choices sheet|begin|end|question type", re.IGNORECASE), "type"),
)
"""What pyxform's messages speak of, where they do not say it in data."""

Tree = Mapping[str, Any]


def parsed(sheets: Mapping[str, FormSheet], fallback_title: str) -> Tree:
    """Raises `FormFileRefused`: pyxform stops at the first thing that is no XLSForm."""
    survey, choices, settings = (sheets.get(name) for name in (SURVEY, CHOICES, SETTINGS))
    data = DefinitionData(
        **_given(SURVEY, survey),
        **_given(CHOICES, choices),
        **_given(SETTINGS, settings),
        sheet_names=[sheet.name for sheet in sheets.values()],
        fallback_form_name=fallback_title,
    )
    try:
        tree: Tree = workbook_to_json(data, fallback_form_name=fallback_title, warnings=[])
    except PyXFormError as error:
        raise FormFileRefused(
            told(*_place(error.context, str(error).splitlines()[0], sheets))
        ) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # What pyxform does not expect in a cell, and stumbles over.
        raise FormFileRefused(told(Fault((), "research.xlsform_refused"))) from error
    return tree


def _given(name: str, sheet: FormSheet | None) -> dict[str, Any]:
    """With the blank rows too, because pyxform counts the rows it is given, from 2."""
    if sheet is None:
        return {}
    columns = [*sheet.columns, *([] if name == SETTINGS else [ROW])]
    first, last = sheet.header_row + 1, max(sheet.rows, default=sheet.header_row)
    rows = [_row(sheet, number, columns) for number in range(first, last + 1)]
    if name == SETTINGS:
        rows = [row for row in rows if row]
    return {name: rows, f"{name}_header": [dict.fromkeys(columns)]}


def _row(sheet: FormSheet, number: int, columns: list[str]) -> dict[str, str]:
    texts = sheet.rows.get(number)
    if not texts:
        return {}
    return texts | {ROW: str(number)} if ROW in columns else dict(texts)


def _place(
    context: Mapping[str, Any], message: str, sheets: Mapping[str, FormSheet]
) -> tuple[Fault, Spot]:
    name = str(context.get("sheet") or (CHOICES if f"'{CHOICES}' sheet" in message else SURVEY))
    sheet = sheets.get(name) or sheets[SURVEY]
    found = _ROW_TOLD.search(message)
    counted = context.get("row") or (found and found[1])
    row = None if counted is None else int(counted) - 2 + sheet.header_row + 1
    reason = _ROW_TOLD.sub("", message).strip().rstrip(".")
    guessed = next((name for pattern, name in _COLUMNS_TOLD if pattern.search(reason)), None)
    column = context.get("column") or guessed
    fault = Fault((), "research.xlsform_refused", {"reason": reason})
    return fault, Spot(sheet.name, row, None if column is None else str(column))
