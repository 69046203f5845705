"""What the demonstration shows of the fund: its money, its clients, what it decided and signed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table

ACCOUNTS = ("capital", "free", "committed", "disbursed", "repaid", "income")
Row = Mapping[str, Any]


def parts(fund: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield _sources(fund["sources"])
    reconciled = fund["reconciliation"]
    differences = reconciled["found"] + len(reconciled["accounts"])
    yield (
        f"{reconciled['entries']} entries of the journal against {reconciled['contracts']} "
        f"contracts: {differences} differences.\n"
    )
    yield _applications(
        fund["applications"], {row["id"]: row["code"] for row in fund["enterprises"]}
    )
    yield _grants(fund["grants"], {row["id"]: row["code"] for row in fund["enterprises"]})


def _sources(sources: Sequence[Row]) -> Table:
    table = titled("Fund: balances by source of money")
    table.add_column("source", no_wrap=True)
    for account in ACCOUNTS:
        table.add_column(account, justify="right")
    for source in sources:
        balances = {each["account"]: each["balance"] for each in source["balances"]}
        table.add_row(source["source"], *(_amount(balances[account]) for account in ACCOUNTS))
    return table


def _applications(applications: Sequence[Row], codes: Mapping[str, str]) -> Table:
    states = Counter(each["state"] for each in applications)
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    table = titled(f"Fund: {len(applications)} applications ({summary})")
    for name in ("call", "enterprise"):
        table.add_column(name, no_wrap=True)
    for name in ("asked", "points", "awarded"):
        table.add_column(name, justify="right")
    table.add_column("outcome")
    for each in sorted(applications, key=lambda each: (each["call"], codes[each["enterprise_id"]])):
        table.add_row(
            each["call"],
            codes[each["enterprise_id"]],
            _amount(each["amount"]),
            each["total"] or "",
            _amount(each["awarded"]),
            each["outcome"] or each["state"],
        )
    return table


def _grants(grants: Sequence[Row], codes: Mapping[str, str]) -> Table:
    table = titled("Fund: grants")
    for name in ("number", "enterprise"):
        table.add_column(name, no_wrap=True)
    for name in ("amount", "paid"):
        table.add_column(name, justify="right")
    for each in sorted(grants, key=lambda each: str(each["number"])):
        amounts = (_amount(each[name]) for name in ("amount", "paid"))
        table.add_row(each["number"], codes[each["enterprise_id"]], *amounts)
    return table


def _amount(money: Row | None) -> str:
    return "" if money is None else f"{Decimal(money['amount']):,.2f}".replace(",", " ")


def titled(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        min_width=len(title),
    )
