"""Connections to RabbitMQ on which no call can block for ever.

py-amqp waits without limit for most answers (a broker that is stopped, or that blocks publishers,
never gives one), so everything here runs under a limit on the socket.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import kombu

CALL_LIMIT = 5.0
"""Seconds that one answer of the broker may take."""


@contextmanager
def connected(uri: str, *, name: str, heartbeat: int = 0) -> Iterator[kombu.Connection]:
    """An open connection; closed within `CALL_LIMIT`, politely or not.

    `name` is shown by the broker. Whoever asks for a `heartbeat` (seconds) must keep reading.
    """
    connection = open_connection(uri, name=name, heartbeat=heartbeat)
    try:
        yield connection
    finally:
        close_connection(connection)


def open_connection(uri: str, *, name: str, heartbeat: int = 0) -> kombu.Connection:
    connection = kombu.Connection(
        uri,
        connect_timeout=CALL_LIMIT,
        heartbeat=heartbeat,
        transport_options={"client_properties": {"connection_name": name}},
    )
    connection.connect()
    return connection


def close_connection(connection: kombu.Connection) -> None:
    with suppress(Exception), limited(connection):
        connection.release()
        return
    with suppress(Exception):
        connection.collect()


@contextmanager
def limited(connection: kombu.Connection, seconds: float = CALL_LIMIT) -> Iterator[None]:
    """Every answer awaited inside must come within `seconds`, or `TimeoutError` is raised."""
    with connection.connection.transport.having_timeout(seconds):
        yield


@contextmanager
def opened_channel(connection: kombu.Connection) -> Iterator[Any]:
    """A channel under the limit; a channel error closes only it."""
    with limited(connection):
        channel = connection.channel()
        try:
            yield channel
        finally:
            with suppress(Exception):
                channel.close()
