"""A TCP proxy before the database that breaks connections at chosen moments."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

APPEND = b"\x02insert\x00\x08\x00\x00\x00commits\x00"
"""How an `insert` command on the ledger's commits begins, in BSON."""

Cut = Literal["before", "after"]
"""Whether the server is cut off before it gets the append, or after it has answered."""


class Proxy:
    """Forwards bytes; `cuts` says what to do with the next appends, one entry each."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts: list[Cut] = []
        self.flowing = threading.Event()  # cleared: whatever arrives is held back
        self.flowing.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                Connection(self, client, server).start()


class Connection:
    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._drops_replies = False

    def start(self) -> None:
        for forward in (self._requests, self._replies):
            threading.Thread(target=self._guard, args=(forward,), daemon=True).start()

    def _guard(self, forward: Callable[[], None]) -> None:
        """When either direction ends, both sides see the connection cut."""
        with suppress(OSError):
            forward()
        for side in (self._client, self._server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def _requests(self) -> None:
        while data := self._client.recv(65536):
            self._proxy.flowing.wait()
            if APPEND in data and self._proxy.cuts:
                if self._proxy.cuts.pop(0) == "before":
                    return
                self._drops_replies = True
            self._server.sendall(data)

    def _replies(self) -> None:
        while data := self._server.recv(65536):
            self._proxy.flowing.wait()
            if self._drops_replies:
                return
            self._client.sendall(data)


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    yield proxy
    proxy.close()


def through(uri: str, port: int, proxy: Proxy) -> str:
    """`directConnection`, or the driver would learn the server's own address and go there."""
    address, _, _ = uri.replace(f":{port}/", f":{proxy.port}/").partition("?")
    return f"{address}?directConnection=true&authSource=admin"
