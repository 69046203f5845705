"""`python -m services.registry serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("registry")
