"""The commands of ``./dev``."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from shared.contracts.access import Role
from shared.runtime.development.binaries import provide_mongod, provide_rabbitmq
from shared.runtime.development.identity import LOGINS, PARTNER, DevelopmentIdentity
from shared.runtime.development.platform import Platform, State, base_environment, swept
from shared.runtime.development.processes import Child
from shared.runtime.development.supervisor import Supervisor

ROOT = Path.cwd()
PLATFORM = Platform(ROOT / ".dev")
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
CHECKS = [
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy"],
    ["lint-imports"],
    ["python", "-m", "shared.contracts.catalogue", "--check"],
]

app = typer.Typer(
    name="dev", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)
console = Console(highlight=False)


@app.command()
def up(
    *,
    detach: Annotated[bool, typer.Option("--detach", help="Return when all is ready.")] = False,
    demo: Annotated[bool, typer.Option(help="Load the demo partnership, once.")] = True,
) -> None:
    """Start everything: database, broker, services, gateway; Ctrl-C stops it."""
    running = PLATFORM.running()
    if running and not running.stopping:
        console.print("already up" if running.ready else "already starting")
        _show(running)
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if running:
        console.print("waiting until what stops has stopped")
    PLATFORM.stop()  # also what a killed supervisor may have left
    supervisor = _launch_supervisor(with_demo=demo)
    try:
        state = _follow_start(supervisor)
        if detach:
            return
        console.print("Ctrl-C stops everything.")
        while supervisor.alive:
            time.sleep(0.3)
        _fail(state)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        console.print("stopping")
        PLATFORM.stop()
        console.print("stopped; nothing is left running")


@app.command()
def down(
    *, wipe: Annotated[bool, typer.Option("--wipe", help="Forget the data too.")] = False
) -> None:
    """Stop everything that `up` started in this checkout."""
    console.print("stopped" if PLATFORM.stop() else "nothing was running")
    if wipe:
        PLATFORM.wipe()
        console.print("data forgotten")


@app.command(hidden=True)
def supervise(*, demo: bool = True) -> None:
    """Run the platform until SIGTERM (started by `up`)."""
    done = Supervisor(PLATFORM, report=lambda text: print(text, flush=True)).run(with_demo=demo)
    raise typer.Exit(0 if done else 1)


@app.command()
def status() -> None:
    """What runs, where, and where its log is."""
    state = PLATFORM.running()
    console.print(state.phase if state else "down")
    if state and not state.stopping:
        _show(state)
    if (last := PLATFORM.load()) and last.failure:
        console.print(f"failed: {last.failure}", markup=False, soft_wrap=True)
    logs = Table("part", "log", box=None, header_style="bold")
    for part, path in PLATFORM.log_files().items():
        logs.add_row(part, str(path.relative_to(ROOT)))
    console.print(logs)


@app.command()
def logs(
    part: Annotated[str | None, typer.Argument(help="serve, follow, gateway, mongodb …")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as it grows.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1)] = 40,
) -> None:
    """Show the last lines of one log, or of all."""
    files = PLATFORM.log_files()
    if part is not None and part not in files:
        raise typer.BadParameter(f"no log of {part!r}; there are: {', '.join(files) or 'none'}")
    chosen = [str(path) for name, path in files.items() if part in (None, name)]
    if chosen:
        tail = ["tail", f"--lines={lines}", *(["--follow"] if follow else []), *chosen]
        raise typer.Exit(_run(tail, base_environment()))


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Run the test suite on throw-away servers; arguments go to pytest."""
    raise typer.Exit(_run_pytest(context.args))


@app.command(context_settings=PASS_ON)
def faults(context: typer.Context) -> None:
    """Run the fault tests: servers and processes killed at random."""
    raise typer.Exit(_run_pytest(["tests/faults", *context.args]))


@app.command(context_settings=PASS_ON)
def bench(context: typer.Context, name: str) -> None:
    """Run tests/benchmarks/bench_NAME.py; further arguments go to it."""
    folder = ROOT / "tests" / "benchmarks"
    if not (folder / f"bench_{name}.py").exists():
        known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
        raise typer.BadParameter(f"no benchmark {name!r}; there are: {', '.join(known) or 'none'}")
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}", *context.args]
    with _test_folder() as data:
        raise typer.Exit(_run(command, base_environment() | {"TEST_FOLDER": str(data)}))


