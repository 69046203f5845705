"""Grants through commands, projections and queries; every zloty of them in the fund's books."""

from datetime import date, datetime
from uuid import UUID

import pytest

from services.kasa.domain.fund import Fund
from services.kasa.domain.grant import Grant
from services.kasa.domain.ids import id_of
from services.kasa.domain.journal import reconcile
from services.kasa.publishing import publish
from shared.contracts.kasa import events as public
from shared.contracts.kasa.commands import grants as commands
from shared.contracts.kasa.views import grants as views
from shared.contracts.kasa.views.queue import Work
from shared.contracts.kasa.vocabulary.enterprises import Person
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.kasa.vocabulary.grants import (
    Condition,
    GrantTask,
    GrantTerms,
    ReportDue,
    Support,
    Tranche,
    TrancheState,
)
from shared.contracts.operations import Caller, NoRequest
from shared.kernel.days import POLAND
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from tests.driving import COORDINATOR
from tests.kasa.clients import TODAY, add_founder, by_id, employ, found
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import ADVISER, OFFICER, SECOND, SOURCE, assessed, awarded, grounds
from tests.kasa.test_races import GRANTED, race

NUMBER = "DOT/2026/0001"
GRANT = id_of("grant", NUMBER)
HALF, YEAR_END = date(2026, 8, 31), date(2026, 12, 31)
LATER = date(2028, 6, 1)


def terms(enterprise: UUID, application: UUID, **changes: object) -> GrantTerms:
    return GrantTerms.model_validate(
        {
            "number": NUMBER,
            "enterprise_id": enterprise,
            "application_id": application,
            "source": SOURCE,
            "support": Support.JOB_PLACE_LABOUR_FUND,
            "tranches": (
                Tranche(number=1, amount=Money.of("40000")),
                Tranche(number=2, amount=Money.of("20000"), after_report=1),
            ),
            "conditions": (Condition(code="WEKSEL", text="Weksel in blanco z deklaracją"),),
            "reports": (
                ReportDue(number=1, first_day=TODAY, last_day=HALF, due_on=date(2026, 9, 30)),
                ReportDue(
                    number=2,
                    first_day=date(2026, 9, 1),
                    last_day=YEAR_END,
                    due_on=date(2027, 1, 31),
                ),
            ),
            "job_places": 1,
        }
        | changes
    )


def signing(enterprise: UUID, application: UUID, **changes: object) -> commands.SignGrant:
    return commands.SignGrant(terms=terms(enterprise, application, **changes), signed_on=TODAY)


def signed(kasa: Kasa) -> UUID:
    """A contract of two tranches, with its one condition met; the clock stands years later."""
    enterprise = grounds(kasa)
    application = awarded(kasa, enterprise)
    kasa.do(signing(enterprise, application), OFFICER)
    condition = commands.MeetGrantCondition(
        grant_id=GRANT, code="WEKSEL", met_on=TODAY, source_document="W/1"
    )
    kasa.do(condition, OFFICER)
    kasa.clock[0] = datetime(LATER.year, LATER.month, LATER.day, 12, tzinfo=POLAND)
    return enterprise


def releasing(tranche: int, on: date = TODAY) -> commands.ReleaseTranche:
    return commands.ReleaseTranche(grant_id=GRANT, tranche=tranche, released_on=on)


def paying(tranche: int, reference: str, on: date = TODAY) -> commands.PayTranche:
    return commands.PayTranche(
        grant_id=GRANT, tranche=tranche, bank_reference=reference, paid_on=on
    )


def report(kasa: Kasa, number: int, spent: str, on: date) -> None:
    command = commands.SubmitGrantReport(
        grant_id=GRANT,
        report=number,
        spent=Money.of(spent),
        submitted_on=on,
        source_document=f"S/{number}",
    )
    kasa.do(command, ADVISER)


def accepting(number: int, accepted: str, on: date) -> commands.AcceptGrantReport:
    return commands.AcceptGrantReport(
        grant_id=GRANT, report=number, accepted=Money.of(accepted), decided_on=on
    )


def repaying(amount: str, reference: str = "B/1") -> commands.RecordGrantRepayment:
    return commands.RecordGrantRepayment(
        grant_id=GRANT, amount=Money.of(amount), bank_reference=reference, value_on=LATER
    )


def refused(kasa: Kasa, command: object, by: Caller = OFFICER) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.command(command, by)
    return refusal.value


def card(kasa: Kasa) -> views.Grant:
    kasa.project()
    found_: views.Grant = kasa.ask("get_grant", by_id(GRANT))
    return found_


def balance(kasa: Kasa, account: Account) -> Money:
    """Of the books, which agree with the contract."""
    application = kasa.composition.application
    recorded = kasa.followed.history.read(0, 10_000)
    entries = [each.event.entry for each in recorded if isinstance(each.event, Fund.Posted)]
    grant = application.load(Grant, GRANT)
    assert reconcile(entries, {grant.id: grant.money}) == ()
    return application.load(Fund, id_of("fund", SOURCE)).balances[account]


