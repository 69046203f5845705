"""A document in one of its forms."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from services.reporting.formats.paper import as_pdf
from services.reporting.formats.plain import as_csv, as_json
from services.reporting.formats.tables import Document
from services.reporting.formats.workbook import as_xlsx
from shared.contracts.reporting.vocabulary.documents import TableFormat


class Form(NamedTuple):
    media_type: str
    write: Callable[[Document], bytes]


FORMS: Final[Mapping[TableFormat, Form]] = {
    TableFormat.JSON: Form("application/json", as_json),
    TableFormat.CSV: Form("text/csv; charset=utf-8", as_csv),
    TableFormat.XLSX: Form(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx
    ),
    TableFormat.PDF: Form("application/pdf", as_pdf),
}
