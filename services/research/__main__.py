"""`python -m services.research serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("research")
