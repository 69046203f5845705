"""Starting a service's processes: `serve` answers calls, `follow` reads the ledger.

`python -m services.NAME serve` runs one service, as in production; `python -m
shared.runtime.entrypoints serve [NAME…]` runs several in one process, as in development (all
that are found, when none is named).

`serve` runs on eventlet, which must patch the standard library before anything else is imported.
That is why this module imports next to nothing at its top.
"""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

SERVICES = Path("services")
PARKED = "parked"
BAD_SETTINGS = 2
"""Exit status when the process cannot start as it is configured."""


def run(service: str) -> None:
    """The command line of one service; ends the process."""
    sys.exit(_run([service], sys.argv[1:]))


def discover() -> list[str]:
    """The services of this checkout: every folder under `services/` that can be run."""
    return sorted(path.parent.name for path in SERVICES.glob("*/__main__.py"))


def _run(services: list[str], arguments: Sequence[str]) -> int:
    parser = _parser(services)
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command != PARKED:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    names: list[str] = services or chosen.services or discover()
    if chosen.command == "serve":
        _patch()
    from shared.runtime.settings import Unconfigured  # noqa: PLC0415  # after patching

    try:
        return _start(chosen, names, rest)
    except Unconfigured as error:
        print(f"{' '.join(names)}: cannot start:\n{error}", file=sys.stderr)  # noqa: T201
        return BAD_SETTINGS


def _start(chosen: argparse.Namespace, services: list[str], rest: list[str]) -> int:
    match chosen.command:
        case "serve":
            from shared.runtime import serve  # noqa: PLC0415

            return serve.main(services)
        case "follow":
            from shared.runtime import follow  # noqa: PLC0415

            return follow.main(services)
        case command if command == PARKED:
            from shared.runtime import parked  # noqa: PLC0415

            return parked.main(services[0], rest)
        case command:
            from shared.runtime import rebuild  # noqa: PLC0415

            (service,) = services
            return rebuild.main(service, command, chosen.projections)


def _parser(services: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=" ".join(services) or "services")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in (
        ("serve", "answer remote calls and react to events"),
        ("follow", "project the ledger, publish it, run jobs"),
    ):
        command = commands.add_parser(name, help=meaning)
        if not services:
            command.add_argument("services", nargs="*", metavar="SERVICE")
    if services:
        for name, meaning in (
            ("rebuild", "make read models anew from the whole ledger, then swap them in"),
            ("verify", "compare read models with ones made anew; differing ones are named"),
        ):
            command = commands.add_parser(name, help=meaning)
            command.add_argument("projections", nargs="*", metavar="PROJECTION")
        meaning = "list, replay or discard messages that could not be dealt with"
        commands.add_parser(PARKED, help=meaning, add_help=False)
    return parser


def _patch() -> None:
    """Make the standard library cooperative, with DNS left as it is (pymongo breaks on green DNS)."""
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"
    with warnings.catch_warnings(record=True):
        # It announces its retirement whatever the filters say; the decision about it is taken.
        import eventlet  # noqa: PLC0415

    eventlet.monkey_patch()


if __name__ == "__main__":
    sys.exit(_run([], sys.argv[1:]))
