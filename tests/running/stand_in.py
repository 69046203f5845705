"""Stands in for the programs of the platform: ready after a moment, ends as the environment says."""

import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    """Answers every question with yes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"yes")


def end(*_: object) -> None:
    """Say when it was asked and when it ended, by the clock that all processes share."""
    print("asked", time.monotonic())
    time.sleep(float(os.environ.get("STAND_IN_LINGERS", "0")))
    print("ended", time.monotonic())
    sys.exit(0)


def main() -> None:
    signal.signal(signal.SIGTERM, end)
    if os.environ.get("STAND_IN_BREAKS") in sys.argv:
        sys.exit("the stand-in breaks as told")
    server = HTTPServer(("127.0.0.1", int(os.environ["HEALTH_PORT"])), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.pause()


if __name__ == "__main__":
    main()
