"""Kasa's ledger and what its commands stand on; one module per subject has the commands.

A command is a function `(kasa, command, act) → Receipt`: load, decide, commit.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar, Final

from eventsourcing.utils import EnvType

from services.kasa.domain.fund import Fund
from services.kasa.domain.rules import KasaRules
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex
from shared.kernel.aggregate import Aggregate


class Kasa(LedgerApplication):
    name = "kasa"
    snapshotting_intervals: ClassVar[dict[type[Aggregate], int]] = {Fund: 200}

    def __init__(
        self,
        env: EnvType,
        *,
        index: BlindIndex,
        rules: KasaRules,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(env, vault=None, index=index)
        self.rules: Final = rules
        self.now: Final = now
        """The time in Poland."""

    def today(self) -> date:
        """The day in Poland."""
        return self.now().date()
