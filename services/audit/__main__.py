"""`python -m services.audit serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("audit")
