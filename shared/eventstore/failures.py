"""Which failures of the database may pass, and how callers see those that do not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eventsourcing.persistence import DatabaseError, OperationalError
from pymongo.errors import (
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
)

_PASSING_CODES: Final = frozenset(
    # Retryable codes of the MongoDB specification "Retryable Writes", and 50 (time limit
    # exceeded), 64 (write concern failed), 100 (write concern cannot be satisfied at present).
    {6, 7, 50, 64, 89, 91, 100, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436}
)


def passing_code(code: object) -> bool:
    return code in _PASSING_CODES


def passing(error: PyMongoError) -> bool:
    """Whether the same call may succeed later: the connection, an election, a time limit."""
    if isinstance(error, OperationFailure) and not isinstance(error, ExecutionTimeout):
        return passing_code(error.code)
    return isinstance(error, ConnectionFailure | WaitQueueTimeoutError | ExecutionTimeout)


@contextmanager
def as_persistence_errors() -> Iterator[None]:
    """The library's exceptions instead of the driver's."""
    try:
        yield
    except PyMongoError as error:
        kind = OperationalError if passing(error) else DatabaseError
        raise kind(f"{type(error).__name__}: {error}") from error
