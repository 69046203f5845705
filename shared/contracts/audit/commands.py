"""Commands of the audit."""

from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.audit.vocabulary import Ledger, TreeSize
from shared.contracts.model import Published


class AttachCosignature(Published):
    """A witness saw the checkpoint, and none before it that contradicts it."""

    ledger: Ledger
    size: TreeSize
    signature: Annotated[str, StringConstraints(pattern=r"^— [^\x00-\x1f]+$", max_length=500)]
    """The line that the witness adds to the note (C2SP tlog-cosignature)."""
