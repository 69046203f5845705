"""`python -m services.reporting serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("reporting")