def told(kasa: Kasa) -> list[str]:
    recorded = kasa.followed.history.read(0, 10_000)
    events = (publish(each.event) for each in recorded)
    return [each.TYPE for each in events if each is not None]


def paid_out(kasa: Kasa) -> UUID:
    """Both tranches paid, both reports accepted, the second in part only."""
    enterprise = signed(kasa)
    kasa.do(releasing(1), SECOND)
    kasa.do(paying(1, "P/1"), OFFICER)
    report(kasa, 1, "40000", date(2026, 9, 2))
    kasa.do(accepting(1, "40000", date(2026, 9, 3)), OFFICER)
    kasa.do(releasing(2, date(2026, 9, 4)), SECOND)
    kasa.do(paying(2, "P/2", date(2026, 9, 5)), OFFICER)
    report(kasa, 2, "20000", date(2027, 1, 4))
    kasa.do(accepting(2, "15000", date(2027, 1, 5)), OFFICER)
    return enterprise


def test_a_contract_signs_what_was_decided_and_binds_its_money(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    application = awarded(kasa, enterprise)
    command = signing(enterprise, application)
    kasa.do(command, OFFICER)
    assert balance(kasa, Account.COMMITTED) == Money.of("60000")
    assert balance(kasa, Account.FREE) == Money.of("440000")
    assert public.ContractSigned.TYPE in told(kasa)
    found_ = card(kasa)
    assert (found_.terms, found_.durability_months) == (command.terms, 24)
    assert [each.kind for each in found_.tasks] == [
        GrantTask.MEET_CONDITION,
        GrantTask.SUBMIT_REPORT,
        GrantTask.SUBMIT_REPORT,
        GrantTask.FILL_JOB_PLACE,
    ]
    second = signing(enterprise, application, number="DOT/2026/0002")
    assert refused(kasa, second).code == "kasa.application_contracted"


def test_a_contract_does_not_differ_from_the_decision(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    undecided = assessed(kasa, enterprise, "50000")
    assert refused(kasa, signing(enterprise, undecided)).code == "kasa.not_awarded"
    application = awarded(kasa, enterprise)
    more = (Tranche(number=1, amount=Money.of("60000.01")),)
    refusal = refused(kasa, signing(enterprise, application, tranches=more))
    assert (refusal.code, refusal.details["decided"]["amount"]) == (
        "kasa.contract_differs",
        "60000.00 PLN",
    )
    other = signing(enterprise, application, source="FP-1")
    assert refused(kasa, other).code == "kasa.contract_differs"
    kasa.command(signing(enterprise, application), OFFICER)


def test_two_contracts_on_one_decision_at_once_are_one(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    application = awarded(kasa, enterprise)
    attempts = [signing(enterprise, application, number=f"DOT/2026/{n}") for n in range(1, 9)]
    ended = race([lambda each=each: kasa.command(each, OFFICER) for each in attempts])  # type: ignore[misc]
    assert ended == {GRANTED: 1, "kasa.application_contracted": 7}


def test_a_tranche_is_released_by_another_person_and_paid_once(kasa: Kasa) -> None:
    signed(kasa)
    assert refused(kasa, paying(1, "P/1")).code == "kasa.tranche_not_released"
    assert refused(kasa, releasing(1), OFFICER).code == "four_eyes"
    kasa.do(releasing(1), SECOND)
    kasa.do(paying(1, "P/1"), OFFICER)
    assert refused(kasa, paying(1, "P/1")).code == "nothing_changed"
    assert refused(kasa, paying(1, "P/9")).code == "kasa.tranche_not_released"
    assert balance(kasa, Account.DISBURSED) == Money.of("40000")
    assert refused(kasa, releasing(2), SECOND).code == "kasa.report_not_accepted"
    report(kasa, 1, "40000", date(2026, 9, 2))
    author = Caller(subject=ADVISER.subject, roles=OFFICER.roles)
    accept = accepting(1, "40000", date(2026, 9, 3))
    assert refused(kasa, accept, author).code == "four_eyes"
    kasa.do(accept, OFFICER)
    late = releasing(2, date(2026, 9, 4))
    assert refused(kasa, late, OFFICER).code == "four_eyes"
    kasa.do(late, SECOND)
    assert [each.state for each in card(kasa).tranches] == [
        TrancheState.PAID,
        TrancheState.RELEASED,
    ]
    assert told(kasa).count(public.Disbursed.TYPE) == 1
    assert told(kasa).count(public.GrantReportAccepted.TYPE) == 1


def test_a_rejected_report_comes_again(kasa: Kasa) -> None:
    signed(kasa)
    report(kasa, 1, "10", date(2026, 9, 2))
    reject = commands.RejectGrantReport(
        grant_id=GRANT, report=1, reason="Brak faktur", decided_on=date(2026, 9, 3)
    )
    kasa.do(reject, OFFICER)
    report(kasa, 1, "40000", date(2026, 9, 4))
    (first, _) = card(kasa).reports
    assert (first.submission, first.spent) == (2, Money.of("40000"))
    over = accepting(1, "40000.01", date(2026, 9, 5))
    assert refused(kasa, over).code == "kasa.accepted_exceeds_spent"


def test_what_was_not_accepted_and_not_kept_comes_back(kasa: Kasa) -> None:
    enterprise = paid_out(kasa)
    for number in range(3):
        add_founder(kasa, enterprise, Person(number=f"M/{number}"))
    found(kasa, enterprise)
    place = employ(kasa, enterprise, Person(number="M/1"))
    recording = commands.RecordJobPlace(
        grant_id=GRANT, place_id=place, change="filled", on=date(2026, 4, 1)
    )
    unknown = recording.model_copy(update={"place_id": enterprise})
    assert refused(kasa, unknown).code == "kasa.place_unknown"
    kasa.do(recording, OFFICER)
    computing = commands.ComputeClawback(grant_id=GRANT, computed_on=LATER)
    assert refused(kasa, computing).code == "kasa.durability_not_checked"
    kasa.do(commands.CheckDurability(grant_id=GRANT, checked_on=LATER), OFFICER)
    kasa.do(computing, OFFICER)
    due = card(kasa).clawback
    assert due is not None
    assert due.amount == due.still_due == Money.of("5000")
    kasa.do(repaying("5100"), OFFICER)
    assert refused(kasa, repaying("5100")).code == "nothing_changed"
    assert balance(kasa, Account.REPAID) == Money.of("5000")
    assert balance(kasa, Account.HELD) == Money.of("100")
    (repayment,) = card(kasa).repayments
    assert (repayment.amount, repayment.overpaid) == (Money.of("5100"), Money.of("100"))
    back = commands.ReverseGrantRepayment(grant_id=GRANT, bank_reference="B/1", on=LATER)
    kasa.do(back, OFFICER)
    assert refused(kasa, back).code == "kasa.payment_unknown"
    assert balance(kasa, Account.REPAID) == balance(kasa, Account.HELD) == Money.of("0")
    assert told(kasa)[-2:] == [public.Repaid.TYPE, public.RepaymentReversed.TYPE]
    assert refused(kasa, repaying("5100")).code == "kasa.payment_reversed"
    again = repaying("5000").model_copy(update={"again": True})
    kasa.do(again, OFFICER)
    assert balance(kasa, Account.REPAID) == Money.of("5000")
    other = repaying("1").model_copy(update={"bank_reference": "B/1__2"})
    assert refused(kasa, other).code == "kasa.bank_reference_used"
    used = repaying("1").model_copy(update={"bank_reference": "P/1"})
    assert refused(kasa, used).code == "kasa.bank_reference_used"


def test_what_a_closed_grant_does_not_use_is_free_again(kasa: Kasa) -> None:
    signed(kasa)
    kasa.do(releasing(1), SECOND)
    kasa.do(paying(1, "P/1"), OFFICER)
    kasa.do(commands.CloseGrant(grant_id=GRANT, closed_on=LATER), OFFICER)
    assert balance(kasa, Account.COMMITTED) == Money.of("0")
    assert balance(kasa, Account.FREE) == Money.of("460000")
    found_ = card(kasa)
    assert (found_.closed_on, found_.committed, found_.paid) == (
        LATER,
        Money.of("0"),
        Money.of("40000"),
    )


def test_the_queue_leaves_out_what_rests_on_the_own_work(kasa: Kasa) -> None:
    signed(kasa)

    def works(by: Caller) -> list[tuple[Work, str | None]]:
        kasa.project()
        return [(each.work, each.item) for each in kasa.ask("my_queue", NoRequest(), by).items]

    assert (works(OFFICER), works(SECOND)) == ([], [(Work.RELEASE_TRANCHE, "1")])
    kasa.do(releasing(1), SECOND)
    assert works(OFFICER) == works(COORDINATOR) == [(Work.PAY_TRANCHE, "1")]
    kasa.do(paying(1, "P/1"), OFFICER)
    report(kasa, 1, "40000", date(2026, 9, 2))
    assert works(OFFICER) == works(SECOND) == [(Work.REVIEW_REPORT, "1")]


def test_grants_are_listed_with_their_money(kasa: Kasa) -> None:
    enterprise = paid_out(kasa)
    asked = views.ListGrants(enterprise_id=enterprise, source=SOURCE)
    (row,) = kasa.ask("list_grants", asked, ADVISER).items
    assert (row.number, row.amount, row.paid) == (NUMBER, Money.of("60000"), Money.of("60000"))
    assert kasa.ask("list_grants", views.ListGrants(source="FP-1")).items == ()
