"""Whether a process lives and whether it is ready, for those who run it, and its metrics.

`GET /health/live` answers as long as the process can answer. `GET /health/ready` is 200 when every
check passes, else 503 with what is missing; either way with the details that parts have to tell.
`GET /metrics` is Prometheus text. Nothing here tells anything about people, so nobody is asked who
they are; the page listens where operators say.
"""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

log = structlog.get_logger(__name__)

Check = Callable[[], str | None]
"""Why something is not ready, or None when it is. Cheap, because probes come every second."""

Detail = Callable[[], Mapping[str, Any]]
"""What an operator may want to know besides (JSON); empty when there is nothing. As cheap."""

READ_SECONDS: Final = 5.0
JSON: Final = "application/json"


class Health:
    """The checks of one process by name; registered at start, asked by every probe."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._details: dict[str, Detail] = {}
        self._server: ThreadingHTTPServer | None = None

    def check(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def detail(self, name: str, detail: Detail) -> None:
        self._details[name] = detail

    def missing(self) -> dict[str, str]:
        """What is not ready and why."""
        reasons = {name: _reason(check) for name, check in self._checks.items()}
        return {name: reason for name, reason in reasons.items() if reason is not None}

    def details(self) -> dict[str, Mapping[str, Any]]:
        told = {name: detail() for name, detail in self._details.items()}
        return {name: detail for name, detail in told.items() if detail}

    def serve(self, host: str, port: int) -> int:
        """Answer in the background, in a thread (a greenlet where patched); the port taken."""
        server = ThreadingHTTPServer((host, port), _page(self))
        server.daemon_threads = True
        self._server = server
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        taken = int(server.server_address[1])
        log.info("health_page", page=f"http://{host}:{taken}/health/ready")
        return taken

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _reason(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:
        return type(error).__name__


def _status(health: Health) -> dict[str, Any]:
    missing, details = health.missing(), health.details()
    return (
        {"status": "not ready" if missing else "ready"}
        | ({"missing": missing} if missing else {})
        | ({"details": details} if details else {})
    )


def _page(health: Health) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        timeout = READ_SECONDS
        server_version = "health"
        sys_version = ""

        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/health/live":
                    self._answer(200, JSON, b'{"status":"live"}')
                case "/health/ready":
                    status = _status(health)
                    ready = "missing" not in status
                    self._answer(200 if ready else 503, JSON, json.dumps(status).encode())
                case "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
                case _:
                    self._answer(404, JSON, b'{"status":"unknown path"}')

        def _answer(self, status: int, content_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Probes come every second."""

    return Page
