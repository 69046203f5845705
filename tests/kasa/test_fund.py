"""The fund's books through commands, projections and queries."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.commands import fund as commands
from shared.contracts.kasa.views import fund as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.vocabulary.fund import Account, EntryKind
from shared.contracts.operations import Caller, NoRequest
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.driving import COORDINATOR
from tests.kasa.clients import TODAY, by_id
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND, SOURCE, endow
from tests.kasa.test_grants import GRANT, paid_out

OPENED = date(2026, 1, 5)
SOURCE_ID = id_of("fund", SOURCE)


def paying_in(
    amount: str | Money, on: date = TODAY, source: UUID = SOURCE_ID
) -> commands.Contribute:
    money = amount if isinstance(amount, Money) else Money.of(amount)
    return commands.Contribute(source_id=source, amount=money, on=on, source_document="WB/2")


def asking_back(amount: str) -> commands.RequestWithdrawal:
    return commands.RequestWithdrawal(
        source_id=SOURCE_ID, amount=Money.of(amount), on=TODAY, source_document="D/1"
    )


def approving(withdrawal: UUID, on: date = TODAY) -> commands.ApproveWithdrawal:
    return commands.ApproveWithdrawal(source_id=SOURCE_ID, withdrawal_id=withdrawal, on=on)


def reversing(entry: UUID) -> commands.ReverseEntry:
    return commands.ReverseEntry(
        source_id=SOURCE_ID, entry_id=entry, on=TODAY, source_document="NK/1"
    )


def refused(kasa: Kasa, command: object, by: Caller = COORDINATOR) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.command(command, by)
    return refusal.value


def shown(told: views.Balances) -> dict[str, str]:
    """The accounts that hold something."""
    return {each.account.value: str(each.balance.amount) for each in told.balances if each.balance}


def source_of(kasa: Kasa) -> views.Source:
    kasa.project()
    found: views.Source = kasa.ask("get_source", by_id(SOURCE_ID))
    return found


def balances(kasa: Kasa, on: date | None = None, known: int | None = None) -> views.BalancesAsOf:
    asked = views.GetBalances(source_id=SOURCE_ID, on=on, known=known)
    found: views.BalancesAsOf = kasa.ask("get_balances", asked)
    return found


def journal(kasa: Kasa, **asked: object) -> tuple[views.Entry, ...]:
    page: views.EntryPage = kasa.ask("list_entries", views.ListEntries.model_validate(asked))
    return page.items


def reconciled(kasa: Kasa) -> views.Reconciliation:
    found: views.Reconciliation = kasa.ask("reconcile_fund", NoRequest())
    return found


def test_a_source_is_opened_once_and_read_with_all_its_accounts(kasa: Kasa) -> None:
    endow(kasa, "1000")
    endow(kasa, "200", source="FP-1")
    told = source_of(kasa)
    assert (told.source, told.opened_on, told.version) == (SOURCE, OPENED, 2)
    assert shown(told) == {"free": "1000.00", "capital": "1000.00"}
    assert len(told.balances) == len(Account)
    fund: views.FundBalances = kasa.ask("get_fund", NoRequest())
    assert [(each.source, each.in_bank) for each in fund.sources] == [
        (SOURCE, Money.of("1000")),
        ("FP-1", Money.of("200")),
    ]
    assert fund.position == kasa.position
    again = commands.OpenSource(source=SOURCE, name="Inne", opened_on=OPENED)
    assert refused(kasa, again).code == "kasa.source_taken"


def test_a_withdrawal_waits_for_another_person(kasa: Kasa) -> None:
    endow(kasa, "1000")
    kasa.do(asking_back("600"), OFFICER)
    (waiting,) = source_of(kasa).withdrawals
    assert (waiting.amount, waiting.source_document) == (Money.of("600"), "D/1")
    assert [each.work for each in kasa.ask("my_queue", NoRequest()).items] == [
        Work.APPROVE_WITHDRAWAL
    ]
    assert refused(kasa, approving(waiting.id), OFFICER).code == "four_eyes"
    kasa.do(approving(waiting.id))
    told = source_of(kasa)
    assert (shown(told), told.withdrawals) == ({"free": "400.00", "capital": "400.00"}, ())
    assert kasa.ask("my_queue", NoRequest()).items == ()
    assert refused(kasa, approving(waiting.id)).code == "kasa.withdrawal_not_waiting"


def test_a_refused_withdrawal_leaves_the_money_where_it_was(kasa: Kasa) -> None:
    endow(kasa, "1000")
    kasa.do(asking_back("600"), OFFICER)
    (waiting,) = source_of(kasa).withdrawals
    refusing = commands.RefuseWithdrawal(source_id=SOURCE_ID, withdrawal_id=waiting.id, on=TODAY)
    assert refused(kasa, refusing, OFFICER).code == "four_eyes"
    kasa.do(refusing)
    assert (source_of(kasa).withdrawals, len(journal(kasa))) == ((), 1)


def test_a_wrong_contribution_is_reversed_once_by_another_person(kasa: Kasa) -> None:
    endow(kasa, "1000")
    seen = kasa.do(paying_in("50"), OFFICER).position
    wrong = journal(kasa)[-1]
    assert refused(kasa, reversing(wrong.id), OFFICER).code == "four_eyes"
    kasa.do(reversing(wrong.id), SECOND)
    assert shown(source_of(kasa)) == {"free": "1000.00", "capital": "1000.00"}
    changed = {each.kind: each for each in journal(kasa, changed_since=seen)}
    reversal = changed[EntryKind.REVERSAL]
    assert reversal.reverses == wrong.id
    assert changed[EntryKind.CONTRIBUTION].reversed_by == reversal.id
    assert changed[EntryKind.CONTRIBUTION].position == wrong.position
    refusal = refused(kasa, reversing(wrong.id), SECOND)
    assert (refusal.code, refusal.pointer) == ("kasa.entry_not_reversible", "/entry_id")


def test_refusals_name_what_was_wrong(kasa: Kasa) -> None:
    endow(kasa, "1000")
    short = refused(kasa, asking_back("1000.01"))
    assert (short.code, short.pointer) == ("kasa.fund_short", "/amount")
    assert short.details == {"source": SOURCE, "free": "1000.00 PLN", "wanted": "1000.01 PLN"}
    currency = refused(kasa, paying_in(Money.of("5", Currency.EUR)))
    assert (currency.code, currency.details) == (
        "currency_mismatch",
        {"expected": "PLN", "got": "EUR"},
    )
    early = refused(kasa, paying_in("5", on=date(2026, 1, 4)))
    assert (early.code, early.pointer) == ("date_too_early", "/on")
    assert early.details == {"not_before": "2026-01-05"}
    assert refused(kasa, paying_in("5", on=date(2026, 3, 3))).code == "date_in_future"
    assert refused(kasa, paying_in("5", source=uuid4())).code == "not_found"
    with pytest.raises(ValidationError) as precision:
        commands.Contribute.model_validate(
            paying_in("5").model_dump() | {"amount": {"amount": "5.001", "currency": "PLN"}}
        )
    assert precision.value.errors()[0]["type"] == "money_precision"


def test_balances_are_as_true_on_a_day_and_as_known_at_a_position(kasa: Kasa) -> None:
    endow(kasa, "1000")
    february, march = date(2026, 2, 2), date(2026, 3, 1)
    early = kasa.do(paying_in("20", on=march)).position
    late = kasa.do(paying_in("300", on=february)).position
    for on, known, free in (
        (None, None, "1320.00"),
        (february, None, "1300.00"),
        (february, early, "1000.00"),
        (march, early, "1020.00"),
        (date(2026, 1, 4), None, None),
        (march, late + 100, "1320.00"),
        (march, 0, None),
    ):
        assert shown(balances(kasa, on, known)).get("free") == free, (on, known)
    told = balances(kasa, february, late + 100)
    assert (told.position, told.entries, told.on) == (late, 2, february)


def test_every_entry_names_the_event_that_caused_it(kasa: Kasa) -> None:
    paid_out(kasa)
    recorded = {each.position: each for each in kasa.followed.history.read(0, 10_000)}
    entries = journal(kasa)
    assert [each.kind for each in entries] == [
        EntryKind.CONTRIBUTION,
        EntryKind.COMMITMENT,
        EntryKind.DISBURSEMENT,
        EntryKind.DISBURSEMENT,
    ]
    for each in entries:
        cause = recorded[each.cause.position].event
        assert (cause.originator_id, cause.originator_version) == (
            each.cause.stream,
            each.cause.version,
        )
        assert recorded[each.position].event.entry.id == each.id
        assert each.recorded_at == recorded[each.position].at
        assert recorded[each.cause.position].meta == recorded[each.position].meta
    assert entries[0].source_document == "U/1"
    assert [each.cause.stream for each in entries] == [SOURCE_ID, GRANT, GRANT, GRANT]
    assert journal(kasa, contract_id=GRANT) == entries[1:]
    assert journal(kasa, contract_id=uuid4()) == ()
    assert journal(kasa, source="FP-1") == ()


def test_the_journal_is_read_in_pages(kasa: Kasa) -> None:
    paid_out(kasa)
    whole, cursor, pages = journal(kasa), None, []
    while True:
        page = kasa.ask("list_entries", views.ListEntries(cursor=cursor, limit=3))
        pages.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [len(each) for each in pages] == [3, 1]
    assert (*pages[0], *pages[1]) == whole


def test_the_journal_reconciles_with_the_contracts(kasa: Kasa) -> None:
    paid_out(kasa)
    told = reconciled(kasa)
    assert (told.contracts, told.entries, told.found) == (1, 4, 0)
    assert (told.disagreements, told.accounts) == ((), ())
    assert told.position == kasa.position


def test_reconciliation_finds_what_was_falsified(kasa: Kasa) -> None:
    """Read models only: the ledger cannot be changed."""
    paid_out(kasa)
    seen = kasa.followed.views
    seen["grants"].update_one({}, {"$set": {"money.repaid.amount": "1.00"}})
    seen["sources"].update_one({}, {"$set": {"balances.free": "440000.01"}})
    told = reconciled(kasa)
    (contract,) = told.disagreements
    assert contract == views.Disagreement(
        contract_id=GRANT, figure="repaid", journal=Money.of("0"), contract=Money.of("1")
    )
    (account,) = told.accounts
    assert account == views.AccountDisagreement(
        source=SOURCE,
        account=Account.FREE,
        journal=Money.of("440000"),
        books=Money.of("440000.01"),
    )
    seen["grants"].delete_many({})
    figures = {each.figure: each for each in reconciled(kasa).disagreements}
    assert figures["disbursed"].contract is None


def test_the_same_command_again_posts_nothing(kasa: Kasa) -> None:
    endow(kasa, "1000")
    key = uuid4()
    first = kasa.do(paying_in("50"), key=key)
    again = kasa.do(paying_in("50"), key=key)
    assert (again.position, again.repeated) == (first.position, True)
    assert kasa.composition.application.load(Fund, SOURCE_ID).free == Money.of("1050")
