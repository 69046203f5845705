"""Bank statements in ISO 20022 CAMT.053, every version from 001.02 on: bookings with one transfer each.

No maintained library reads these documents as a stream; this reads the few elements that a line
needs, with the XML reader of the tables: no document types, no entities, bounded memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError

from services.kasa.formats.balance import RunningBalance
from services.kasa.formats.errors import row_error
from services.kasa.formats.lines import AmountRefused, ReadLine, exact_amount, read_line
from shared.runtime.tables.cells import MAX_ROWS
from shared.runtime.tables.errors import refused
from shared.runtime.tables.xml_stream import Attributes, Texts, pieces, start_parser

COLUMNS: Final = {
    "bank_reference": "AcctSvcrRef",
    "booked_on": "BookgDt",
    "value_on": "ValDt",
    "amount": "Amt",
    "currency": "Amt/@Ccy",
    "payer_account": "IBAN",
    "title": "RmtInf/Ustrd",
}
_STATEMENT: Final = ("Document", "BkToCstmrStmt", "Stmt")
_ENTRY: Final = (*_STATEMENT, "Ntry")
_BALANCE: Final = (*_STATEMENT, "Bal")
_DEPTH: Final = 30
"""Elements within one another; the schema needs half of it."""
_SIZE: Final = 100_000
"""Characters of the texts of one entry."""


@dataclass
class Element:
    """The texts below an entry or a balance, by path; and the currency of its amount."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    currency: str = ""
    transfers: int = 0
    size: int = 0

    def add(self, path: str, text: str) -> None:
        self.size += len(text)
        if self.size > _SIZE:
            raise refused("row_too_long", limit=_SIZE)
        self.texts.setdefault(path, []).append(text)

    def first(self, *paths: str) -> str | None:
        return next((self.texts[path][0] for path in paths if self.texts.get(path)), None)


class _Reader:
    def __init__(self) -> None:
        self.texts = Texts()
        self.ready: list[ReadLine] = []
        self.entries = 0
        self.statements = 0
        self._path: list[str] = []
        self._element: Element | None = None
        self._balance = RunningBalance()
        self._closing: Decimal | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        self._path.append(name)
        if len(self._path) > _DEPTH:
            raise refused("unreadable")
        here = tuple(self._path)
        if here[:2] != _STATEMENT[:2][: len(here)]:
            raise refused("file_type")
        if here == _STATEMENT:
            self.statements += 1
            self._balance, self._closing = RunningBalance(), None
        if here in {_ENTRY, _BALANCE}:
            self._element = Element()
        elif self._element is not None and name == "Amt" and len(here) == len(_ENTRY) + 1:
            self._element.currency = attributes.get("Ccy", "")
        elif self._element is not None and name == "TxDtls":
            self._element.transfers += 1
        self.texts.clear()
        self.texts.open = self._element is not None

    def end(self, _name: str) -> None:
        here = tuple(self._path)
        if self._element is not None:
            below = "/".join(here[len(_ENTRY) :])
            text = self.texts.value().strip()
            if below and text:
                self._element.add(below, text)
        self.texts.clear()
        if here == _ENTRY and self._element is not None:
            self._finish_entry(self._element)
        elif here == _BALANCE and self._element is not None:
            self._finish_balance(self._element)
        elif here == _STATEMENT:
            self._finish_statement()
        self._path.pop()
        if here in {_ENTRY, _BALANCE}:
            self._element = None

    def _finish_entry(self, entry: Element) -> None:
        self.entries += 1
        if self.entries > MAX_ROWS:
            raise refused("too_many_rows", self.entries, limit=MAX_ROWS)
        read = _line(self.entries, entry)
        self._balance.add(read)
        self.ready.append(read)

    def _finish_balance(self, found: Element) -> None:
        """Only booked balances count (`OPBD`, `CLBD`)."""
        try:
            amount = exact_amount(found.first("Amt") or "")
        except AmountRefused:
            return
        signed = amount if found.first("CdtDbtInd") == "CRDT" else -amount
        kind = found.first("Tp/CdOrPrtry/Cd")
        if kind == "OPBD":
            self._balance.amount = signed
        elif kind == "CLBD":
            self._closing = signed

    def _finish_statement(self) -> None:
        if self._closing is not None and not self._balance.closes_at(self._closing):
            error = row_error("balance", self.entries, "Bal")
            self.ready.append(ReadLine(self.entries, None, (error,)))


def camt_lines(stream: BinaryIO) -> Iterator[ReadLine]:
    """Raises `ImportRefused` where the document is none, breaks off or is another one."""
    reader = _Reader()
    parser = start_parser(reader.start, reader.end, reader.texts)
    stream.seek(0)
    try:
        for _ in pieces(stream, parser):
            yield from reader.ready
            reader.ready.clear()
    except (ExpatError, LookupError, ValueError) as error:
        raise refused("unreadable", reader.entries + 1) from error
    if not reader.statements:
        raise refused("empty")


def _line(row: int, entry: Element) -> ReadLine:
    if entry.transfers > 1:
        return ReadLine(row, None, (row_error("batched", row, "TxDtls"),))
    if entry.first("Sts/Cd", "Sts") != "BOOK":
        return ReadLine(row, None, (row_error("not_booked", row, "Sts"),))
    direction = entry.first("CdtDbtInd")
    days = {
        "booked_on": _day(entry.first("BookgDt/Dt", "BookgDt/DtTm")),
        "value_on": _day(entry.first("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")),
    }
    amount = entry.first("Amt") or ""
    errors = [row_error("bank_day", row, COLUMNS[name]) for name, day in days.items() if not day]
    if direction not in {"CRDT", "DBIT"}:
        errors.append(row_error("required", row, "CdtDbtInd", direction))
    if amount[:1] in {"-", "+"} or "," in amount:
        errors.append(row_error("amount_format", row, "Amt", amount))
    if errors:
        return ReadLine(row, None, tuple(errors))
    details = "NtryDtls/TxDtls"
    other = "Dbtr" if direction == "CRDT" else "Cdtr"
    facts = {
        **days,
        "bank_reference": entry.first("AcctSvcrRef", f"{details}/Refs/AcctSvcrRef") or "",
        "amount": amount if direction == "CRDT" else f"-{amount}",
        "currency": entry.currency,
        "payer_account": entry.first(f"{details}/RltdPties/{other}Acct/Id/IBAN"),
        "title": " ".join(" ".join(entry.texts.get(f"{details}/RmtInf/Ustrd", [])).split()),
    }
    return read_line(row, facts, COLUMNS)


def _day(text: str | None) -> date | None:
    """The day of a date or of a moment as the bank wrote it."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
