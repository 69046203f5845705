"""What is read of loans: cards of any day, versions, the queue, products, lists."""

from datetime import date, timedelta

import pytest

from services.kasa.domain.settlement import settle
from shared.contracts.kasa.views import loans as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.vocabulary.loans import (
    LoanState,
    PlanCause,
)
from shared.contracts.operations import Caller, NoRequest
from shared.kernel.money import Money
from tests.driving import COORDINATOR
from tests.kasa.borrowing import (
    LOAN,
    NUMBER,
    TERMS,
    asking,
    borrower,
    card,
    confirming,
    deciding,
    lent,
    meeting,
    on_day,
    paying,
    recorded,
    signing,
)
from tests.kasa.clients import TODAY
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import ADVISER, OFFICER, SECOND, SOURCE

JULY = date(2026, 7, 20)


def test_the_card_of_any_day_is_what_follows_from_the_facts(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    kasa.do(paying("1500", date(2026, 4, 20)), OFFICER)
    loan, rules = recorded(kasa), kasa.composition.application.rules.loans
    day = TODAY
    while day < date(2027, 6, 1):
        shown = card(kasa, day)
        direct = settle(loan.contract, loan.facts, day, rules)
        assert shown.balances.model_dump(exclude={"payoff"}) == vars(direct.balances)
        assert shown.balances.payoff == direct.balances.payoff
        assert [(row.number, row.principal, row.paid_principal) for row in shown.schedule] == [
            (each.row.number, each.row.principal, each.paid_principal) for each in direct.rows
        ]
        assert shown.chart.paid_principal[-1:] in ((), (direct.balances.paid_principal,))
        assert len(shown.payments) == (day >= date(2026, 4, 20))
        day += timedelta(37)
    assert card(kasa, TODAY).chart.original_balance[-1] == 0
    early = views.GetLoan(id=LOAN, as_of=TODAY - timedelta(1))
    with pytest.raises(Exception, match="date_too_early"):
        kasa.ask("get_loan", early)


def test_every_version_is_shown_with_the_rows_that_differ(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    kasa.do(paying("3000", date(2026, 4, 1), early=True), OFFICER)
    versions = card(kasa).versions
    assert [each.cause for each in versions] == [
        PlanCause.PREPAYMENT,
        PlanCause.CONTRACT,
    ], "paid out whole on the day of the contract, it is repaid as planned with it"
    asked = views.GetScheduleVersion(loan_id=LOAN, number=2)
    version = kasa.ask("get_schedule_version", asked)
    rows = [*version.unchanged, *(each.after for each in version.changed if each.after)]
    assert len(rows) == versions[0].rows
    assert version.changed == versions[0].changed
    unknown = asked.model_copy(update={"number": 3})
    with pytest.raises(Exception, match="not_found"):
        kasa.ask("get_schedule_version", unknown)


def test_the_queue_tells_what_waits_and_leaves_out_the_own_requests(kasa: Kasa) -> None:
    kasa.do(signing(borrower(kasa)), OFFICER)

    def works(by: Caller) -> list[Work]:
        kasa.project()
        return [each.work for each in kasa.ask("my_queue", NoRequest(), by).items]

    assert works(OFFICER) == works(SECOND) == [Work.MEET_LOAN_CONDITION]
    kasa.do(meeting(), OFFICER)
    assert works(OFFICER) == []
    kasa.do(asking(), OFFICER)
    assert (works(OFFICER), works(SECOND)) == ([], [Work.DECIDE_LOAN_REQUEST])
    kasa.do(deciding(kasa), SECOND)
    assert works(OFFICER) == works(COORDINATOR) == [Work.CONFIRM_DISBURSEMENT]
    kasa.do(confirming(kasa), OFFICER)
    assert works(OFFICER) == works(SECOND) == []


def test_a_preview_records_nothing_and_products_are_told_with_their_days(kasa: Kasa) -> None:
    preview = views.PreviewSchedule(
        product="start", principal=Money.of("12000"), terms=TERMS, disbursed_on=TODAY
    )
    rules = kasa.composition.application.rules.loans
    shown = kasa.ask("preview_schedule", preview)
    assert (shown.percent, len(shown.rows)) == (rules.nbp_rates.on(TODAY).rediscount, 12)
    assert shown.interest == Money.of(sum(row.interest for row in shown.rows))
    long = preview.model_copy(update={"terms": TERMS.model_copy(update={"months": 61})})
    with pytest.raises(Exception, match="product_limit"):
        kasa.ask("preview_schedule", long)
    told_ = kasa.ask("list_products", views.ListProducts(day=TODAY))
    codes = {each.code: each for each in told_.products}
    assert set(codes) == {"start", "development", "bgk-later"}
    assert codes["start"].regulation == "2023/2831"
    assert codes["start"].percent == shown.percent
    old = kasa.ask("list_products", views.ListProducts(day=date(2013, 5, 1)))
    assert [each.code for each in old.products] == ["pokl-1-4"]
    assert kasa.composition.application.recorder.max_notification_id() in (None, 0)


def test_loans_are_listed_with_their_money(kasa: Kasa) -> None:
    enterprise = lent(kasa)
    asked = views.ListLoans(enterprise_id=enterprise, source=SOURCE, state=LoanState.RUNNING)
    (row,) = kasa.ask("list_loans", asked, ADVISER).items
    assert (row.number, row.principal, row.outstanding) == (
        NUMBER,
        Money.of("12000"),
        Money.of("12000"),
    )
    assert kasa.ask("list_loans", views.ListLoans(state=LoanState.REPAID)).items == ()
