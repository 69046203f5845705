"""What a person does with a line of a statement: match it, set it aside, take it back."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kasa.domain.bank import line_id
from services.kasa.domain.ids import id_of
from shared.contracts.access import Role
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.commands.loans import RecordPayment, ReversePayment
from shared.contracts.kasa.views import bank as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.vocabulary.bank import Aside, LineState, Reopening, Unmatched
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.operations import Caller, NoRequest
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from tests.driving import caller
from tests.kasa.banking import NUMBER, balance, imported, lent, line, loan
from tests.kasa.clients import by_id
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SOURCE, endow
from tests.kasa.formats.statements import IBAN, Booking
from tests.kasa.test_races import GRANTED, race
from tests.kasa.test_statements import agrees

OTHER = "POZ/2026/0008"
LINE = Booking("BK0001", Decimal("1032.80"), "rata za marzec Jan Kowalski")
TODAY = date(2026, 3, 10)
AUDITOR = caller(Role.AUDITOR)
NOTHING = Money.of("0")
LINES = views.ListBankLines()


@pytest.fixture
def queue(kasa: Kasa) -> Kasa:
    """Two loans, and a line of which nobody knows whose it is."""
    endow(kasa)
    lent(kasa)
    lent(kasa, OTHER)
    imported(kasa, [LINE])
    return kasa


def id_of_line(reference: str = "BK0001") -> UUID:
    return line_id(SOURCE, reference)


def matching(number: str = NUMBER, reference: str = "BK0001") -> commands.MatchBankLine:
    return commands.MatchBankLine(
        line_id=id_of_line(reference), contract_number=number, on=TODAY, source_document="P/12"
    )


def reopening(reason: Reopening = Reopening.WRONG_CONTRACT) -> commands.ReopenBankLine:
    return commands.ReopenBankLine(
        line_id=id_of_line(), reason=reason, on=TODAY, source_document="P/13"
    )


def setting_aside(reason: Aside = Aside.RETURNED) -> commands.SetBankLineAside:
    return commands.SetBankLineAside(
        line_id=id_of_line(), reason=reason, on=TODAY, source_document="P/14"
    )


def refused(kasa: Kasa, command: object) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.command(command, OFFICER)
    return refusal.value


def came_in(kasa: Kasa) -> Money:
    return balance(kasa, Account.REPAID) + balance(kasa, Account.INCOME)


def waiting(kasa: Kasa, by: Caller = OFFICER) -> list[tuple[Work, str, str | None]]:
    kasa.project()
    items = kasa.ask("my_queue", NoRequest(), by).items
    return [(each.work, each.about, each.item) for each in items]


def test_a_queued_line_is_shown_to_those_who_match_it(queue: Kasa) -> None:
    assert waiting(queue) == [(Work.MATCH_BANK_LINE, "BK0001", "no_number")]
    assert waiting(queue, caller(Role.COMMITTEE_MEMBER)) == []
    asked = views.ListBankLines(state=LineState.QUEUED, source=SOURCE)
    (row,) = queue.ask("list_bank_lines", asked).items
    assert (row.id, row.why, row.amount) == (
        id_of_line(),
        Unmatched.NO_NUMBER,
        Money.of("1032.80"),
    )
    assert queue.ask("list_bank_lines", views.ListBankLines(state=LineState.MATCHED)).items == ()


def test_payer_and_title_are_told_to_those_who_may_see_them_and_the_read_is_recorded(
    queue: Kasa,
) -> None:
    head = queue.followed.history.head()
    hidden = queue.ask("get_bank_line", by_id(id_of_line()), AUDITOR)
    assert (hidden.payer_account, hidden.title) == (None, None)
    assert queue.followed.history.head() == head
    card = queue.ask("get_bank_line", by_id(id_of_line()), OFFICER)
    assert (card.payer_account, card.title) == (IBAN, LINE.title)
    (read,) = queue.followed.history.read(head, 10)
    assert (read.event.actor, read.event.subjects) == (OFFICER.subject, (id_of_line(),))


def test_a_person_matches_a_line_and_its_money_is_held_no_longer(queue: Kasa) -> None:
    assert balance(queue, Account.HELD) == Money.of("1032.80")
    queue.do(matching(), OFFICER)
    assert balance(queue, Account.HELD) == balance(queue, Account.PAYABLE) == NOTHING
    assert came_in(queue) == Money.of("1032.80")
    assert list(loan(queue).payments) == ["BK0001"]
    assert loan(queue).payments["BK0001"].occurred_on == date(2026, 3, 1)
    assert agrees(queue, NUMBER, OTHER)
    found = queue.ask("get_bank_line", by_id(id_of_line()), AUDITOR)
    assert (found.state, found.contract_id, found.matched_by, found.why) == (
        LineState.MATCHED,
        loan(queue).id,
        OFFICER.subject,
        None,
    )
    assert waiting(queue) == []
    ledger = queue.composition.application.recorder.ledger
    meta = ledger.commits(ledger.head(), 1)[0].meta
    assert (meta["source_document"], meta["command"]) == ("P/12", "kasa.match_bank_line")
    assert refused(queue, matching(OTHER)).code == "kasa.line_not_queued"


def test_a_wrong_match_is_taken_back_and_the_line_matched_anew(queue: Kasa) -> None:
    queue.do(matching(), OFFICER)
    queue.do(reopening(), OFFICER)
    assert loan(queue).reversed == {"BK0001"}
    assert came_in(queue) == NOTHING
    assert balance(queue, Account.HELD) == Money.of("1032.80")
    assert waiting(queue) == [(Work.MATCH_BANK_LINE, "BK0001", "reopened")]
    queue.do(matching(OTHER), OFFICER)
    assert list(loan(queue, OTHER).payments) == ["BK0001"]
    assert balance(queue, Account.HELD) == NOTHING
    assert agrees(queue, NUMBER, OTHER)
    card = queue.ask("get_bank_line", by_id(id_of_line()), OFFICER)
    assert card.title == LINE.title


def test_a_payment_taken_back_in_error_comes_again_under_another_reference(queue: Kasa) -> None:
    for reference in ("BK0001", "BK0001__2", "BK0001__3"):
        queue.do(matching(), OFFICER)
        assert reference in set(loan(queue).payments) - loan(queue).reversed
        assert came_in(queue) == Money.of("1032.80")
        assert agrees(queue, NUMBER, OTHER)
        queue.do(reopening(), OFFICER)
        assert came_in(queue) == NOTHING


def test_a_line_matched_by_its_title_is_taken_back_too(queue: Kasa) -> None:
    imported(queue, [Booking("BK0002", Decimal("500.00"), NUMBER)])
    back = reopening().model_copy(update={"line_id": id_of_line("BK0002")})
    queue.do(back, OFFICER)
    assert line(queue, "BK0002").why is Unmatched.REOPENED
    assert loan(queue).reversed == {"BK0002"}
    assert balance(queue, Account.HELD) == Money.of("1532.80")
    card = queue.ask("get_bank_line", by_id(id_of_line("BK0002")), OFFICER)
    assert (card.payer_account, card.title) == (None, None)


@pytest.mark.parametrize("reason", list(Aside))
def test_a_line_that_is_not_ours_is_set_aside_and_back(queue: Kasa, reason: Aside) -> None:
    queue.do(setting_aside(reason), OFFICER)
    assert balance(queue, Account.HELD) == NOTHING
    found = queue.ask("get_bank_line", by_id(id_of_line()), AUDITOR)
    assert (found.state, found.aside, found.why) == (LineState.SET_ASIDE, reason, None)
    assert waiting(queue) == []
    assert refused(queue, setting_aside()).code == "kasa.line_not_queued"
    assert refused(queue, reopening()).code == "kasa.line_not_so"
    queue.do(reopening(Reopening.WRONGLY_SET_ASIDE), OFFICER)
    assert balance(queue, Account.HELD) == Money.of("1032.80")
    queue.do(matching(), OFFICER)
    assert came_in(queue) == Money.of("1032.80")


def test_a_line_is_refused_to_what_it_cannot_be_about(queue: Kasa) -> None:
    endow(queue, source="BP-15")
    lent(queue, "POZ/2026/0009", source="BP-15")
    for number, why in (("POZ/2026/0999", "unknown_number"), ("POZ/2026/0009", "other_source")):
        refusal = refused(queue, matching(number))
        assert (refusal.code, refusal.details, refusal.pointer) == (
            "kasa.line_does_not_fit",
            {"why": why},
            "/contract_number",
        )
    unknown = matching().model_copy(update={"line_id": uuid4()})
    assert refused(queue, unknown).code == "not_found"
    early = matching().model_copy(update={"on": date(2026, 3, 1)})
    assert (refused(queue, early).code, refused(queue, early).pointer) == ("date_too_early", "/on")
    assert balance(queue, Account.HELD) == Money.of("1032.80")


def test_a_person_may_match_what_came_for_a_loan_that_is_repaid(queue: Kasa) -> None:
    lent(queue, "POZ/2026/0011", "100.00")
    imported(queue, [Booking("BK0100", Decimal("500.00"), "POZ/2026/0011")])
    imported(queue, [Booking("BK0101", Decimal("7.00"), "POZ/2026/0011")])
    assert line(queue, "BK0101").why is Unmatched.CONTRACT_ENDED
    queue.do(matching("POZ/2026/0011", "BK0101"), OFFICER)
    assert agrees(queue, NUMBER, OTHER, "POZ/2026/0011")


def test_what_the_bank_paid_out_is_not_taken_back_at_the_line(queue: Kasa) -> None:
    lent(queue, "POZ/2026/0010", paid_out=False)
    imported(queue, [Booking("BK0005", Decimal("-12000.00"), "POZ/2026/0010")])
    back = reopening().model_copy(update={"line_id": id_of_line("BK0005")})
    assert refused(queue, back).code == "kasa.line_paid_out"


def test_a_debit_that_names_nothing_is_matched_to_the_payment_it_made(queue: Kasa) -> None:
    lent(queue, "POZ/2026/0010", paid_out=False)
    imported(queue, [Booking("BK0005", Decimal("-12000.00"), "przelew")])
    assert refused(queue, matching(NUMBER, "BK0005")).details == {"why": "no_approved_payment"}
    queue.do(matching("POZ/2026/0010", "BK0005"), OFFICER)
    assert list(loan(queue, "POZ/2026/0010").tranches) == ["BK0005"]
    assert agrees(queue, NUMBER, OTHER, "POZ/2026/0010")


def paying(number: str = NUMBER, reference: str = "BK0009", **more: Any) -> RecordPayment:
    facts = {"amount": Money.of("100"), "paid_on": date(2026, 3, 1)} | more
    return RecordPayment(loan_id=id_of("loan", number), bank_reference=reference, **facts)


def test_a_booking_recorded_by_hand_counts_on_one_contract(queue: Kasa) -> None:
    queue.do(paying(), OFFICER)
    assert refused(queue, paying(OTHER)).code == "kasa.bank_reference_used"
    imported(queue, [Booking("BK0009", Decimal("100.00"), OTHER)])
    assert line(queue, "BK0009").why is Unmatched.RECORDED_OTHERWISE
    refusal = refused(queue, matching(OTHER, "BK0009"))
    assert refusal.details == {"why": "recorded_otherwise"}
    queue.do(matching(NUMBER, "BK0009"), OFFICER)
    assert list(loan(queue).payments) == ["BK0009"]
    assert came_in(queue) == Money.of("100")
    assert agrees(queue, NUMBER, OTHER)


def test_a_booking_told_by_a_line_is_recorded_on_no_other_contract(queue: Kasa) -> None:
    queue.do(matching(), OFFICER)
    assert refused(queue, paying(OTHER, "BK0001")).code == "kasa.bank_reference_used"
    queue.do(reopening(), OFFICER)
    queue.do(paying(OTHER, "BK0001"), OFFICER)
    assert refused(queue, matching()).details == {"why": "recorded_otherwise"}


def test_a_booking_that_two_record_at_once_counts_once(queue: Kasa) -> None:
    attempts = [partial(queue.do, paying(number), OFFICER) for number in (NUMBER, OTHER) * 4]
    ended = race(attempts)
    assert ended["granted"] == 1
    assert came_in(queue) == Money.of("100")
    assert agrees(queue, NUMBER, OTHER)


def test_a_payment_reversed_in_error_is_recorded_again_when_a_person_says_so(queue: Kasa) -> None:
    queue.do(paying(), OFFICER)
    back = ReversePayment(
        loan_id=id_of("loan", NUMBER), bank_reference="BK0009", source_document="P/15"
    )
    queue.do(back, OFFICER)
    assert refused(queue, paying()).code == "kasa.payment_reversed"
    queue.do(paying(again=True), OFFICER)
    assert set(loan(queue).payments) - loan(queue).reversed == {"BK0009__2"}
    assert refused(queue, paying(again=True)).code == "nothing_changed"
    assert refused(queue, paying(OTHER)).code == "kasa.bank_reference_used"
    assert came_in(queue) == Money.of("100")
    assert agrees(queue, NUMBER, OTHER)


def test_a_line_that_no_statement_told_of_is_not_shown(queue: Kasa) -> None:
    queue.do(paying(), OFFICER)
    queue.project()
    assert [each.bank_reference for each in queue.ask("list_bank_lines", LINES).items] == ["BK0001"]


def test_two_persons_at_once_match_a_line_once(queue: Kasa) -> None:
    attempts = [matching(NUMBER if n % 2 else OTHER) for n in range(8)]
    ended = race([lambda each=each: queue.command(each, OFFICER) for each in attempts])  # type: ignore[misc]
    assert ended == {GRANTED: 1, "kasa.line_not_queued": 7}
    assert came_in(queue) == Money.of("1032.80")
    assert agrees(queue, NUMBER, OTHER)


def test_a_stale_view_of_a_line_is_refused(queue: Kasa) -> None:
    queue.do(matching(), OFFICER, seen=2)
    with pytest.raises(Rejected, match="stale_version"):
        queue.command(reopening(), OFFICER, seen=2)
