"""Many at once on the books of one source, through two writers: never below zero, nothing lost."""

from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import UUID, uuid4

import pytest

from services.kasa.application import Kasa as Application
from services.kasa.application.books import books_of
from services.kasa.bootstrap import compose
from services.kasa.domain.accounts import in_balance
from services.kasa.domain.fund import Fund
from shared.contracts.kasa.vocabulary.fund import Cause
from shared.contracts.operations import Receipt
from shared.kernel.money import Currency, Money
from shared.runtime.settings import ServiceSettings
from tests.driving import act_by
from tests.kasa.clients import TODAY
from tests.kasa.conftest import NOW, Kasa
from tests.kasa.deciding import OFFICER, SOURCE, endow
from tests.kasa.test_fund import SOURCE_ID, paying_in
from tests.kasa.test_races import GRANTED, PASSING, race


@pytest.fixture
def second_writer(settings: ServiceSettings) -> Iterator[Application]:
    """With connections and a sequencer of its own, as another process has."""
    composition = compose(settings, now=lambda: NOW)
    yield composition.application
    composition.close()


def binding(kasa: Application, amount: str) -> Callable[[], Receipt]:
    """The fund's part of signing a contract."""
    contract, act = uuid4(), act_by(OFFICER, "kasa.sign")

    def decide() -> Receipt:
        books = books_of(kasa, SOURCE)
        books.commit(contract, Money.of(amount), Cause(stream=contract, version=1), on=TODAY)
        return kasa.commit(act, books)

    return lambda: kasa.once(act, decide)


def contributing(kasa: Application, amount: str) -> Callable[[], Receipt]:
    act = act_by(OFFICER, "kasa.contribute")

    def decide() -> Receipt:
        books = books_of(kasa, SOURCE)
        asked = paying_in(amount)
        books.contribute(
            asked.amount,
            on=asked.on,
            source_document=asked.source_document,
            today=TODAY,
            by=OFFICER.subject,
        )
        return kasa.commit(act, books)

    return lambda: kasa.once(act, decide)


def books(kasa: Application) -> Fund:
    return kasa.load(Fund, SOURCE_ID)


def test_of_fifty_commitments_for_the_last_money_one_is_made(
    kasa: Kasa, second_writer: Application
) -> None:
    endow(kasa, "1000")
    writers = cycle([kasa.composition.application, second_writer])
    ended = race([binding(next(writers), "600") for _ in range(50)])
    assert ended[GRANTED] == 1
    assert set(ended) <= {GRANTED, "kasa.fund_short", PASSING}
    assert books(second_writer).free == Money.of("400")


def test_contributions_and_commitments_at_once_lose_nothing(
    kasa: Kasa, second_writer: Application
) -> None:
    endow(kasa, "1000")
    writers = cycle([kasa.composition.application, second_writer])
    made: dict[str, list[UUID]] = {"in": [], "bound": []}

    def counted(kind: str, attempt: Callable[[], Receipt]) -> Callable[[], None]:
        return lambda: made[kind].append(attempt().command_id)

    attempts = [counted("in", contributing(next(writers), "10")) for _ in range(15)]
    attempts += [counted("bound", binding(next(writers), "100")) for _ in range(15)]
    ended = race(attempts)
    assert set(ended) <= {GRANTED, "kasa.fund_short", PASSING}
    fund = books(second_writer)
    came, bound = len(made["in"]), len(made["bound"])
    assert came + bound == ended[GRANTED] > 0
    assert fund.version == 2 + came + bound
    assert fund.free == Money.of(1000 + 10 * came - 100 * bound)
    assert fund.free >= Money.zero()
    assert sum(fund.commitments.values(), Money.zero()) == Money.of(100 * bound)
    assert in_balance(fund.balances, Currency.PLN)
