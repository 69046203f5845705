"""A bank statement imported whole: read, matched to loans, recorded with postings and schedules; beside
a plain pandas parse and merge of the same file.

    ./dev bench statements --lines 100000 --loans 1000

Every line pays a grosz or more to one of the loans in turn; one in a hundred names none and waits.
pandas reads the CSV file, cuts the number out of the title and merges: no check digits, no balances, no
schedules, nothing recorded. The ratio tells what the rest costs.
"""

import argparse
import io
import os
import resource
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import pandas as pd
from rich.console import Console
from rich.table import Table

from services.kasa.application import Kasa
from services.kasa.application.statements import StatementImport
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from services.kasa.domain.lending import Standing
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_books import Bookkeeping
from services.kasa.domain.rules import KasaRules
from services.kasa.formats.statements import read_statement
from shared.contracts.access import Role
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    LoanTerms,
    PrepaymentEffect,
    ScheduleKind,
)
from shared.contracts.operations import Caller
from shared.eventstore.acts import Act
from shared.eventstore.connection import connect, durable
from shared.eventstore.vault import BlindIndex, KeyStore, MasterKey, MasterKeys, Vault
from shared.kernel.days import POLAND
from shared.kernel.money import Currency, Money
from shared.kernel.provenance import Provenance
from shared.runtime.imports import Tally
from tests.benchmarks.bench_append import mongodb_uri
from tests.kasa.formats.statements import Booking, as_camt, as_csv, as_mt940

RULES: Final = Path(__file__).parents[2] / "services/kasa/rules"
NOW: Final = datetime(2026, 3, 10, 12, tzinfo=POLAND)
SIGNED, DRAWN, FIRST_DUE = date(2026, 1, 12), date(2026, 1, 15), date(2026, 2, 15)
SOURCE: Final = "EFS-85"
PRINCIPAL: Final = Money.of("50000")
UNNAMED: Final = 100


def kasa_on(uri: str) -> Kasa:
    """An application on databases of its own."""
    name = f"bench_{uuid4().hex[:8]}"
    environment = {
        "MONGODB_URI": uri,
        "MONGODB_DATABASE": f"{name}_ledger",
        "CREATE_TABLE": "yes",
    }
    subjects = (folder for folder in sorted(RULES.iterdir()) if folder.is_dir())
    rules = KasaRules.parse(
        {each.name: [path.read_text() for path in sorted(each.glob("*.toml"))] for each in subjects}
    )
    return Kasa(
        environment,
        vault=Vault(
            KeyStore(durable(connect(uri), f"{name}_vault")), MasterKeys(MasterKey(os.urandom(32)))
        ),
        index=BlindIndex(os.urandom(32)),
        rules=rules,
        now=lambda: NOW,
    )


def number_of(loan: int) -> str:
    return f"POZ/2026/{loan + 1:05}"


def lend(kasa: Kasa, loans: int) -> None:
    """So many loans of sixty months, paid out."""
    today, rules = NOW.date(), kasa.rules.loans
    fund = Fund(id_of("fund", SOURCE))
    fund.open(source=SOURCE, name="Pomiar", currency=Currency.PLN, opened_on=SIGNED, today=today)
    fund.contribute(
        Money.of(50_000 * loans), on=SIGNED, source_document="U/1", today=today, by="bench"
    )
    kasa.record(fund, provenance=provenance())
    for each in range(loans):
        loan = Loan(id_of("loan", number_of(each)))
        books = Bookkeeping(loan)
        loan.sign(
            number=number_of(each),
            enterprise_id=uuid4(),
            application_id=None,
            source=SOURCE,
            product="start",
            principal=PRINCIPAL,
            terms=LoanTerms(kind=ScheduleKind.ANNUITY, months=60, first_due_on=FIRST_DUE),
            late_percent=None,
            day_count=DayCount.ACT_365,
            waterfall="ancillary_first",
            prepayment_effect=PrepaymentEffect.REDUCE_INSTALMENTS,
            conditions=(),
            standing=Standing(age_months=3, loans=0, lent=Money.zero(), staff=5, creates_jobs=True),
            support=None,
            signed_on=SIGNED,
            today=today,
            rules=rules,
        )
        request = uuid4()
        loan.request_disbursement(
            request_id=request, amount=PRINCIPAL, source_document="W/1", by="one", today=today
        )
        loan.decide(request_id=request, approve=True, by="two", today=today)
        loan.confirm_disbursement(
            request_id=request,
            bank_reference=f"W{each}",
            paid_on=DRAWN,
            today=today,
            rules=rules,
        )
        books.post(fund, on=DRAWN)
        kasa.record(loan, fund, provenance=provenance())


