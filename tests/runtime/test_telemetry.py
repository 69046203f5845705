"""Traces: sent where they are configured to go, nowhere else."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from opentelemetry import propagate, trace
from shared.runtime.telemetry import configure_tracing
configure_tracing("registry", sys.argv[1] or None)
with trace.get_tracer("trial").start_as_current_span("record commit"):
    carrier = {}
    propagate.inject(carrier)
    print(carrier.get("traceparent"))
provider = trace.get_tracer_provider()
if sys.argv[1]:
    provider.shutdown()
"""


def traced(endpoint: str) -> str:
    """The traceparent inside a span of a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, endpoint],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.strip()


def test_spans_reach_the_collector() -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        traceparent = traced(f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
    ((path, body),) = received
    assert path == "/v1/traces"
    assert b"record commit" in body
    assert b"registry" in body
    assert bytes.fromhex(traceparent.split("-")[1]) in body


def test_without_a_collector_nothing_is_traced() -> None:
    assert traced("") == "None"
