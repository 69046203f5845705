"""What outsiders say of checkpoints is attached to them."""

from collections.abc import Sequence
from typing import Final

from services.audit.application import Audit
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from shared.contracts.audit import commands
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.eventstore.transparency.note import VerifierKey


class Anchoring:
    """`witnesses` are the keys that are trusted; without any, nothing can be attached."""

    def __init__(self, witnesses: Sequence[VerifierKey]) -> None:
        self._witnesses: Final = tuple(witnesses)

    def attach_cosignature(
        self, audit: Audit, command: commands.AttachCosignature, act: Act
    ) -> Receipt:
        checkpoint = audit.load(SignedCheckpoint, checkpoint_id(command.ledger, command.size))
        checkpoint.cosign(command.signature, self._witnesses, audit.today())
        return audit.commit(act, checkpoint)
