"""Many at once: whatever the order, no ceiling is ever exceeded."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

from services.kasa.application.linking import home_of
from shared.contracts.kasa.vocabulary.undertakings import Party
from shared.kernel.errors import Rejected
from tests.kasa.clients import (
    NIPS,
    TODAY,
    announce,
    declare,
    declared,
    granting,
    linking,
    register,
)
from tests.kasa.conftest import Kasa

GRANTED = "granted"
PASSING = "version_conflict"


def race(attempts: Sequence[Callable[[], object]]) -> Counter[str]:
    """All at once, each in a thread; how they ended."""
    barrier = Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> str:
        barrier.wait(timeout=30)
        try:
            attempt()
        except Rejected as refusal:
            return refusal.code
        return GRANTED

    with ThreadPoolExecutor(len(attempts)) as pool:
        return Counter(pool.map(run, attempts))


def giving(kasa: Kasa, command: Any) -> Callable[[], object]:
    return lambda: kasa.command(command)


def total(kasa: Kasa, *enterprises: UUID) -> int:
    """Euro cents granted and declared of all undertakings that these belong to."""
    homes = {
        each.id: each for each in (home_of(kasa.composition.application, e) for e in enterprises)
    }
    return sum(int(aid.amount * 100) for each in homes.values() for aid in each.aid.values())


def ready(kasa: Kasa, count: int, euros: str) -> list[UUID]:
    clients = [register(kasa, number, NIPS[number]) for number in range(count)]
    announce(kasa)
    for number, each in enumerate(clients):
        declare(kasa, each, *([declared(euros, TODAY)] if number == 0 else []))
    return clients


def test_of_fifty_grants_for_the_last_euro_one_is_given(kasa: Kasa) -> None:
    (client,) = ready(kasa, 1, "299999.00")
    ended = race([giving(kasa, granting(client, "4.00")) for _ in range(50)])
    assert ended[GRANTED] == 1
    assert set(ended) <= {GRANTED, "kasa.de_minimis_ceiling", PASSING}
    assert total(kasa, client) == 300_000_00


def test_fifty_grants_to_linked_enterprises_never_exceed_their_one_ceiling(kasa: Kasa) -> None:
    clients = ready(kasa, 4, "299990.00")
    for other in clients[1:]:
        kasa.do(linking(clients[0], Party(enterprise_id=other)))
    grants = [granting(clients[number % 4], "4.00") for number in range(50)]
    ended = race([giving(kasa, each) for each in grants])
    assert 0 < ended[GRANTED] <= 10
    assert total(kasa, *clients) == 299_990_00 + ended[GRANTED] * 100


def test_a_link_at_the_moment_of_a_grant_is_either_before_or_after_it(kasa: Kasa) -> None:
    """A grant that comes second meets the aid of both; the first one is as lawful as ever."""
    clients = ready(kasa, 2, "299999.00")
    link = linking(clients[0], Party(enterprise_id=clients[1]))
    grants = [giving(kasa, granting(clients[1], "8.00")) for _ in range(8)]
    ended = race([giving(kasa, link), *grants])
    assert set(ended) <= {GRANTED, "kasa.de_minimis_ceiling", PASSING}
    application = kasa.composition.application
    if len({home_of(application, each).id for each in clients}) == 2:
        kasa.command(link)  # every grant was faster
    one, two = (home_of(application, each) for each in clients)
    assert one.id == two.id
    assert race(grants) == {"kasa.de_minimis_ceiling": 8}


def test_one_tax_number_at_two_moments_is_one_party(kasa: Kasa) -> None:
    """Named as an outside party and registered at once, it is linked either way."""
    (client,) = ready(kasa, 1, "1.00")
    registered: list[UUID] = []
    ended = race(
        [
            giving(kasa, linking(client, Party(nip=NIPS[4]))),
            lambda: registered.append(register(kasa, 7, NIPS[4])),
        ]
    )
    assert ended == {GRANTED: 2}
    application = kasa.composition.application
    assert home_of(application, client).id == home_of(application, registered[0]).id
