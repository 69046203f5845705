"""``python -m shared.runtime.provision secrets|apply FOLDER``: see the package."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from shared.runtime.entrypoints import discover
from shared.runtime.needs import NeedsUnclear
from shared.runtime.provision import Administrator, SettingsMissing, apply_settings
from shared.runtime.provision.containers import write_secrets
from shared.runtime.provision.settings import KeyAbandoned

app = typer.Typer(add_completion=False, help=__doc__)


@app.callback()
def main() -> None:
    """Prepare the database and the broker for the services."""


@app.command()
def apply(folder: Annotated[Path, typer.Argument(help="folder of the settings files")]) -> None:
    """Create the users, rights, collections and exchanges that the settings files name."""
    with _refusals():
        apply_settings(folder, discover(), Administrator.load(folder), report=print)


@app.command("secrets")
def make_secrets(folder: Annotated[Path, typer.Argument(help="folder to write to")]) -> None:
    """Write the secret files that docker-compose.yml mounts; existing passwords stay."""
    with _refusals():
        write_secrets(folder, discover())


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (SettingsMissing, KeyAbandoned, NeedsUnclear) as error:
        print(f"cannot provision: {error}", file=sys.stderr)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app()
