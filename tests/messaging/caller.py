"""A caller that speaks AMQP and nothing of ours, so that it can also speak it wrongly."""

import json
from time import monotonic
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import amqp

DEFAULT = object()


class Caller:
    """Sends what it is told to, to `service`; collects replies by correlation id."""

    def __init__(self, uri: str, service: str = "counting") -> None:
        import kombu

        parsed = kombu.Connection(uri)
        self._connection = amqp.Connection(
            host=f"{parsed.hostname}:{parsed.port}",
            userid=parsed.userid,
            password=parsed.password,
            virtual_host=parsed.virtual_host,
            confirm_publish=True,
            connect_timeout=5,
        )
        self._connection.connect()
        self.channel = self._connection.channel()
        self.reply_to = str(uuid4())
        self.service = service
        self.replies: dict[str | None, dict[str, Any]] = {}
        name = f"rpc.reply-test-{self.reply_to}"
        self.channel.queue_declare(name, exclusive=True)
        self.channel.queue_bind(name, "nameko-rpc", self.reply_to)
        self.channel.basic_consume(name, no_ack=True, callback=self._on_reply)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._connection.collect()

    def send(self, method: str, body: bytes, **properties: Any) -> str:
        """Publish; `properties` replace the well-formed ones, None removes one."""
        correlation = str(uuid4())
        whole = {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "correlation_id": correlation,
            "reply_to": self.reply_to,
            **properties,
        }
        message = amqp.Message(body, **{k: v for k, v in whole.items() if v is not None})
        self.channel.basic_publish(
            message, "nameko-rpc", f"{self.service}.{method}", mandatory=True, confirm_timeout=5
        )
        return correlation

    def call(
        self, method: str, payload: Any, *, token: str | None = "coordinator:anna", **call: Any
    ) -> Any:
        """The reply (`{"result", "error"}`) to a well-formed call."""
        whole = {"token": token, "correlation_id": str(uuid4()), "payload": payload, **call}
        return self.reply(self.send(method, request(call=whole)))

    def reply(self, correlation: str | None, limit: float = 10.0) -> dict[str, Any]:
        end = monotonic() + limit
        while correlation not in self.replies:
            remaining = end - monotonic()
            if remaining <= 0:
                raise TimeoutError(f"no reply within {limit} s")
            self._connection.drain_events(timeout=remaining)
        return self.replies.pop(correlation)

    def _on_reply(self, message: Any) -> None:
        properties = message.properties
        self.replies[properties.get("correlation_id")] = json.loads(message.body)


def request(**kwargs: Any) -> bytes:
    return json.dumps({"args": [], "kwargs": kwargs}).encode()
