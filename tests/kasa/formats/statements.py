"""One statement in each of the three formats, and larger ones."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

from services.kasa.formats.lines import ReadLine
from services.kasa.formats.statements import read_statement
from shared.contracts.kasa.vocabulary.bank import StatementLine

IBAN = "PL61109010140000071219812874"


class Booking(NamedTuple):
    reference: str
    amount: Decimal
    """With its sign."""
    title: str
    account: str | None = IBAN


BOOKINGS = (
    Booking("BK0001", Decimal("1032.80"), "POZ/2026/0007 rata 3"),
    Booking("BK0002", Decimal("-35212.00"), "DOT/2026/0003 transza 1"),
    Booking("BK0003", Decimal("0.01"), "wpłata bez numeru", None),
)


def as_csv(bookings: Iterable[Booking] = BOOKINGS) -> bytes:
    header = "Numer operacji;Data księgowania;Data waluty;Kwota;Waluta;Rachunek kontrahenta;Tytuł\n"
    rows = (
        f"{b.reference};2026-03-02;01.03.2026;{str(b.amount).replace('.', ',')};PLN;"
        f"{b.account or ''};{b.title}\n"
        for b in bookings
    )
    return (header + "".join(rows)).encode()


def as_mt940(bookings: Sequence[Booking] = BOOKINGS) -> bytes:
    return (mt940_opening() + "".join(map(mt940_line, bookings)) + mt940_closing(bookings)).encode()


def mt940_opening() -> str:
    return ":20:WYCIAG\n:25:/PL61109010140000071219812874\n:28C:00042\n:60F:C260301PLN100000,00\n"


def mt940_line(b: Booking) -> str:
    mark = "C" if b.amount > 0 else "D"
    amount = f"{abs(b.amount):.2f}".replace(".", ",")
    account = f"?31{b.account}" if b.account else ""
    first, second = b.title[:12], b.title[12:]
    return (
        f":61:2603010302{mark}{amount}NTRFNONREF//{b.reference}\n"
        f":86:020?00PRZELEW?20{first}?21{second}{account}?32SPOLDZIELNIA\n"
    )


def mt940_closing(bookings: Iterable[Booking]) -> str:
    closing = Decimal(100_000) + sum(b.amount for b in bookings)
    mark = "C" if closing >= 0 else "D"
    return f":62F:{mark}260302PLN{f'{abs(closing):.2f}'.replace('.', ',')}\n-\n"


def as_camt(bookings: Sequence[Booking] = BOOKINGS) -> bytes:
    closing = Decimal(100_000) + sum(b.amount for b in bookings)
    entries = "".join(map(camt_entry, bookings))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>"
        f"{camt_balance('OPBD', Decimal(100_000))}{camt_balance('CLBD', closing)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def camt_balance(kind: str, amount: Decimal) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="PLN">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd></Bal>'
    )


def camt_entry(b: Booking) -> str:
    side, other = ("CRDT", "Dbtr") if b.amount > 0 else ("DBIT", "Cdtr")
    account = f"<{other}Acct><Id><IBAN>{b.account}</IBAN></Id></{other}Acct>" if b.account else ""
    return (
        f'<Ntry><Amt Ccy="PLN">{abs(b.amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>"
        "<ValDt><Dt>2026-03-01</Dt></ValDt>"
        f"<AcctSvcrRef>{b.reference}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties>{account}</RltdPties>"
        f"<RmtInf><Ustrd>{b.title}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def read(content: bytes, filename: str = "wyciag.csv") -> list[ReadLine]:
    return list(read_statement(BytesIO(content), filename))


def lines(content: bytes) -> list[StatementLine]:
    found = read(content)
    assert [each.errors for each in found] == [()] * len(found)
    return [each.line for each in found if each.line is not None]


def codes(content: bytes) -> list[str]:
    return [error.code for each in read(content) for error in each.errors]
