"""Read models made anew from the ledger are those that were followed, document by document."""

from typing import Any

from services.kasa.application.loans_review import review_loan
from shared.contracts.kasa.commands.undertakings import RecoverAid
from shared.contracts.kasa.views import undertakings as views
from shared.contracts.kasa.vocabulary.enterprises import Person
from shared.contracts.kasa.vocabulary.undertakings import Party, RecoveryReason
from shared.kernel.money import Currency, Money
from shared.runtime.views import FRESH, Projector
from tests.kasa import borrowing
from tests.kasa.borrowing import LOAN, lent, on_day, paying
from tests.kasa.clients import (
    NIPS,
    TODAY,
    add_founder,
    announce,
    declare,
    employ,
    found,
    granting,
    linking,
    register,
)
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND
from tests.kasa.test_fund import asking_back, journal, paying_in, reversing
from tests.kasa.test_grants import paid_out
from tests.kasa.test_loans import APRIL, JULY, MAY


def documents(projector: Projector) -> dict[str, list[dict[str, Any]]]:
    return {
        name: list(collection.find().sort("_id"))
        for name, collection in projector.collections.items()
    }


def test_a_rebuild_gives_the_same_documents(kasa: Kasa) -> None:
    one, two = (register(kasa, number, NIPS[number]) for number in range(2))
    for number in range(3):
        add_founder(kasa, one, Person(number=f"M/{number}"))
    found(kasa, one)
    employ(kasa, one, Person(number="M/1"))
    announce(kasa)
    declare(kasa, one)
    kasa.do(granting(one, "400.00"))
    asked = views.GetUndertaking(enterprise_id=one)
    (aid,) = kasa.ask("get_undertaking", asked).aid
    kasa.do(linking(two, Party(enterprise_id=one)))
    kasa.do(linking(two, Party(nip=NIPS[2])))
    kasa.do(
        RecoverAid(
            enterprise_id=one,
            aid_id=aid.aid_id,
            amount=Money.of("1.00", Currency.EUR),
            reason=RecoveryReason.REDUCED,
            decision="ZW/1/2026",
            recovered_on=TODAY,
        )
    )
    require_same_anew(kasa, "enterprises", "undertakings", "aid")


def test_calls_decisions_and_grants_too(kasa: Kasa) -> None:
    paid_out(kasa)
    require_same_anew(kasa, "calls", "applications", "meetings", "grants")


def test_the_books_too(kasa: Kasa) -> None:
    """In other batches than they were followed in."""
    paid_out(kasa)
    kasa.do(paying_in("50"), OFFICER)
    kasa.do(reversing(journal(kasa)[-1].id), SECOND)
    kasa.do(asking_back("10"), OFFICER)
    require_same_anew(kasa, "sources", "fund_entries", "contract_books")


def test_loans_too(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    kasa.do(paying("1500", APRIL), OFFICER)
    review_loan(kasa.composition.application, LOAN, JULY)
    kasa.do(paying("700", MAY, "B-2"), OFFICER)
    kasa.do(borrowing.reversing(), OFFICER)
    require_same_anew(kasa, "loans", "aid")


def require_same_anew(kasa: Kasa, *names: str) -> None:
    fresh = Projector(kasa.projector.projection, kasa.followed.views, FRESH)
    fresh.prepare()
    position = 0
    while (reached := fresh.advance(kasa.followed.history, position)) != position:
        position = reached
    assert documents(fresh) == documents(kasa.projector)
    assert all(documents(fresh)[name] for name in names)
    fresh.drop()
