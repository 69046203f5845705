"""The regional fund: enterprises, aid, advice, calls, grants, loans, the fund's books, bank statements; a
module per subject.
"""

from gateway.endpoints import Endpoint
from gateway.routes.kasa import (
    advice,
    bank,
    calls,
    enterprises,
    fund,
    grants,
    loans,
    queue,
    undertakings,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *enterprises.ENDPOINTS,
    *undertakings.ENDPOINTS,
    *advice.ENDPOINTS,
    *calls.ENDPOINTS,
    *grants.ENDPOINTS,
    *loans.ENDPOINTS,
    *fund.ENDPOINTS,
    *bank.ENDPOINTS,
    *queue.ENDPOINTS,
)
