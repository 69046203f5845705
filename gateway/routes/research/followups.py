"""Measurements of the situation after the exit."""

from gateway.endpoints import Endpoint, command, query
from shared.contracts.research.operations import followups as research

FOLLOW_UP = "/follow-ups/{follow_up_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    query(research.LIST_FOLLOW_UPS, "/follow-ups", "List measurements after exits", names=True),
    query(research.GET_FOLLOW_UP, FOLLOW_UP, "Read a measurement after an exit", names=True),
    command(research.ANSWER_FOLLOW_UP, f"{FOLLOW_UP}/answer", "Record the answer"),
)
