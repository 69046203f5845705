"""What the demonstration shows of the fund: its money, its clients, what it decided and signed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table

ACCOUNTS = ("capital", "free", "committed", "disbursed", "repaid", "income")
SHOWN = {"SS-WIKLINA": "of participants", "F-OPIEKA": "…/undertaking"}
"""Enterprises worth a look, by code."""
PAGES = {
    "/fund/entries": "the journal",
    "/bank/lines": "lines of statements",
    "/calls": "calls, criteria",
    "/meetings": "decisions, votes",
    "/advice/cases": "advice",
    "/duties?due_by=2027-12-31": "duties by law",
}
Row = Mapping[str, Any]


def parts(fund: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield _sources(fund["sources"])
    reconciled = fund["reconciliation"]
    differences = reconciled["found"] + len(reconciled["accounts"])
    yield (
        f"{reconciled['entries']} entries of the journal against {reconciled['contracts']} "
        f"contracts: {differences} differences.\n"
    )
    codes = {row["id"]: row["code"] for row in fund["enterprises"]}
    yield _applications(fund["applications"], codes)
    yield _grants(fund["grants"], codes)
    yield _loans(fund["loans"], codes)
    yield _addresses(fund, codes)


def _sources(sources: Sequence[Row]) -> Table:
    table = titled("Fund: balances by source of money, in zlotys")
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


def _loans(loans: Sequence[Row], codes: Mapping[str, str]) -> Table:
    table = titled("Fund: loans")
    for name in ("number", "enterprise"):
        table.add_column(name, no_wrap=True)
    for name in ("owed", "repaid"):
        table.add_column(name, justify="right")
    for name in ("state", "class"):
        table.add_column(name, no_wrap=True)
    for each in sorted(loans, key=lambda each: str(each["number"])):
        amounts = (_amount(each[name]) for name in ("outstanding", "repaid"))
        state = each["state"], each["arrears_class"]
        table.add_row(each["number"], codes[each["enterprise_id"]], *amounts, *state)
    return table


def _addresses(fund: Mapping[str, Any], codes: Mapping[str, str]) -> Table:
    """Where there is more to read, by `./dev token coordinator`."""
    table = titled("Fund: what to look at behind the gateway's address")
    table.add_column("path", no_wrap=True)
    table.add_column("")
    for loan in sorted(fund["loans"], key=lambda each: str(each["number"])):
        table.add_row(f"/loans/{loan['id']}", f"{loan['number']}, its card")
    for each in fund["grants"]:
        table.add_row(f"/grants/{each['id']}", f"{each['number']}")
    for identity, code in codes.items():
        if code in SHOWN:
            table.add_row(f"/enterprises/{identity}", f"{code}: {SHOWN[code]}")
    for path, what in PAGES.items():
        table.add_row(path, what)
    return table


def _amount(money: Row | None) -> str:
    """In whole zlotys, as in a report."""
    return "" if money is None else f"{Decimal(money['amount']):,.0f}".replace(",", " ")


def titled(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        min_width=len(title),
    )
