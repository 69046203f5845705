"""Commands on the fund's books that no contract causes."""

from services.kasa.application import Kasa
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.commands import fund as commands
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act


def open_source(kasa: Kasa, command: commands.OpenSource, act: Act) -> Receipt:
    source_id = id_of("fund", command.source)
    fund = kasa.find(Fund, source_id) or Fund(source_id)
    fund.open(
        source=command.source,
        name=command.name,
        currency=command.currency,
        opened_on=command.opened_on,
        today=kasa.today(),
    )
    return kasa.commit(act, fund)


def contribute(kasa: Kasa, command: commands.Contribute, act: Act) -> Receipt:
    fund = kasa.load(Fund, command.source_id, act.expected_version)
    fund.contribute(
        command.amount,
        on=command.on,
        source_document=command.source_document,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, fund, source_document=command.source_document)


def request_withdrawal(kasa: Kasa, command: commands.RequestWithdrawal, act: Act) -> Receipt:
    fund = kasa.load(Fund, command.source_id, act.expected_version)
    fund.request_withdrawal(
        act.id_of("withdrawal"),
        command.amount,
        on=command.on,
        source_document=command.source_document,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, fund, source_document=command.source_document)


def approve_withdrawal(kasa: Kasa, command: commands.ApproveWithdrawal, act: Act) -> Receipt:
    fund = kasa.load(Fund, command.source_id, act.expected_version)
    fund.approve_withdrawal(
        command.withdrawal_id, on=command.on, today=kasa.today(), by=act.caller.subject
    )
    return kasa.commit(act, fund)


def refuse_withdrawal(kasa: Kasa, command: commands.RefuseWithdrawal, act: Act) -> Receipt:
    fund = kasa.load(Fund, command.source_id, act.expected_version)
    fund.refuse_withdrawal(
        command.withdrawal_id, on=command.on, today=kasa.today(), by=act.caller.subject
    )
    return kasa.commit(act, fund)


def reverse_entry(kasa: Kasa, command: commands.ReverseEntry, act: Act) -> Receipt:
    fund = kasa.load(Fund, command.source_id, act.expected_version)
    fund.reverse(
        command.entry_id,
        on=command.on,
        source_document=command.source_document,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, fund, source_document=command.source_document)
