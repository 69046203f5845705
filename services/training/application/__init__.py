"""Training's ledger and what its commands stand on; one module per subject has the commands.

A command is a function `(training, command, act) → Receipt`: load, decide, commit.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from eventsourcing.utils import EnvType

from services.training.domain.rules import TrainingRules
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex, Vault


class Training(LedgerApplication):
    name = "training"

    def __init__(
        self,
        env: EnvType,
        *,
        vault: Vault,
        index: BlindIndex,
        rules: TrainingRules,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(env, vault=vault, index=index)
        self.rules: Final = rules
        self.now: Final = now
        """The time in Poland."""

    def today(self) -> date:
        """The day in Poland."""
        return self.now().date()
