"""`python -m services.kasa serve | follow | rebuild | verify`."""

from shared.runtime.entrypoints import run

run("kasa")
