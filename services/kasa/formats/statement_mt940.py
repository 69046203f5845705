"""Bank statements in SWIFT MT940, as Polish banks write them.

The file is cut into fields and each line (field 61, with its 86) is checked against SWIFT's format
before the library reads it: the library forgives what must not be forgiven with money, such as a 30th
of February, and it would log what it cannot read.
"""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, Final

import mt940
from mt940.models import Transactions

from services.kasa.formats.balance import RunningBalance
from services.kasa.formats.errors import row_error
from services.kasa.formats.lines import AmountRefused, ReadLine, exact_amount, read_line
from shared.runtime.tables.cells import MAX_ROWS
from shared.runtime.tables.csv_rows import detect_encoding
from shared.runtime.tables.errors import refused

LINE_LIMIT: Final = 2_000
FIELD_LIMIT: Final = 4_000
"""Characters; SWIFT allows far less, banks a little more."""
COLUMNS: Final = {
    "bank_reference": ":61: //",
    "booked_on": ":61:",
    "value_on": ":61:",
    "amount": ":61:",
    "currency": ":60F:",
    "payer_account": ":86: ?31",
    "title": ":86: ?20",
}
_TAG: Final = re.compile(r":(\d\d[A-Z]?|NS):", re.ASCII)
_LINE: Final = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>\d{1,12},\d{0,2})"
    r"[NFS][A-Z0-9]{3}(?:(?!//)[^\n]){0,16}//(?P<reference>[^\n]{1,23})(?:\n[^\n]*)?",
    re.ASCII,
)
_BALANCE: Final = re.compile(
    r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d{1,15},\d{0,2})",
    re.ASCII,
)
_SUBFIELDS: Final = re.compile(r"\d{3}(?P<mark>[?<~^|])\d\d")
_ACCOUNT: Final = re.compile(r"\?(?:31|38)([A-Z]{2}\d{2}[A-Z0-9]{11,30}|\d{26})(?=\?|$)")

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)


@dataclass
class Field:
    row: int
    tag: str
    text: str


def mt940_lines(stream: BinaryIO) -> Iterator[ReadLine]:
    """Raises `ImportRefused` for what is no such file; a statement that breaks off is an error of
    its last row.
    """
    reader = _Reader()
    for field in _fields(stream):
        yield from reader.take(field)
    yield from reader.finish()


class _Reader:
    """Goes through the fields: between an opening and a closing balance there are lines."""

    def __init__(self) -> None:
        self._currency = ""
        """Of the statement that is open; empty between two."""
        self._balance = RunningBalance()
        self._entry: Field | None = None
        """The line whose details may follow."""
        self._row = 1
        self._lines = 0

    def take(self, field: Field) -> Iterator[ReadLine]:
        self._row = field.row
        yield from self._line(field.text if field.tag == "86" else "")
        match field.tag[:2], bool(self._currency):
            case "60", False:
                yield from self._open(field)
            case "61", True:
                self._entry = field
            case "62", True:
                yield from self._close(field)
            case "60" | "61" | "62", _:
                yield _misplaced(field)

    def finish(self) -> Iterator[ReadLine]:
        yield from self._line("")
        if self._currency:
            error = row_error("truncated", self._row, ":62F:")
            yield ReadLine(self._row, None, (error,))

    def _line(self, details: str) -> Iterator[ReadLine]:
        if self._entry is None:
            return
        self._lines += 1
        if self._lines > MAX_ROWS:
            raise refused("too_many_rows", self._row, limit=MAX_ROWS)
        read = _read(self._entry, details, self._currency)
        self._entry = None
        self._balance.add(read)
        yield read

    def _open(self, field: Field) -> Iterator[ReadLine]:
        opened = _balance(field)
        if opened is None:
            yield _misplaced(field)
        else:
            self._currency, self._balance = opened[0], RunningBalance(opened[1])

    def _close(self, field: Field) -> Iterator[ReadLine]:
        closed = _balance(field)
        if closed is None or closed[0] != self._currency:
            yield _misplaced(field)
        elif not self._balance.closes_at(closed[1]):
            error = row_error("balance", field.row, f":{field.tag}:")
            yield ReadLine(field.row, None, (error,))
        self._currency = ""


