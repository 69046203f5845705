"""Logs: one JSON object per line in production, colours in development, nobody's personal data.

Code logs events with codes and ids through structlog; what libraries say through the standard
library comes out the same way. The redaction is a net under the rule that nothing personal is
logged, not the rule itself.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

REDACTED: Final = "[redacted]"
FRAMES: Final = 8
"""Innermost frames of a traceback that are written."""

PERSONAL_KEYS: Final = frozenset(
    {
        *(
            "address",
            "birth_date",
            "born_on",
            "city",
            "email",
            "e_mail",
            "family_name",
            "first_name",
        ),
        *("given_name", "health", "house_number", "identity", "last_name", "monitoring", "name"),
        *(
            "note",
            "other_id",
            "personal",
            "pesel",
            "phone",
            "postal_code",
            "reason_text",
            "special",
        ),
        *("street", "surname", "justification", "payload", "body"),
        *("authorization", "cookie", "password", "secret", "token", "master_key"),
    }
)
"""Keys whose values are never written, whatever they hold; credentials are among them."""

_PESEL: Final = re.compile(r"(?<![0-9A-Za-z])\d{11}(?![0-9A-Za-z])")
"""Eleven digits that stand alone, so that ids in hexadecimal stay readable."""
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PASSWORD_IN_URI: Final = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_TOKEN: Final = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


def configure_logging(log_format: str, level: str) -> None:
    """Set up structlog and the standard library's logging; once per process.

    `log_format` is `json` or `console`, `level` a name of the standard library in any case.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.stdlib.ExtraAdder(),
                *shared,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_exceptions(log_format),
                redact,
                *_rendered(log_format),
            ],
        )
    )
    logging.raiseExceptions = False  # a line that fails must not be printed raw instead
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("pymongo", "amqp", "kombu", "aiormq", "aio_pika", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


@contextmanager
def unit_of_work(**context: object) -> Iterator[None]:
    """Bind what every log line inside shall carry (service, correlation id, actor), and only that."""
    structlog.contextvars.clear_contextvars()
    with structlog.contextvars.bound_contextvars(**context):
        yield


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Processor: cover what is personal or secret by its key or by its look."""
    for key, value in event.items():
        event[key] = _covered(key, value)
    return event


def _covered(key: str, value: Any) -> Any:
    if key.lower() in PERSONAL_KEYS:
        return REDACTED
    if isinstance(value, str):
        return _covered_text(value)
    if isinstance(value, Mapping):
        return {inner: _covered(str(inner), content) for inner, content in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_covered("", item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    covered = _covered_text(str(value))
    return value if covered == str(value) else covered


def _covered_text(text: str) -> str:
    text = _PASSWORD_IN_URI.sub(rf"\1:{REDACTED}@", text)
    text = _TOKEN.sub(REDACTED, text)
    text = _EMAIL.sub(REDACTED, text)
    return _PESEL.sub(REDACTED, text)


def name_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Processor: what was raised and where, without its text, which may quote people.

    Errors of the operating system keep theirs: they name files, addresses and nothing else.
    """
    if error := _raised(event.pop("exc_info", None)):
        event["exception"] = [_named(link) for link in _chain(error)]
    return event


def _raised(info: Any) -> BaseException | None:
    """The exception in what the standard library calls `exc_info`: true, a tuple or itself."""
    if isinstance(info, BaseException):
        return info
    found: BaseException | None = (info if isinstance(info, tuple) else sys.exc_info())[1]
    return found if info else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _named(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    named: dict[str, object] = {
        "type": type(error).__qualname__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    return named | {"says": str(error)} if isinstance(error, OSError) else named


def _exceptions(log_format: str) -> list[Processor]:
    return [structlog.processors.format_exc_info if log_format == "console" else name_exception]


def _rendered(log_format: str) -> list[Processor]:
    if log_format == "console":
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.JSONRenderer()]
