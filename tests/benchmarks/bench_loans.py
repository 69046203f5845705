"""Loans recomputed: schedules of sixty rows, and whole settlements, beside a plain pandas table.

    ./dev bench loans --loans 10000

The pandas computation makes the same annuities with floats, one table per loan: no grosze, no due
days, no rates by day. The ratio tells what exactness costs, in processor time, which other work on
the machine does not change much.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from services.kasa.domain.interest import constant
from services.kasa.domain.loan_facts import Contract, Payment, Tranche
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import Terms, level_of, plan
from services.kasa.domain.settlement import settle
from shared.contracts.kasa.vocabulary.loans import DayCount, PrepaymentEffect, ScheduleKind
from shared.kernel.parameters import read_toml

FOLDER = Path(__file__).parents[2] / "services/kasa/rules/loans"
RULES = LoanRules.model_validate(read_toml(p.read_text() for p in sorted(FOLDER.glob("*.toml"))))
ROWS = 60
DRAWN, FIRST_DUE, END = date(2021, 1, 15), date(2021, 2, 15), date(2026, 2, 1)
TERMS = Terms(ScheduleKind.ANNUITY, ROWS, FIRST_DUE, 15, DayCount.ACT_365)
CONTRACT = Contract(
    TERMS,
    Decimal("5.5"),
    None,
    "ancillary_first",
    PrepaymentEffect.REDUCE_INSTALMENTS,
    DRAWN,
)
RATES = constant(DRAWN, Decimal("5.5")).capped(RULES.contractual_cap)


def principal_of(number: int) -> Decimal:
    return Decimal(50_000 + number)


def ours(number: int) -> int:
    rows = plan(TERMS, RATES, RULES.due_days, principal=principal_of(number), since=DRAWN)
    return len(rows)


def settled(number: int) -> int:
    """A loan on which every instalment was paid, each some days late."""
    principal = principal_of(number)
    level = level_of(TERMS, principal, Decimal("5.5"), 1)
    payments = [
        Payment(date(2021 + (1 + k) // 12, 1 + (1 + k) % 12, 20), f"P{k}", level)
        for k in range(ROWS)
    ]
    return len(settle(CONTRACT, [Tranche(DRAWN, "T", principal), *payments], END, RULES).rows)


def with_pandas(number: int) -> int:
    principal, monthly = float(principal_of(number)), 0.055 / 12
    level = principal * monthly / (1 - (1 + monthly) ** -ROWS)
    table = pd.DataFrame({"number": range(1, ROWS + 1)})
    table["due"] = pd.date_range("2021-02-15", periods=ROWS, freq=pd.DateOffset(months=1))
    growth = (1 + monthly) ** (table["number"] - 1)
    table["opening"] = principal * growth - level * (growth - 1) / monthly
    table["interest"] = (table["opening"] * monthly).round(2)
    table["principal"] = (level - table["interest"]).round(2)
    return len(table)


def seconds(work: Callable[[int], int], loans: int) -> float:
    began = time.process_time()
    for number in range(loans):
        if not work(number):
            raise SystemExit("a loan without rows")
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=10_000)
    loans = parser.parse_args().loans
    took = {
        "plain pandas, floats": seconds(with_pandas, loans),
        "schedule": seconds(ours, loans),
        "settlement with 60 late payments": seconds(settled, loans),
    }
    table = Table(title=f"{loans} loans of {ROWS} rows")
    for heading in ("computation", "CPU seconds", "loans/s", "of pandas"):
        table.add_column(heading, justify="left" if heading == "computation" else "right")
    plain = took["plain pandas, floats"]
    for name, each in took.items():
        table.add_row(name, f"{each:.2f}", f"{loans / each:.0f}", f"{each / plain:.2f}x")
    Console().print(table)


if __name__ == "__main__":
    main()
