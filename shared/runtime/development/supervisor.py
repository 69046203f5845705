"""Starts the platform part by part, watches it, and stops it in the opposite order."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from shared.runtime.development import identity
from shared.runtime.development.binaries import provide_mongod, provide_rabbitmq
from shared.runtime.development.identity import DevelopmentIdentity
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.platform import CHILD_GRACE, Platform, State, base_environment
from shared.runtime.development.processes import MARKER, Child
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.development.servers import Server, free_ports, is_free
from shared.runtime.entrypoints import discover
from shared.runtime.needs import Needs
from shared.runtime.provision import Administrator, provision

READY_LIMIT = 90.0
DEMO_LIMIT = 600.0
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
PORTS = ("gateway", "serve", "follow")

Report = Callable[[str], None]


class Failed(Exception):
    """A part did not start or ended by itself; the message names it, why, and its log."""


class Interrupted(Exception):
    """Somebody asked for the end."""


@dataclass(frozen=True)
class Program:
    """One of our processes; ready when its health address says so."""

    name: str
    module: tuple[str, ...]
    port: int
    environment: dict[str, str]


class Supervisor:
    """Runs in a process of its own; `run` returns when all is stopped again."""

    def __init__(self, platform: Platform, report: Report) -> None:
        self._platform = platform
        self._report = report
        self._state = State(supervisor=os.environ[MARKER])
        self._servers: list[Server] = []
        self._programs: dict[str, Child] = {}

    def run(self, *, with_demo: bool) -> bool:
        """Start everything, wait for SIGTERM, stop everything; whether that is how it ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)
        self._platform.save(self._state)
        try:
            self._start(with_demo=with_demo)
            self._watch()
        except Interrupted:
            pass
        except Exception as error:
            self._state.failure = str(error) or type(error).__name__
            self._report(f"failed: {self._state.failure}")
        finally:
            self._stop()
        return not self._state.failure

    def _start(self, *, with_demo: bool) -> None:
        began = time.monotonic()
        administrator = self._provide_servers()
        services = discover()
        provision(self._platform.settings, services, administrator, self._say("provisioning"))
        for program in self._plan():
            self._launch(program)
        for program in self._plan():
            self._await_ready(program)
        self._report(f"ready after {time.monotonic() - began:.1f} s")
        if with_demo and not self._platform.demo_marker.exists():
            self._play_demo()
        self._state.ready = True
        self._platform.save(self._state)

    def _provide_servers(self) -> Administrator:
        """Start our own servers side by side, except where the environment names others."""
        mongodb_uri, amqp_uri = os.environ.get("MONGODB_URI"), os.environ.get("AMQP_URI")
        mongodb = broker = None
        if not mongodb_uri:
            binary = provide_mongod(self._say("MongoDB"))
            mongodb = MongoServer(self._platform.mongodb, binary)
            self._servers.append(mongodb)
        if not amqp_uri:
            binary = provide_rabbitmq(self._say("RabbitMQ"))
            broker = BrokerServer(self._platform.rabbitmq, binary)
            self._servers.append(broker)
        for server in self._servers:
            self._report(f"{server.part}: starting")
            server.launch()
        for server in self._servers:
            server.wait_ready(self._say(server.part))
            self._report(f"{server.part}: ready")
        if broker:
            self._state.addresses["RabbitMQ console"] = broker.console
        return Administrator(
            mongodb_uri or (mongodb.uri if mongodb else ""),
            amqp_uri or (broker.uri if broker else ""),
            broker.management_url if broker else _management_url(str(amqp_uri)),
        )

    def _plan(self) -> list[Program]:
        ports = self._ports()
        provider = DevelopmentIdentity(self._platform.identity)
        common = {
            "SETTINGS_DIR": str(self._platform.settings),
            "LOG_FORMAT": "console",
            "IDENTITY_ISSUER": identity.ISSUER,
            "IDENTITY_AUDIENCE": identity.AUDIENCE,
            "IDENTITY_JWKS": str(provider.key_set),
        }
        gateway = {"GATEWAY_HOST": "127.0.0.1", "GATEWAY_PORT": str(ports["gateway"])}
        address = f"http://127.0.0.1:{ports['gateway']}"
        self._state.addresses["Gateway"] = address
        common |= {
            f"{name.upper()}_VERIFICATION_URL": f"{address}/verify"
            for name in discover()
            if Needs.of(name).verification
        }
        common |= {
            f"{name.upper()}_FORM_URL": f"{address}/ask"
            for name in discover()
            if Needs.of(name).forms
        }
        common |= {
            f"{name.upper()}_CHECKPOINTS_FOLDER": str(self._platform.folder / "checkpoints")
            for name in discover()
            if Needs.of(name).signing
        }
        runner = "shared.runtime.entrypoints"
        return [
            Program("serve", (runner, "serve"), ports["serve"], common),
            Program("follow", (runner, "follow"), ports["follow"], common),
            Program("gateway", ("gateway",), ports["gateway"], common | gateway),
        ]

    def _launch(self, program: Program) -> None:
        self._report(f"{program.name}: starting")
        environment = base_environment() | program.environment
        child = Child.spawn(
            [sys.executable, "-m", *program.module],
            env=environment | {"HEALTH_PORT": str(program.port)},
            cwd=Path.cwd(),
            log=self._log_of(program.name),
        )
        self._programs[program.name] = child
        self._state.children[program.name] = child.marker
        self._platform.save(self._state)

    def _await_ready(self, program: Program) -> None:
        url = f"http://127.0.0.1:{program.port}/health/ready"
        end = time.monotonic() + READY_LIMIT
        said = missing = ""
        while time.monotonic() < end:
            self._check_alive()
            try:
                answer = httpx.get(url, timeout=5)
                if answer.is_success:
                    self._report(f"{program.name}: ready")
                    return
                missing = _missing(answer)
            except httpx.TransportError:
                missing = "does not answer yet"
            if missing != said:
                self._report(f"{program.name}: {missing}")
                said = missing
            time.sleep(0.1)
        log = self._log_of(program.name)
        raise Failed(f"{program.name}: not ready after {READY_LIMIT:.0f} s: {missing} (log: {log})")

    def _watch(self) -> None:
        while True:
            self._check_alive()
            time.sleep(0.5)

    def _check_alive(self) -> None:
        for name, child in self._programs.items():
            if not child.alive:
                log = self._log_of(name)
                code = child.popen.returncode if child.popen else None
                raise Failed(f"{name}: {_ending(code, log)} (log: {log})")
        for server in self._servers:
            if not server.running:
                raise Failed(f"{server.part}: ended by itself (log: {server.log})")

    def _play_demo(self) -> None:
        self._report("demo: playing the partnership through the gateway (once)")
        log = self._log_of("demo")
        environment = base_environment() | {
            "GATEWAY_URL": self._state.addresses["Gateway"],
            "IDENTITY_FOLDER": str(self._platform.identity),
        }
        start = log.stat().st_size if log.exists() else 0
        child = Child.spawn(
            [sys.executable, "-m", "demo"], env=environment, cwd=Path.cwd(), log=log
        )
        self._state.children["demo"] = child.marker
        self._platform.save(self._state)
        try:
            code = child.popen.wait(DEMO_LIMIT) if child.popen else 0
        except subprocess.TimeoutExpired:
            raise Failed(f"demo: not done after {DEMO_LIMIT:.0f} s (log: {log})") from None
        finally:
            child.stop(grace=2)
        if code:
            raise Failed(f"demo: {_ending(code, log)} (log: {log})")
        self._state.demo = log.read_text()[start:]
        self._platform.demo_marker.touch()

    def _stop(self) -> None:
        """Ask the outermost part first, so that nothing loses what it depends on; where that is lost
        already, everybody waits for it in vain, and all at once.
        """
        _ignore_signals()
        self._state.ready, self._state.stopping = False, True
        self._platform.save(self._state)
        intact = all(server.running for server in self._servers)
        with ThreadPoolExecutor(1 if intact else len(PORTS)) as in_turn:
            for name, child in reversed(self._programs.items()):
                in_turn.submit(self._stop_program, name, child)
        with ThreadPoolExecutor() as side_by_side:
            for server in self._servers:
                self._report(f"{server.part}: stopping")
                side_by_side.submit(server.stop)
        self._report("stopped")

    def _stop_program(self, name: str, child: Child) -> None:
        self._report(f"{name}: stopping")
        child.stop(CHILD_GRACE)

    def _ports(self) -> dict[str, int]:
        """The remembered ports of our processes; fresh ones for those taken by somebody else."""
        path = self._platform.ports
        known = json.loads(path.read_text()) if path.exists() else {}
        if not self._programs and not all(is_free(known.get(name, 0)) for name in PORTS):
            known = {}
        if not known:
            known = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
            path.write_text(json.dumps(known))
        return {name: int(known[name]) for name in PORTS}

    def _log_of(self, name: str) -> Path:
        return self._platform.logs / f"{name}.log"

    def _say(self, part: str) -> Report:
        return lambda text: self._report(f"{part}: {text}")


def _interrupt(_number: int, _frame: object) -> None:
    _ignore_signals()
    raise Interrupted


def _ignore_signals() -> None:
    """Once is enough: the stop itself is not interrupted."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _management_url(amqp_uri: str) -> str:
    """Of a broker that the environment names: `AMQP_MANAGEMENT_URL`, else the usual port."""
    server = urlsplit(amqp_uri)
    login = server.netloc.rpartition("@")[0] or "guest:guest"
    return os.environ.get("AMQP_MANAGEMENT_URL") or f"http://{login}@{server.hostname}:15672"


def _missing(answer: httpx.Response) -> str:
    """What a health page says is not ready, by part."""
    try:
        return ", ".join(f"{part} {why}" for part, why in answer.json()["missing"].items())
    except (ValueError, KeyError, AttributeError):
        return answer.text[:200]


def _ending(code: int | None, log: Path) -> str:
    """How a process ended: who was killed could say nothing about it, others said it last."""
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    lines = COLOURS.sub("", log.read_text(errors="replace")).strip().splitlines()
    return f"ended with code {code}: {lines[-1].strip()[:300] if lines else 'it said nothing'}"
