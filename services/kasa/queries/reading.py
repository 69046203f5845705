"""What all queries stand on: the read models, the clock, the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.kasa.domain.rules import KasaRules
from shared.runtime.views import Views


@dataclass(frozen=True)
class Reading:
    views: Views
    rules: KasaRules
    now: Callable[[], datetime]
    """The time in Poland."""

    def today(self) -> date:
        return self.now().date()
