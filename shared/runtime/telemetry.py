"""Traces across request, call, commit, message and reaction; nothing leaves unless it is configured.

Code takes `opentelemetry.trace.get_tracer(__name__)` and the propagators directly. What is set up
here decides where spans go.
"""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

EXPORT_SECONDS = 5


def configure_tracing(process: str, endpoint: str | None) -> None:
    """Send the spans of this process to an OTLP collector; without an endpoint spans cost nothing."""
    if endpoint is not None:
        address = endpoint.rstrip("/") + "/v1/traces"
        export_spans(process, OTLPSpanExporter(address, timeout=EXPORT_SECONDS))


def export_spans(process: str, exporter: SpanExporter) -> None:
    """Hand every finished span to `exporter`. Spans carry codes and ids only, as logs do."""
    provider = TracerProvider(resource=Resource.create({"service.name": process}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
