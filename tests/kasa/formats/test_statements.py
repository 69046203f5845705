"""Bank statements: three formats, the same lines; what is broken is told, never taken."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.kasa.formats.lines import AmountRefused, exact_amount
from services.kasa.formats.statements import read_statement
from shared.contracts.kasa.vocabulary.bank import Direction, StatementLine
from shared.runtime.tables.errors import ImportRefused
from tests.kasa.domain.books import pln
from tests.kasa.formats.statements import (
    BOOKINGS,
    IBAN,
    Booking,
    as_camt,
    as_csv,
    as_mt940,
    camt_entry,
    codes,
    lines,
    mt940_closing,
    mt940_line,
    mt940_opening,
    read,
)

FORMATS: list[Callable[..., bytes]] = [as_csv, as_mt940, as_camt]


def line(title: str) -> StatementLine:
    return StatementLine(
        bank_reference="BK0001",
        booked_on=date(2026, 3, 2),
        value_on=date(2026, 3, 1),
        amount=pln("1032.80"),
        direction=Direction.CREDIT,
        payer_account=IBAN,
        title=title,
    )


def test_three_formats_give_the_same_lines() -> None:
    from_csv, from_mt940, from_camt = (lines(form()) for form in FORMATS)
    assert from_csv == from_mt940 == from_camt
    assert from_csv[0] == line("POZ/2026/0007 rata 3")
    assert [(each.direction, each.amount) for each in from_csv[1:]] == [
        (Direction.DEBIT, pln(35212)),
        (Direction.CREDIT, pln("0.01")),
    ]
    assert from_csv[2].payer_account is None


def test_polish_letters_of_windows_files_are_read() -> None:
    for form in (as_csv, as_mt940):
        assert lines(form().decode().encode("cp1250"))[2].title == "wpłata bez numeru"


@pytest.mark.parametrize("form", FORMATS)
def test_a_line_repeated_word_for_word_counts_once(form: Callable[..., bytes]) -> None:
    """The balance is of the whole file, so the repetition is in it."""
    found = lines(form([BOOKINGS[0], BOOKINGS[0], BOOKINGS[2]]))
    assert [each.bank_reference for each in found] == ["BK0001", "BK0003"]


@pytest.mark.parametrize("form", FORMATS)
def test_one_reference_for_two_bookings_is_an_error(form: Callable[..., bytes]) -> None:
    assert codes(form([BOOKINGS[0], Booking("BK0001", Decimal(5), "inna")])) == [
        "import_reference_conflict"
    ]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("1032,80", "1032,805", "import_amount_precision"),
        ("1032,80", "1e3", "import_amount_format"),
        ("1032,80", "0,00", "import_amount_zero"),
        ("1032,80", "", "import_required"),
        (";PLN;", ";USD;", "import_currency"),
        ("2026-03-02", "2026-02-30", "import_date_format"),
        ("2026-03-02", "1999-12-31", "import_bank_day"),
        (IBAN, IBAN.replace("61", "62"), "import_account"),
        ("BK0001", "BK\u20ac", "import_bank_reference"),
    ],
)
def test_a_broken_row_is_told_by_its_column_and_the_others_are_taken(
    before: str, after: str, code: str
) -> None:
    found = read(as_csv().decode().replace(before, after, 1).encode())
    assert [error.code for error in found[0].errors] == [code]
    assert found[0].errors[0].row == 2
    assert found[0].line is None
    assert all(each.line for each in found[1:])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("C1032,80", "C1032,8055", ["import_statement_field"]),
        ("C1032,80", "X1032,80", ["import_statement_field"]),
        ("2603010302C", "2602300302C", ["import_bank_day"]),
        ("2603010302C", "2603010230C", ["import_bank_day"]),
        ("//BK0001", "", ["import_statement_field"]),
        ("C1032,80", "C1032,81", ["import_balance"]),
        (f"?31{IBAN}", f"?31{IBAN.replace('61', '62')}", ["import_account"]),
        (":62F:C", ":62F:X", ["import_statement_field"]),
        ("C260301PLN", "C260301USD", ["import_currency"] * 3 + ["import_statement_field"]),
    ],
)
def test_a_broken_field_of_mt940_is_told(before: str, after: str, expected: list[str]) -> None:
    broken = as_mt940().decode().replace(before, after, 1)
    assert broken != as_mt940().decode()
    assert codes(broken.encode()) == expected


def test_a_statement_that_breaks_off_is_an_error() -> None:
    assert codes((mt940_opening() + mt940_line(BOOKINGS[0])).encode()) == ["import_truncated"]
    with pytest.raises(ImportRefused) as refusal:
        read(as_camt()[:-40])
    assert refusal.value.code == "import_unreadable"


def test_several_statements_and_headers_in_one_file() -> None:
    """Two accounts' statements, each in SWIFT's envelope; the second one's lines are others."""
    other = [Booking("BK0009", Decimal("-1.50"), "opłata", None)]
    second = mt940_opening() + mt940_line(other[0]) + mt940_closing(other)
    content = "{1:F01BANKPLPW}{4:\n" + as_mt940().decode() + "}\n{1:F01BANKPLPW}{4:\n" + second
    assert [each.bank_reference for each in lines(content.encode())] == [
        "BK0001",
        "BK0002",
        "BK0003",
        "BK0009",
    ]


