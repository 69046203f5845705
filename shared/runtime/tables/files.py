"""Rows from an uploaded file, whatever kind it is, with memory that does not grow with it."""

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from shared.runtime.tables.cells import MAX_COLUMNS, MAX_ROWS, Row
from shared.runtime.tables.csv_rows import csv_rows
from shared.runtime.tables.errors import refused
from shared.runtime.tables.xlsx_rows import xlsx_rows

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
"""Compound file: Excel 97-2003, and any workbook encrypted with a password."""
EXTENSIONS = (".xlsx", ".csv", ".txt")


def read_rows(stream: BinaryIO, filename: str) -> Iterator[Row]:
    """The rows with content, the header first. `stream` must be seekable.

    The content decides what the file is, because names lie; the name only has to be one of those
    that we take. Raises `ImportRefused` at the first row that cannot be read.
    """
    if not filename.lower().endswith(EXTENSIONS):
        raise refused("file_type")
    stream.seek(0)
    magic = stream.read(4)
    stream.seek(0)
    if magic == OLE_MAGIC:
        raise refused("old_excel")
    taken = 0
    with closing(xlsx_rows(stream) if magic == ZIP_MAGIC else csv_rows(stream)) as rows:
        for row in rows:
            if len(row.cells) > MAX_COLUMNS:
                raise refused("too_many_columns", row.number, limit=MAX_COLUMNS)
            if all(cell is None for cell in row.cells):
                continue
            taken += 1
            if taken > MAX_ROWS + 1:
                raise refused("too_many_rows", row.number, limit=MAX_ROWS)
            yield row
    if not taken:
        raise refused("empty")
