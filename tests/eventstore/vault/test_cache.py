"""The cache of keys holds little, and nothing for long."""

from uuid import UUID, uuid4

from shared.eventstore.vault.cache import KeyCache
from shared.eventstore.vault.keys import KeyName
from shared.kernel.personal import ERASED, DataClass


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def put(cache: KeyCache) -> KeyName:
    """Any held value will do: what is kept is not looked into."""
    name = KeyName(uuid4(), DataClass.IDENTITY)
    cache.put(cache.begin(), {name: ERASED})
    return name


def test_old_keys_leave_the_memory_although_nobody_asks_for_them_again() -> None:
    clock = Clock()
    cache = KeyCache(ttl=60, size=1_000, clock=clock)
    for _ in range(500):
        clock.now += 1
        put(cache)
    assert len(cache._entries) == 60


def test_a_key_is_given_until_it_is_too_old() -> None:
    clock = Clock()
    cache = KeyCache(ttl=60, size=1_000, clock=clock)
    name = put(cache)
    clock.now = 59.9
    assert cache.get(name) is ERASED
    clock.now = 60.0
    assert cache.get(name) is None


def test_the_oldest_keys_make_room() -> None:
    cache = KeyCache(ttl=60, size=2, clock=Clock())
    first, second, third = put(cache), put(cache), put(cache)
    assert [cache.get(name) for name in (first, second, third)] == [None, ERASED, ERASED]


def test_without_a_lifetime_nothing_is_kept() -> None:
    cache = KeyCache(ttl=0, size=10, clock=Clock())
    assert cache.get(put(cache)) is None


def test_an_evicted_subject_is_gone() -> None:
    cache = KeyCache(ttl=60, size=10, clock=Clock())
    name = put(cache)
    cache.evict(UUID(str(name.subject)))
    assert cache.get(name) is None