def test_other_marks_of_subfields_and_reversals() -> None:
    for mark in "<~^":
        assert lines(as_mt940().decode().replace("?", mark).encode()) == lines(as_mt940())
    taken_back = as_mt940([BOOKINGS[2]]).decode().replace("C0,01", "RC0,01", 1)
    closing = taken_back.replace("C260302PLN100000,01", "C260302PLN99999,99")
    assert lines(closing.encode())[0].direction is Direction.DEBIT


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (">1032.80<", ">1032.805<", ["import_amount_precision"]),
        (">1032.80<", ">-1032.80<", ["import_amount_format"]),
        (">1032.80<", "><", ["import_amount_format"]),
        (">1032.80<", ">1032.81<", ["import_balance"]),
        ('<Ntry><Amt Ccy="PLN">', '<Ntry><Amt Ccy="XYZ">', ["import_currency"]),
        ("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", ["import_not_booked"]),
        ("<ValDt><Dt>2026-03-01", "<ValDt><Dt>2026-02-30", ["import_bank_day"]),
        ("</TxDtls>", "</TxDtls><TxDtls></TxDtls>", ["import_batched"]),
        ("<AcctSvcrRef>BK0001</AcctSvcrRef>", "", ["import_bank_reference"]),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", ["import_required"]),
    ],
)
def test_a_broken_entry_of_camt_is_told(before: str, after: str, expected: list[str]) -> None:
    broken = as_camt().decode().replace(before, after, 1)
    assert broken != as_camt().decode()
    assert codes(broken.encode()) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"<Document><Other/></Document>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Document/>',
        b"<html><body/></html>",
        b'<?xml version="1.0" encoding="TF-8"?><Document/>',
        b"<Document/>",
        b"<" + b"a" * 2_000_000,
        b"<Document><BkToCstmrStmt><Stmt>" + b"<Ntry>" * 1000,
        b":20:X\n:61:" + b"9" * 5000,
        b":20:X\n:86:A\n" + b"B\n" * 5000,
        b"",
        b"\x00\x01",
    ],
)
def test_what_is_no_statement_is_refused_whole(content: bytes) -> None:
    with pytest.raises(ImportRefused):
        read(content)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1 234,56", "1234.56"), ("-0.5", "-0.5"), ("+7", "7"), ("12\u00a0345,00", "12345.00")],
)
def test_amounts_as_people_write_them(text: str, amount: str) -> None:
    assert exact_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "1,234", "1.234,56", "NaN", "1e2", "12 34,00", "--1", "\u0661", "9" * 31]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(AmountRefused):
        exact_amount(text)


@settings(max_examples=150, deadline=None)
@for_all(data=st.data(), form=st.sampled_from(FORMATS), edits=st.integers(1, 3))
def test_no_broken_file_crashes_and_no_changed_line_is_taken_silently(
    data: st.DataObject, form: Callable[..., bytes], edits: int
) -> None:
    """Bytes changed at random: a line that is taken is sound by itself; and in formats with balances
    a changed amount never passes without an error.
    """
    content = bytearray(form())
    for _ in range(edits):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"9", b",", b"\n", b"<", b":", b"\xff", b"0", b"-"])
        )
        content[at : at + 1] = piece
    try:
        found = read(bytes(content))
    except ImportRefused:
        return
    taken = [each.line for each in found if each.line is not None]
    assert all((each.line is None) == bool(each.errors) for each in found)
    assert all(each.amount.amount > 0 for each in taken)
    if form is not as_csv and not any(each.errors for each in found) and len(taken) == 3:
        signs = {Direction.CREDIT: 1, Direction.DEBIT: -1}
        moved = sum(signs[each.direction] * each.amount.amount for each in taken)
        original = sum(b.amount for b in BOOKINGS)
        assert moved == original or _balance_changed(bytes(content), form())


def _balance_changed(content: bytes, original: bytes) -> bool:
    """Whether a balance was edited too, so that it fits, or is not there to compare with."""
    marks = (b":60F:C260301PLN100000,00", b"100000", b"OPBD", b"CLBD", b"65820.81")
    return any((mark in original) is not (mark in content) for mark in marks)


@settings(max_examples=100, deadline=None)
@for_all(content=st.binary(max_size=400))
@example(content=b":20:\n:60F:C260301PLN1,\n:61:")
@example(content=b"<Document><BkToCstmrStmt><Stmt><Bal><Amt>")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for prefix in (b"", b":20:X\n:60F:C260301PLN1,00\n:61:", b"<Document>"):
        try:
            found = read(prefix + content)
        except ImportRefused:
            continue
        assert all((each.line is None) == bool(each.errors) for each in found)


PEAKS = """
import sys, tracemalloc
from tempfile import TemporaryFile
from collections import deque
from decimal import Decimal
from services.kasa.formats.statements import read_statement
from tests.kasa.formats import statements

def peak(count):
    bookings = [statements.Booking(f"B{n:07}", Decimal(1), "POZ/2026/0007") for n in range(count)]
    with TemporaryFile() as stream:
        stream.write(getattr(statements, sys.argv[1])(bookings))
        del bookings
        tracemalloc.start()
        deque(read_statement(stream, "wyciag.csv"), maxlen=0)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

peak(50)
print(peak(6_000) - peak(1_500))
"""


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_file(form: Callable[..., bytes]) -> None:
    """Four times the rows, and less than 100 kB more. In a process of its own, because what threads of
    other tests allocate counts too; from a size on that fills all buffers.
    """
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PEAKS, form.__name__],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert int(ran.stdout) < 100_000


def test_entries_of_a_document_are_read_before_it_ends() -> None:
    entries = "".join(camt_entry(Booking(f"B{n}", Decimal(1), "x")) for n in range(400))
    document = f"<Document><BkToCstmrStmt><Stmt>{entries}".encode()
    found = read_statement(BytesIO(document), "x.xml")
    assert next(found).line is not None
