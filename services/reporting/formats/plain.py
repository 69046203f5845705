"""Documents for machines: JSON and CSV."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import rfc8785

from services.reporting.formats.tables import Document, Table, Value
from shared.runtime.tables.values import FORMULA_STARTS


def as_json(document: Document) -> bytes:
    """Canonical JSON (RFC 8785): the manifest, then each table with its rows by the keys of its columns.
    Fractions are texts, so that nothing rounds them; days are ISO 8601.
    """
    content: dict[str, Any] = {
        "document": document.kind,
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language.value,
        "manifest": document.manifest,
        "tables": [
            {
                "table": table.key,
                "title": table.title,
                "columns": {each.key: each.title for each in table.columns},
                "rows": [_row(table, row) for row in table.rows],
            }
            for table in document.tables
        ],
    }
    return rfc8785.dumps(content) + b"\n"


def _row(table: Table, row: Mapping[str, Value]) -> dict[str, Any]:
    values = {each.key: each.value(row) for each in table.columns}
    return {key: value if isinstance(value, int) else _text(value) for key, value in values.items()}


def as_csv(document: Document) -> bytes:
    """All tables under one head (RFC 4180, UTF-8): the first column names the table, the others are those
    of all of them by their keys.
    """
    keys = dict.fromkeys(each.key for table in document.tables for each in table.columns)
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(["table", *keys])
    for table in document.tables:
        for row in table.rows:
            values = _row(table, row)
            writer.writerow([table.key, *(_harmless(values.get(key)) for key in keys)])
    return target.getvalue().encode()


def _text(value: Value) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value  # type: ignore[return-value]


def _harmless(value: Value) -> Value:
    """No spreadsheet takes a text for a formula (OWASP, CSV injection); nothing stays nothing."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if _is_number(value) else f"'{value}"
    return value


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
