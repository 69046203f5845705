"""Public events of the audit; `subject` is the log."""

from typing import ClassVar

from shared.contracts.audit.vocabulary import Fault
from shared.contracts.events import PublicEvent


class CheckpointSigned(PublicEvent):
    """The head of a log was signed; `note` is the whole checkpoint (C2SP tlog-checkpoint)."""

    TYPE: ClassVar[str] = "audit.checkpoint_signed.v1"

    ledger: str
    origin: str
    size: int
    root: str
    """Base64."""
    note: str


class LogRefused(PublicEvent):
    """A ledger is not what was signed of it; nothing of it is signed any more."""

    TYPE: ClassVar[str] = "audit.log_refused.v1"

    ledger: str
    fault: Fault
    position: int
    size: int
    """Of the last head."""
