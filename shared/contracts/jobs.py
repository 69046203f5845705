"""What every service tells of its jobs: that one was started, and how an import stands."""

from typing import Literal
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.rows import RowError


class JobStarted(Published):
    id: UUID


class FileImport(Published):
    """An import of a file. Rows count as a person counts them in the file."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    dry_run: bool
    rows: int
    """Found so far; all of them once they were checked."""
    rejected: int
    errors: tuple[RowError, ...]
    """The first errors, at most one hundred."""
    failure: str | None = None


class RowsImport(FileImport):
    """An import of rows that are recorded one by one."""

    mode: Literal["all_or_nothing", "good_rows"]
    processed: int
    """Rows done in this stage; it begins again with the next stage, else it only grows."""
