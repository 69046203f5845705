"""RabbitMQ: the exchanges that several services share, and users with no right too many.

A service may publish only its own events and answers, and ask other services only for their feeds;
it cannot listen in on the requests made to another service, because rights on the RPC exchange are
given by routing key.
"""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx

from shared.runtime.provision.settings import GATEWAY, Administrator, credentials, read_file

RPC_EXCHANGE = "nameko-rpc"
REPLY_KEY = "[0-9a-f-]{36}"
NAME = "[a-z][a-z0-9_]*"


def provision_broker(folder: Path, services: Sequence[str], administrator: Administrator) -> None:
    """Make the virtual host, the RPC exchange and the users that the settings files name."""
    parts = urlsplit(administrator.management_url)
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    host = quote(_virtual_host(administrator.amqp_uri), safe="")
    login = credentials(administrator.management_url)
    with httpx.Client(base_url=address, auth=login, timeout=30) as client:
        _put(client, f"/api/vhosts/{host}", {})
        _put(client, f"/api/permissions/{host}/{quote(login[0])}", _rights(".*", ".*", ".*"))
        exchange = {"type": "topic", "durable": True}
        _put(client, f"/api/exchanges/{host}/{RPC_EXCHANGE}", exchange)
        for name in [*services, GATEWAY]:
            user, password = credentials(read_file(folder, name)["AMQP_URI"])
            _put(client, f"/api/users/{quote(user)}", {"password": password, "tags": ""})
            _put(client, f"/api/permissions/{host}/{quote(user)}", rights(name))
            _put(client, f"/api/topic-permissions/{host}/{quote(user)}", rpc_rights(name))


def rights(name: str) -> dict[str, str]:
    """What the user of service `name`, or of the gateway, may declare, publish to and read from.

    A consumer declares the exchange of a publisher who has not started yet, and so must be allowed
    to; publishing there it is not. The reply queues of feed calls are exclusive to a connection.
    """
    if name == GATEWAY:
        own = rf"{RPC_EXCHANGE}|rpc\.reply-{name}-.*"
        return _rights(rf"rpc\.reply-{name}-.*", own, own)
    own = rf"{RPC_EXCHANGE}|rpc-{name}|rpc\.reply-({name}|feed)-.*|{name}\.inbox\..*|dead|unrouted"
    every = rf"{own}|{NAME}\.events"
    return _rights(every, rf"{own}|{name}\.events", every)


def rpc_rights(name: str) -> dict[str, str]:
    """Which routing keys of the RPC exchange it may publish with and bind its queues to."""
    if name == GATEWAY:
        rules = {"write": rf"^{NAME}\.{NAME}$", "read": f"^{REPLY_KEY}$"}
    else:
        own = rf"{name}\.inbox\.{NAME}|{REPLY_KEY}"
        rules = {"write": rf"^({NAME}\.feed|{own})$", "read": rf"^({name}\.\*|{own})$"}
    return {"exchange": RPC_EXCHANGE} | rules


def _rights(configure: str, write: str, read: str) -> dict[str, str]:
    rules = {"configure": configure, "write": write, "read": read}
    return {right: f"^({names})$" for right, names in rules.items()}


def _virtual_host(amqp_uri: str) -> str:
    return unquote(urlsplit(amqp_uri).path.removeprefix("/")) or "/"


def _put(client: httpx.Client, path: str, body: dict[str, object] | dict[str, str]) -> None:
    client.put(path, json=body).raise_for_status()