def provenance(command: UUID | None = None) -> Provenance:
    return Provenance(
        actor="bench",
        role=Role.LOAN_OFFICER,
        command="kasa.import_statement",
        command_id=command or uuid4(),
        correlation_id=uuid4(),
    )


def bookings(lines: int, loans: int) -> list[Booking]:
    return [
        Booking(
            f"B{n:08}",
            Decimal(1000 + n % 97) / 100,
            "wpłata" if n % UNNAMED == UNNAMED - 1 else f"{number_of(n % loans)} rata",
        )
        for n in range(lines)
    ]


def with_pandas(content: bytes, loans: int) -> int:
    table = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", dtype={"Numer operacji": str})
    table["number"] = table["Tytuł"].str.extract(r"([A-Z]+/\d{4}/\d+)")
    known = pd.DataFrame({"number": [number_of(each) for each in range(loans)]})
    return int(table.merge(known, on="number")["Kwota"].count())


def imported(kasa: Kasa, content: bytes) -> Tally:
    act = Act(Caller(subject="bench", roles=frozenset({Role.LOAN_OFFICER})), provenance())
    work = StatementImport(
        kasa, act, uuid4(), SOURCE, io.BytesIO(content), "wyciag.csv", lambda _: None
    )
    return work.perform()


def measure(uri: str, lines: int, loans: int) -> Table:
    told = bookings(lines, loans)
    files = {"CSV": as_csv(told), "MT940": as_mt940(told), "CAMT.053": as_camt(told)}
    table = Table(title=f"{lines:,} lines on {loans:,} loans")
    for heading in ("what", "seconds", "CPU s", "lines/s", "of pandas"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    began = time.perf_counter()
    if not with_pandas(files["CSV"], loans):
        raise SystemExit("pandas matched nothing")
    plain = time.perf_counter() - began
    table.add_row("plain pandas: parse and merge", f"{plain:.2f}", "", f"{lines / plain:,.0f}", "1")

    def row(what: str, wall: float, cpu: float) -> None:
        rate = f"{lines / wall:,.0f}"
        table.add_row(what, f"{wall:.1f}", f"{cpu:.1f}", rate, f"{wall / plain:.0f}x")

    for name, content in files.items():
        clock, cpu = time.perf_counter(), time.process_time()
        read = sum(1 for _ in read_statement(io.BytesIO(content), "wyciag.csv"))
        if read != lines:
            raise SystemExit(f"{name}: {read} lines")
        row(f"read and checked, {name}", time.perf_counter() - clock, time.process_time() - cpu)
    kasa = kasa_on(uri)
    with Console().status("loans"):
        lend(kasa, loans)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what in ("imported: matched and recorded", "the same file again"):
        clock, cpu = time.perf_counter(), time.process_time()
        with Console().status(what):
            tally = imported(kasa, files["CSV"])
        row(what, time.perf_counter() - clock, time.process_time() - cpu)
        Console().print(what, dict(tally.fates))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    table.caption = f"peak memory grew by {grown / 1024:.0f} MiB during the imports"
    kasa.close()
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--loans", type=int, default=1_000)
    asked = parser.parse_args()
    with mongodb_uri() as uri:
        Console().print(measure(uri, asked.lines, asked.loans))


if __name__ == "__main__":
    main()
