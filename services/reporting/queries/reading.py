"""What all queries stand on: the read models, the vault, the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from shared.eventstore.reads import RecordRead
from shared.eventstore.vault import Vault
from shared.runtime.views import Views


@dataclass(frozen=True)
class Reading:
    views: Views
    vault: Vault
    now: Callable[[], datetime]
    """The time in Poland."""
    record_read: RecordRead

    def today(self) -> date:
        return self.now().date()
