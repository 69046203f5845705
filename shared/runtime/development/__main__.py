"""What ``./dev`` hands over to."""

from shared.runtime.development.cli import app

app(prog_name="./dev")
