"""The regional fund: enterprises, aid, advice; a module per subject."""

from gateway.endpoints import Endpoint
from gateway.routes.kasa import advice, enterprises, undertakings

ENDPOINTS: tuple[Endpoint, ...] = (
    *enterprises.ENDPOINTS,
    *undertakings.ENDPOINTS,
    *advice.ENDPOINTS,
)
