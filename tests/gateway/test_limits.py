"""Rate limits: who is counted, what is told, and that nobody pays for another."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from gateway import limits
from gateway.limits import Buckets, Limit, Limits, network_of
from gateway.problems import Problem
from shared.contracts.access import Role
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.files import FileStore
from tests.gateway.conftest import Gateway, Served, build
from tests.gateway.tokens import Issuer

SLOW = 0.001
"""Per second: nothing comes back within a test."""
Client = Callable[..., httpx.Client]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def granted(buckets: Buckets, key: str) -> bool:
    try:
        buckets.take(key)
    except Problem as problem:
        return problem.code != "too_many_requests"
    return True


def test_a_bucket_grants_its_burst_and_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets("caller", Limit(rate=2, burst=3), clock)
    assert [granted(buckets, "a") for _ in range(4)] == [True, True, True, False]
    clock.now += 0.5
    assert [granted(buckets, "a") for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [granted(buckets, "a") for _ in range(4)] == [True, True, True, False]
    assert granted(buckets, "b")


def test_the_headers_tell_what_is_left_and_when_to_come_again() -> None:
    buckets = Buckets("caller", Limit(rate=0.25, burst=2), Clock())
    assert buckets.take("a") == {
        "RateLimit-Policy": '"caller";q=2;w=8',
        "RateLimit": '"caller";r=1;t=4',
    }
    assert buckets.take("a")["RateLimit"] == '"caller";r=0;t=8'
    with pytest.raises(Problem) as refused:
        buckets.take("a")
    assert refused.value.headers is not None
    assert refused.value.headers["Retry-After"] == "4"
    assert refused.value.headers["RateLimit"] == '"caller";r=0;t=8'


def test_memory_is_bounded_and_those_who_ask_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "KEPT", 3)
    buckets = Buckets("address", Limit(rate=SLOW, burst=1), Clock())
    assert granted(buckets, "flood")
    for stranger in "abcdef":
        assert granted(buckets, stranger)
        assert not granted(buckets, "flood")
    assert len(buckets._levels) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "unknown"),
    ],
)
def test_one_subscriber_has_one_bucket(address: str, network: str) -> None:
    assert network_of({"client": (address, 1)}) == network
    assert network_of({"client": None}) == "unknown"


@pytest.fixture
def client(
    gateway: Gateway, broker: BrokerServer, issuer: Issuer, store: FileStore
) -> Iterator[Client]:
    """Clients of a gateway that grants each caller three requests and each address two."""
    bounds = Limits(caller=Limit(SLOW, 3), address=Limit(SLOW, 2))
    served = Served(build(broker.uri, issuer, store, limits=bounds))
    opened: list[httpx.Client] = []

    def make(subject: str | None = None, **headers: str) -> httpx.Client:
        if subject is not None:
            token = issuer.token(Role.COORDINATOR, subject=subject)
            headers["Authorization"] = f"Bearer {token}"
        opened.append(httpx.Client(base_url=served.url, headers=headers, timeout=20))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
    served.stop()


def statuses(client: httpx.Client, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


def test_a_caller_is_counted_whatever_is_asked_for_and_with_whichever_token(
    client: Client,
) -> None:
    first, again, other = client("one"), client("one"), client("two")
    assert first.get("/nothing").status_code == 404
    assert first.get("/participants?limit=0").status_code == 422
    answered = again.get("/openapi.json")
    assert answered.status_code == 200
    assert answered.headers["RateLimit"].startswith('"caller";r=0;')
    refused = again.get("/openapi.json", headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 900 < int(refused.headers["Retry-After"]) <= 1000
    assert refused.headers["RateLimit-Policy"] == '"caller";q=3;w=3000'
    assert refused.headers["Content-Language"] == "en"
    assert other.get("/openapi.json").status_code == 200


def test_those_without_a_valid_token_are_counted_by_address(client: Client) -> None:
    nobody, forger = client(), client(Authorization="Bearer x.y.z")
    assert statuses(nobody, "/dashboard", 1) == [401]
    assert statuses(forger, "/dashboard", 2) == [401, 429]
    assert statuses(nobody, "/openapi.json", 1) == [429]
    assert statuses(client("one"), "/openapi.json", 1) == [200]


def test_probes_are_not_counted(client: Client) -> None:
    nobody = client()
    for path in ("/health/live", "/metrics"):
        assert statuses(nobody, path, 5) == [200] * 5
    assert "RateLimit" not in nobody.get("/health/live").headers
