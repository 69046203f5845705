"""Calls on bank statements and their lines."""

from shared.contracts.access import Role
from shared.contracts.jobs import JobStarted
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.operations.making import LENDING, command, query
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import bank as views

IMPORT_STATEMENT = query("import_statement", commands.ImportStatement, JobStarted, LENDING)
"""Starts a job; the lines it records are the commands."""
GET_STATEMENT_IMPORT = query("get_statement_import", ById, views.StatementImport, LENDING)

MATCH_BANK_LINE = command("match_bank_line", commands.MatchBankLine, LENDING)
SET_BANK_LINE_ASIDE = command("set_bank_line_aside", commands.SetBankLineAside, LENDING)
REOPEN_BANK_LINE = command("reopen_bank_line", commands.ReopenBankLine, LENDING)

LIST_BANK_LINES = query(
    "list_bank_lines", views.ListBankLines, views.BankLinePage, LENDING | {Role.AUDITOR}
)
GET_BANK_LINE = query("get_bank_line", ById, views.BankLineCard, LENDING | {Role.AUDITOR})
