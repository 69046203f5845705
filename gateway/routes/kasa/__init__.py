"""The regional fund: enterprises, aid, advice, calls, grants; a module per subject."""

from gateway.endpoints import Endpoint
from gateway.routes.kasa import advice, calls, enterprises, grants, queue, undertakings

ENDPOINTS: tuple[Endpoint, ...] = (
    *enterprises.ENDPOINTS,
    *undertakings.ENDPOINTS,
    *advice.ENDPOINTS,
    *calls.ENDPOINTS,
    *grants.ENDPOINTS,
    *queue.ENDPOINTS,
)
