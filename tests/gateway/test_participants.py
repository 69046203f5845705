"""One request becomes one call; what the service says becomes the answer."""

import httpx

from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES

REGISTER = EXAMPLES["register_participant"]["request"]
P = EXAMPLES["get_participant"]["request"]["id"]


def test_registering_answers_created_with_receipt_and_location(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    response = coordinator.post("/participants", json=REGISTER, headers=command_headers(None))
    assert response.status_code == 201
    assert response.json() == EXAMPLES["receipt"]
    assert response.headers["Location"] == f"/participants/{P}"
    assert response.headers["ETag"] == '"5"'
    assert gateway.service.last("register_participant")["payload"] == REGISTER
