"""A bank statement of any format: the same lines, or what is wrong row by row; memory does not grow
with the file.
"""

import re
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from hashlib import blake2b
from secrets import token_bytes
from typing import BinaryIO, Final

from services.kasa.formats.errors import row_error
from services.kasa.formats.lines import ReadLine
from services.kasa.formats.statement_camt import camt_lines
from services.kasa.formats.statement_csv import csv_lines
from services.kasa.formats.statement_mt940 import mt940_lines
from shared.contracts.kasa.vocabulary.bank import StatementLine
from shared.runtime.tables.errors import ImportRefused
from shared.runtime.tables.files import EXTENSIONS

_BEGINNING: Final = 512
"""Bytes by which a file is recognised."""
_MT940: Final = re.compile(rb"(?:^|[\r\n])\s*:20:|^\s*\{1:")


def read_statement(stream: BinaryIO, filename: str) -> Generator[ReadLine, None, None]:
    """Every booking once: one that is repeated in the file, word for word, is left out, and another
    one under the same bank reference is an error. The content decides what the file is.

    `stream` must be seekable. Raises `ImportRefused`, at once or where a damaged file breaks off.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        seen = _Seen(database)
        for read in _lines(stream, filename):
            if read.line is None:
                yield read
                continue
            row, same = seen.first(read.line, read.row)
            if row == read.row:
                yield read
            elif not same:
                yield _conflict(read.row, read.line, row)


class _Seen:
    """The bookings seen so far, as digests under a key of this reading, in a temporary database file:
    on disk, because files are long; as digests, because titles and payers are personal.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._secret = token_bytes(16)
        self._seen = database
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER, content BLOB) WITHOUT ROWID"
        )

    def first(self, line: StatementLine, row: int) -> tuple[int, bool]:
        """The row in which the bank reference stood first, and whether it said the same there."""
        key, content = self._digest(line.bank_reference), self._digest(line.model_dump_json())
        self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (key, row, content))
        found = self._seen.execute("SELECT row, content FROM seen WHERE key = ?", (key,)).fetchone()
        return found[0], found[1] == content

    def _digest(self, text: str) -> bytes:
        return blake2b(text.encode(), key=self._secret, digest_size=16).digest()


def _conflict(row: int, line: StatementLine, first: int) -> ReadLine:
    error = row_error("reference_conflict", row, "", line.bank_reference, first=first)
    return ReadLine(row, None, (error,))


def _lines(stream: BinaryIO, filename: str) -> Iterator[ReadLine]:
    stream.seek(0)
    beginning = stream.read(_BEGINNING).removeprefix(b"\xef\xbb\xbf")
    stream.seek(0)
    if beginning.lstrip().startswith(b"<"):
        return camt_lines(stream)
    if _MT940.search(beginning):
        return mt940_lines(stream)
    if not filename.lower().endswith(EXTENSIONS):
        raise ImportRefused(row_error("statement_type", 1))
    return csv_lines(stream, filename)