@app.command()
def check() -> None:
    """Format, lint, types, imports, generated documents: all must be in order."""
    environment = base_environment()
    programs = str(Path(sys.executable).parent)
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    failed = []
    for command in CHECKS:
        console.rule(" ".join(command), align="left")
        if _run(command, environment):
            failed.append(" ".join(command))
    console.rule(align="left")
    console.print(f"failed: {'; '.join(failed)}" if failed else "all in order")
    raise typer.Exit(1 if failed else 0)


@app.command()
def token(
    role: Annotated[Role, typer.Argument(help="the role to act in")],
    partner: Annotated[str, typer.Option(help="the partner to act for")] = PARTNER,
) -> None:
    """Print a bearer token of the development identity provider, for curl."""
    print(DevelopmentIdentity(PLATFORM.identity).token(role, partner=partner))


def _launch_supervisor(*, with_demo: bool) -> Child:
    PLATFORM.folder.mkdir(exist_ok=True, mode=0o700)
    PLATFORM.progress_log.parent.mkdir(exist_ok=True)
    PLATFORM.progress_log.unlink(missing_ok=True)
    option = "--demo" if with_demo else "--no-demo"
    child = Child.spawn(
        [sys.executable, "-m", "shared.runtime.development", "supervise", option],
        env=base_environment(),
        cwd=ROOT,
        log=PLATFORM.progress_log,
    )
    PLATFORM.save(State(supervisor=child.marker))
    return child


def _follow_start(supervisor: Child) -> State:
    """Show the supervisor's progress until all is ready; its state. Exits when it failed."""
    with PLATFORM.progress_log.open() as progress:
        while True:
            alive = supervisor.alive
            for line in progress:
                console.print(f"  {line.rstrip()}", markup=False, soft_wrap=True)
            state = PLATFORM.load()
            if state and state.ready:
                console.print(state.demo, markup=False, soft_wrap=True)
                _show(state)
                return state
            if not alive:
                _fail(state)
            time.sleep(0.1)


def _fail(state: State | None) -> None:
    current = PLATFORM.load() or state
    reason = current.failure if current and current.failure else "the supervisor ended"
    PLATFORM.stop()
    console.print(f"[bold red]not up[/]: {reason}\nall logs: ./dev logs", soft_wrap=True)
    raise typer.Exit(1)


def _show(state: State) -> None:
    for name, address in state.addresses.items():
        console.print(f"{name}: [bold]{address}[/]", soft_wrap=True)
    logins = Table("log in as", "role", "token for curl", box=None, header_style="bold")
    for role, name in LOGINS.items():
        logins.add_row(name, role.value, f"./dev token {role.value}")
    console.print(logins)
    if note := _latest_checkpoint(state):
        console.print(f"latest checkpoint (docs/audit.md):\n{note}", markup=False, soft_wrap=True)


def _latest_checkpoint(state: State) -> str:
    """Of the audit's own log, which fixes all others; nothing where none was signed yet."""
    try:
        answer = httpx.get(f"{state.addresses['Gateway']}/audit/checkpoints/audit", timeout=5)
    except httpx.HTTPError:
        return ""
    return answer.text.rstrip() if answer.is_success else ""


def _run_pytest(arguments: list[str]) -> int:
    with _test_folder() as folder:
        temporary = f"--basetemp={folder / 'tmp'}"
        command = [sys.executable, "-m", "pytest", temporary, *arguments]
        return _run(command, base_environment() | {"TEST_FOLDER": str(folder)})


@contextmanager
def _test_folder() -> Iterator[Path]:
    """A folder for one run's servers, whose programs are at hand; afterwards none of them runs."""
    provide_mongod(console.print)
    provide_rabbitmq(console.print)
    base = PLATFORM.folder / "test"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
    with swept(folder):
        yield folder


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Its exit code; Ctrl-C reaches it too, and we wait for what it makes of it."""
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
