"""The calls on bank statements and their lines."""

from services.kasa.application import bank
from services.kasa.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.operations import bank as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import bank as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Bank:
    kasa: Composition

    @operation(ops.IMPORT_STATEMENT)
    def import_statement(
        self, request: commands.ImportStatement, context: CallContext
    ) -> JobStarted:
        return self.kasa.query(self.kasa.imports.import_statement, request, context)

    @operation(ops.GET_STATEMENT_IMPORT)
    def get_statement_import(self, request: ById, context: CallContext) -> views.StatementImport:
        return self.kasa.query(self.kasa.imports.get_statement_import, request, context)

    @operation(ops.MATCH_BANK_LINE)
    def match_bank_line(self, request: commands.MatchBankLine, context: CallContext) -> Receipt:
        return self.kasa.command(bank.match_bank_line, request, context)

    @operation(ops.SET_BANK_LINE_ASIDE)
    def set_bank_line_aside(
        self, request: commands.SetBankLineAside, context: CallContext
    ) -> Receipt:
        return self.kasa.command(bank.set_bank_line_aside, request, context)

    @operation(ops.REOPEN_BANK_LINE)
    def reopen_bank_line(self, request: commands.ReopenBankLine, context: CallContext) -> Receipt:
        return self.kasa.command(bank.reopen_bank_line, request, context)

    @operation(ops.LIST_BANK_LINES)
    def list_bank_lines(
        self, request: views.ListBankLines, context: CallContext
    ) -> views.BankLinePage:
        return self.kasa.query(self.kasa.queries.bank.list_bank_lines, request, context)

    @operation(ops.GET_BANK_LINE)
    def get_bank_line(self, request: ById, context: CallContext) -> views.BankLineCard:
        return self.kasa.query(self.kasa.queries.bank.get_bank_line, request, context)
