"""Public events as AMQP messages: CloudEvents 1.0 in binary mode.

Attributes are headers with the prefix of the CloudEvents AMQP binding, `cloudEvents_`; the body is
the event's data alone. `position` and `previous` are the publisher's ledger positions.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.contracts.events import Envelope
from shared.messaging import wire
from shared.messaging.publisher import Outgoing

PREFIX = "cloudEvents_"
ACCEPTED_PREFIXES = (PREFIX, "cloudEvents:", "ce-")
"""The AMQP 1.0 binding's two, and the one of the RabbitMQ binding."""


def to_message(envelope: Envelope) -> Outgoing:
    headers: dict[str, Any] = {
        f"{PREFIX}specversion": "1.0",
        f"{PREFIX}id": str(envelope.id),
        f"{PREFIX}type": envelope.type,
        f"{PREFIX}source": envelope.source,
        f"{PREFIX}subject": str(envelope.subject),
        f"{PREFIX}time": envelope.time.isoformat(),
        "position": envelope.position,
        "previous": envelope.previous,
    }
    properties: dict[str, Any] = {
        "content_type": wire.JSON,
        "content_encoding": "utf-8",
        "message_id": str(envelope.id),
        "type": envelope.type,
        "app_id": envelope.source,
        "timestamp": int(envelope.time.timestamp()),
    }
    if envelope.correlation_id is not None:
        properties["correlation_id"] = str(envelope.correlation_id)
    if envelope.causation is not None:
        headers["causation_ledger"] = envelope.causation.ledger
        headers["causation_position"] = envelope.causation.position
    if envelope.traceparent is not None:
        headers["traceparent"] = envelope.traceparent
    return Outgoing(
        exchange=f"{envelope.source}.events",
        routing_key=envelope.type,
        body=wire.encode(envelope.data),
        headers=headers,
        properties=properties,
    )


def from_message(
    body: bytes,
    headers: Mapping[str, Any] | None,
    properties: Mapping[str, Any],
    *,
    source: str,
) -> Envelope:
    """The envelope of an event of `source`; `wire.Malformed` names the attributes at fault."""
    headers = headers or {}
    content_type = properties.get("content_type")
    data = wire.json_object(body, content_type, properties.get("content_encoding"))
    attributes: dict[str, Any] = {
        name: _attribute(headers, name) for name in ("id", "type", "source", "subject", "time")
    }
    causation = None
    if "causation_ledger" in headers:
        causation = {
            "ledger": headers["causation_ledger"],
            "position": headers.get("causation_position"),
        }
    try:
        envelope = Envelope.model_validate(
            attributes
            | {
                "position": headers.get("position"),
                "previous": headers.get("previous"),
                "correlation_id": properties.get("correlation_id"),
                "causation": causation,
                "traceparent": headers.get("traceparent"),
                "data": data,
            }
        )
    except ValidationError as error:
        wrong = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
        raise wire.Malformed(f"attributes missing or wrong: {', '.join(wrong)}") from None
    if envelope.source != source:
        raise wire.Malformed(f"attribute wrong: source is not {source}")
    if not 0 <= envelope.previous < envelope.position:
        raise wire.Malformed("attributes wrong: not 0 <= previous < position")
    return envelope


def _attribute(headers: Mapping[str, Any], name: str) -> Any:
    return next((headers[p + name] for p in ACCEPTED_PREFIXES if p + name in headers), None)
