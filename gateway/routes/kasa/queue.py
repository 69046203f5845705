"""What waits for the caller."""

from gateway.endpoints import Endpoint, query
from shared.contracts.kasa.operations import queue as kasa

ENDPOINTS: tuple[Endpoint, ...] = (
    query(kasa.MY_QUEUE, "/queue", "Read what waits for one's own review, vote or decision"),
)
