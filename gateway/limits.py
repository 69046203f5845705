"""How often one may ask: token buckets in the memory of this process.

A caller with a valid token is counted by the token's subject, everybody else by network address, so
that a broken program neither locks out the office it stands in nor hides behind new tokens. Several
gateway processes count apart.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.types import Scope

from gateway.problems import Problem

KEPT: Final = 10_000
"""Buckets kept of each kind; the one unused for longest is forgotten, that is: full again."""


@dataclass(frozen=True)
class Limit:
    """`burst` requests at once, and as a rule `rate` per second."""

    rate: float
    burst: int


@dataclass(frozen=True)
class Limits:
    """For one caller with a valid token, and for one address without."""

    caller: Limit
    address: Limit


class Buckets:
    """One bucket for each key; the clock is in seconds. For the tasks of one event loop."""

    def __init__(
        self, name: str, limit: Limit, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._limit = limit
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        """Tokens that were left, and when; the key used last stands last."""

    def take(self, key: str) -> Mapping[str, str]:
        """Count a request; the headers (draft-ietf-httpapi-ratelimit-headers) that tell what is left.

        Raises `Problem`: `too_many_requests`.
        """
        rate, burst, now = self._limit.rate, self._limit.burst, self._clock()
        left, at = self._levels.pop(key, (float(burst), now))
        left = min(burst, left + (now - at) * rate)
        granted = left >= 1
        left -= granted
        self._levels[key] = (left, now)
        if len(self._levels) > KEPT:
            del self._levels[next(iter(self._levels))]
        headers = {
            "RateLimit-Policy": f'"{self._name}";q={burst};w={math.ceil(burst / rate)}',
            "RateLimit": f'"{self._name}";r={int(left)};t={math.ceil((burst - left) / rate)}',
        }
        if not granted:
            pause = str(math.ceil((1 - left) / rate))
            raise Problem("too_many_requests", headers=headers | {"Retry-After": pause})
        return headers


def network_of(scope: Scope) -> str:
    """Whose bucket an address draws on: of IPv6 the /64, which is what one subscriber gets."""
    if scope.get("client") is None:
        return "unknown"
    try:
        address = ip_address(scope["client"][0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
