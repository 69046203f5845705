"""Research's ledger and what its commands stand on; one module per subject has the commands.

A command is a function `(research, command, act) → Receipt`: load, decide, commit.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from eventsourcing.utils import EnvType

from services.research.application.frames import Frames
from services.research.domain.rules import ResearchRules
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex, Vault
from shared.runtime.files import FileStore


class Research(LedgerApplication):
    name = "research"

    def __init__(
        self,
        env: EnvType,
        *,
        vault: Vault,
        index: BlindIndex,
        rules: ResearchRules,
        frames: Frames,
        files: FileStore,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(env, vault=vault, index=index)
        self.vault: Final = vault
        self.rules: Final = rules
        self.frames: Final = frames
        self.files: Final = files
        self.now: Final = now
        """The time in Poland."""

    def today(self) -> date:
        """The day in Poland."""
        return self.now().date()
