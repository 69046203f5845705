"""The client's limits towards a server that is down."""

import time

from shared.eventstore.connection import connect
from shared.runtime.development.mongodb import MongoServer

SELECTION_SECONDS = 5.0


def test_leaving_a_server_that_is_down_does_not_wait_for_it(own_mongodb: MongoServer) -> None:
    """The driver looks for the server to end the sessions, as long as any call may look for it."""
    client = connect(own_mongodb.uri)
    client.admin.command("ping")
    own_mongodb.kill()
    began = time.monotonic()
    client.close()
    assert time.monotonic() - began < SELECTION_SECONDS / 2
