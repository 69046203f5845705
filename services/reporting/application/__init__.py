"""Reporting's ledger and what its commands stand on; one module per subject has the commands.

A command is a function `(reporting, command, act) → Receipt`: load, decide, commit.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from eventsourcing.utils import EnvType

from services.reporting.application.sets import Sets
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex, Vault


class Reporting(LedgerApplication):
    name = "reporting"

    def __init__(
        self,
        env: EnvType,
        *,
        vault: Vault,
        index: BlindIndex,
        sets: Sets,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(env, vault=vault, index=index)
        self.sets: Final = sets
        self.now: Final = now
        """The time in Poland."""

    def today(self) -> date:
        """The day in Poland."""
        return self.now().date()