def _misplaced(field: Field) -> ReadLine:
    error = row_error("statement_field", field.row, f":{field.tag}:", tag=field.tag)
    return ReadLine(field.row, None, (error,))


def _fields(stream: BinaryIO) -> Iterator[Field]:
    """The fields of all statements of a file, headers and trailers left out."""
    text = io.TextIOWrapper(stream, encoding=detect_encoding(stream), newline=None)
    field: Field | None = None
    try:
        row = 0
        while line := text.readline(LINE_LIMIT + 1):
            row += 1
            content = line.rstrip("\n")
            if len(content) > LINE_LIMIT:
                raise refused("row_too_long", row, limit=LINE_LIMIT)
            if found := _TAG.match(content):
                if field is not None:
                    yield field
                field = Field(row, found[1], content[found.end() :])
            elif content == "-" or content.startswith(("-}", "{", "}")) or field is None:
                if field is not None:
                    yield field
                field = None
            else:
                field.text += f"\n{content}"
                if len(field.text) > FIELD_LIMIT:
                    raise refused("row_too_long", row, limit=FIELD_LIMIT)
        if field is not None:
            yield field
    finally:
        if not text.closed:  # the stream may have gone before an abandoned reading of it
            text.detach()


def _balance(field: Field) -> tuple[str, Decimal] | None:
    found = _BALANCE.fullmatch(field.text.strip())
    if found is None or _day(found["day"]) is None:
        return None
    amount = exact_amount(found["amount"])
    return found["currency"], amount if found["mark"] == "C" else -amount


def _day(text: str) -> date | None:
    """Of the digits YYMMDD."""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


def _read(entry: Field, details: str, currency: str) -> ReadLine:
    found = _LINE.fullmatch(entry.text.rstrip())
    if found is None:
        return _misplaced(entry)
    booked = found["booked"]
    days = [_day(found["value"]), _day(f"00{booked}") if booked else date.min]
    if None in days:
        return ReadLine(entry.row, None, (row_error("bank_day", entry.row, ":61:", entry.text),))
    try:
        amount = exact_amount(found["amount"])
    except AmountRefused:
        return _misplaced(entry)
    statement = _parsed(entry.text.rstrip(), details, currency, amount)
    if statement is None:
        return _misplaced(entry)
    incoming = found["mark"] in {"C", "RD"}
    account = _ACCOUNT.search(_joined(details))
    facts = {
        "bank_reference": found["reference"].strip(),
        "booked_on": statement.get("entry_date") or statement["date"],
        "value_on": statement["date"],
        "amount": str(amount if incoming else -amount),
        "currency": currency,
        "payer_account": account[1] if account else None,
        "title": " ".join(str(statement.get("purpose") or details).split()),
    }
    return read_line(entry.row, facts, COLUMNS)


def _joined(details: str) -> str:
    """Field 86 in one line, its subfields told apart by `?`, which banks write differently."""
    text = details.replace("\n", "")
    found = _SUBFIELDS.match(text)
    return text.replace(found["mark"], "?") if found else text


def _parsed(entry: str, details: str, currency: str, amount: Decimal) -> dict[str, Any] | None:
    """What the library makes of a line; None where it does not read the same amount."""
    transactions = Transactions(options=mt940.Options.all())
    described = f":86:{_joined(details)}\n" if details else ""
    try:
        transactions.parse(f":60F:C000101{currency}0,00\n:61:{entry}\n{described}")
        (statement,) = transactions
    except (RuntimeError, ValueError, ArithmeticError):
        return None
    data: dict[str, Any] = statement.data
    return data if abs(data["amount"].amount) == amount else None
