"""What messaging tells Prometheus; all in one place, so that names agree."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

CALL_SECONDS: Final = Histogram(
    "messaging_call_seconds", "Time to answer a remote call", ["service", "operation", "outcome"]
)
CALLS_UNANSWERABLE: Final = Counter(
    "messaging_calls_unanswerable", "Calls refused because they name no reply queue", ["service"]
)
RELAY_POSITION: Final = Gauge(
    "messaging_relay_position", "Last ledger position handed to the broker", ["service"]
)
RELAY_LAG: Final = Gauge(
    "messaging_relay_lag", "Ledger positions not yet handed to the broker", ["service"]
)
RELAY_FAILURES: Final = Counter(
    "messaging_relay_failures", "Batches the broker did not confirm", ["service"]
)
INBOX_POSITION: Final = Gauge(
    "messaging_inbox_position", "Last position dealt with", ["consumer", "publisher"]
)
INBOX_LAG: Final = Gauge(
    "messaging_inbox_lag",
    "Positions between the newest seen and the last dealt with",
    ["consumer", "publisher"],
)
INBOX_EVENTS: Final = Counter(
    "messaging_inbox_events",
    "Events by what became of them (applied, ignored, duplicate, parked)",
    ["consumer", "publisher", "fate"],
)
INBOX_GAPS: Final = Counter(
    "messaging_inbox_gaps", "Gaps closed from the publisher's feed", ["consumer", "publisher"]
)
PARKED: Final = Gauge("messaging_parked", "Messages waiting for an operator", ["consumer"])
