"""The services as the gateway sees them: nameko's wire format, spoken by a plain AMQP client."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from shared.kernel.errors import Rejected

FILES = {path.parent.name: path for path in Path("shared/contracts").glob("*/examples.json")}
EXAMPLES: dict[str, dict[str, Any]] = {
    name: example
    for path in FILES.values()
    for name, example in json.loads(path.read_text()).items()
}
"""By operation; no two services have an operation of one name."""
Answer = Callable[[dict[str, Any]], Any]


class Responder:
    """Answers every operation of every service with its documented example, unless told otherwise.

    `answers` maps an operation to a function of the call; `calls` holds what arrived. It may be
    stopped and started again.
    """

    def __init__(self, uri: str) -> None:
        self.answers: dict[str, Answer] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.messages: list[AbstractIncomingMessage] = []
        self._uri = uri
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection: aio_pika.abc.AbstractRobustConnection | None = None

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)

    def stop(self, *, delete_queue: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(delete_queue), self._loop).result(30)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def last(self, operation: str) -> dict[str, Any]:
        """The last call of an operation."""
        return next(call for name, call in reversed(self.calls) if name == operation)

    async def _start(self) -> None:
        self._connection = await aio_pika.connect_robust(self._uri, reconnect_interval=0.2)
        channel = await self._connection.channel()
        self._exchange = await channel.declare_exchange("nameko-rpc", "topic", durable=True)
        self._queues = [await channel.declare_queue(f"rpc-{name}", durable=True) for name in FILES]
        for name, queue in zip(FILES, self._queues, strict=True):
            await queue.bind(self._exchange, f"{name}.*")
            await queue.consume(self._on_request)

    async def _stop(self, delete_queue: bool) -> None:
        if self._connection is not None:
            if delete_queue:
                for queue in self._queues:
                    await queue.delete(if_unused=False, if_empty=False)
            await self._connection.close()
            self._connection = None

    async def _on_request(self, message: AbstractIncomingMessage) -> None:
        operation = (message.routing_key or "").rpartition(".")[2]
        call = json.loads(message.body)["kwargs"]["call"]
        self.messages.append(message)
        self.calls.append((operation, call))
        answer = self.answers.get(operation, lambda _: example_reply(operation))
        # In a thread: an answer may take its time.
        body = await asyncio.to_thread(_reply_body, answer, call)
        if body is not None:
            await self._exchange.publish(
                aio_pika.Message(
                    body,
                    content_type="application/json",
                    content_encoding="utf-8",
                    correlation_id=message.correlation_id,
                ),
                str(message.reply_to),
            )
        await message.ack()


def example_reply(operation: str) -> Any:
    return EXAMPLES[operation].get("reply", EXAMPLES["receipt"])


def _reply_body(answer: Answer, call: dict[str, Any]) -> bytes | None:
    """The reply; None when the answer is to stay silent, bytes as they are."""
    result, error = None, None
    try:
        result = answer(call)
    except Rejected as refusal:
        error = {
            "exc_type": "Rejected",
            "exc_path": "shared.kernel.errors.Rejected",
            "exc_args": list(refusal.args),
            "value": refusal.code,
        }
    except Exception as failure:
        error = {
            "exc_type": type(failure).__name__,
            "exc_path": "builtins",
            "exc_args": [str(failure)],
            "value": str(failure),
        }
    if result is SILENCE:
        return None
    if isinstance(result, bytes):
        return result
    return json.dumps({"result": result, "error": error}, default=str).encode()


SILENCE = object()
