"""CSV as spreadsheets and offices write it (RFC 4180, with Polish habits)."""

import codecs
import csv
import io
from collections.abc import Generator
from typing import BinaryIO

from shared.runtime.tables.cells import Row, text_cell
from shared.runtime.tables.errors import refused

ROW_LIMIT = 100_000
"""Characters of one row; below the limit per cell of the `csv` module (131 072)."""
CHUNK = 1 << 16
DELIMITERS = ";,\t"


def csv_rows(stream: BinaryIO) -> Generator[Row, None, None]:
    """All rows, blank ones too. Raises `ImportRefused` with the row that is malformed."""
    text = io.TextIOWrapper(stream, encoding=detect_encoding(stream), newline="")
    try:
        yield from _rows(text)
    finally:
        if not text.closed:  # the stream may have gone before an abandoned reading of it
            text.detach()


def detect_encoding(stream: BinaryIO) -> str:
    """`utf-8-sig` if the whole file is valid UTF-8 (with or without mark), else `cp1250`.

    The whole file is looked at, not a sample, so that a Polish letter at its end decides just as
    one at its beginning. Polish text in Windows-1250 is practically never valid UTF-8: each letter
    beyond ASCII would have to be followed by fitting continuation bytes.
    """
    for encoding in ("utf-8-sig", "cp1250"):
        if _decodes(stream, encoding):
            return encoding
    raise refused("encoding")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


class _Lines:
    """The lines of a file; neither one line nor the many lines of one row exhaust memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._held: str | None = None
        self.row = 1
        self._left = ROW_LIMIT

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(ROW_LIMIT + 1) if self._held is None else self._held
        self._held = None
        self._left -= len(line)
        if self._left < 0:
            raise refused("row_too_long", self.row, limit=ROW_LIMIT)
        if not line:
            raise StopIteration
        return line

    def peek(self) -> str:
        """The next line, which stays the next; empty at the end of the file."""
        if self._held is None:
            self._held = self._text.readline(ROW_LIMIT + 1)
        return self._held

    def next_row(self) -> None:
        self.row += 1
        self._left = ROW_LIMIT


def _rows(text: io.TextIOWrapper) -> Generator[Row, None, None]:
    lines = _Lines(text)
    delimiter = _declared_delimiter(lines.peek())
    if delimiter:
        next(lines)
        lines.next_row()
    else:
        delimiter = detect_delimiter(lines.peek())
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for values in reader:
            yield Row(lines.row, tuple(map(text_cell, values)))
            lines.next_row()
    except csv.Error as error:
        raise refused("malformed", lines.row) from error


def _declared_delimiter(line: str) -> str | None:
    """Excel's own declaration, a first line `sep=;`."""
    name, _, delimiter = line.strip("\r\n").strip('"').partition("=")
    return delimiter if name.lower() == "sep" and delimiter in (*DELIMITERS, "|") else None


def detect_delimiter(header: str) -> str:
    """Semicolon, comma or tab: the one that stands most often outside quotation marks in the header.

    On a tie the semicolon, the list separator of Polish Windows.
    """
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
