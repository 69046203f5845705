"""Words of the audit."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from shared.contracts.operations import LAST_POSITION

Ledger = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""The service whose ledger it is."""
Position = Annotated[int, Field(ge=1, le=LAST_POSITION)]
"""Of an event, from 1; its leaf's index is one less."""
TreeSize = Annotated[int, Field(ge=1, le=LAST_POSITION)]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=20_000)]
Hash = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""SHA-256, base64."""
WIDTH: Final = 256
"""Hashes of a full tile."""


class Fault(StrEnum):
    """Why a ledger, or what tells of it, is not what was signed."""

    MISSING = "missing"
    """No event stands at the position."""
    INSERTED = "inserted"
    """A commit begins at a position that another one has already."""
    UNREADABLE = "unreadable"
    """The commit is not one that this platform writes."""
    CHANGED = "changed"
    """Another event stands there than the one that was signed."""
    SHORTER = "shorter"
    """The ledger ends before the position, which was signed: rolled back or cut off."""
    FORKED = "forked"
    """The ledger does not lead to a checkpoint that was published."""
    ROOT = "root"
    """The events up to a recorded head do not hash to its root; none of them could be singled out."""
    VERSION = "version"
    """The event is not the next one of its stream."""
    CAUSE = "cause"
    """What is said to have caused the event does not exist, or came after it."""
    HEAD = "head"
    """Heads of the log do not grow, or a checkpoint is of none of them."""
    SIGNATURE = "signature"
    """A checkpoint is not signed by this log's key."""
    TILES = "tiles"
    """The stored tree is not that of the events; it can be made anew from them."""
