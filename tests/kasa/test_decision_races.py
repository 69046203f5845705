"""Many decisions at once: neither the call's budget nor a ceiling is ever exceeded."""

from services.kasa.domain.call import Call
from shared.contracts.kasa.commands.calls import ResolveCase
from shared.kernel.money import Money
from tests.kasa.clients import TODAY, declare, declared
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import CALL_ID, CHAIR, assessed, client, grounds, voted
from tests.kasa.test_races import GRANTED, PASSING, race, total

OVER = "kasa.de_minimis_ceiling"


def signed(kasa: Kasa, command: ResolveCase) -> object:
    return kasa.command(command, CHAIR)


def call_of(kasa: Kasa) -> Call:
    return kasa.composition.application.load(Call, CALL_ID)


def test_of_two_decisions_for_the_last_of_the_budget_one_is_taken(kasa: Kasa) -> None:
    clients = [grounds(kasa, budget="100000"), client(kasa, 1)]
    first, second = (voted(kasa, assessed(kasa, each)) for each in clients)
    ended = race([lambda: signed(kasa, first), lambda: signed(kasa, second)])
    assert ended == {GRANTED: 1, "kasa.call_budget_exceeded": 1}
    assert call_of(kasa).awarded == Money.of("60000")


def test_of_fifty_decisions_for_the_last_euro_one_is_taken(kasa: Kasa) -> None:
    enterprise = grounds(kasa)
    declare(kasa, enterprise, declared("299999.00", TODAY))
    ready = [voted(kasa, assessed(kasa, enterprise, "4"), "4") for _ in range(50)]
    ended = race([lambda each=each: signed(kasa, each) for each in ready])  # type: ignore[misc]
    assert ended[GRANTED] == 1
    assert set(ended) <= {GRANTED, OVER, PASSING}
    assert total(kasa, enterprise) == 300_000_00
    assert call_of(kasa).awarded == Money.of("4")
