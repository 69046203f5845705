"""`python -m services.training serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("training")
