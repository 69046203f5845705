"""What all queries stand on: the read models, the clock, the rules, the record of reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.training.domain.rules import TrainingRules
from shared.eventstore.vault import Vault
from shared.runtime.views import Views


@dataclass(frozen=True)
class Reading:
    views: Views
    vault: Vault
    rules: TrainingRules
    now: Callable[[], datetime]
    """The time in Poland."""
