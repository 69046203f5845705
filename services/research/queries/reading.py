"""What all queries stand on: the read models, the vault, the clock, the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.research.domain.reach import reaches_all, reaches_all_participants
from services.research.domain.rules import ResearchRules
from shared.contracts.operations import Caller
from shared.eventstore.vault import Vault
from shared.runtime.views import Document, Views


@dataclass(frozen=True)
class Reading:
    views: Views
    vault: Vault
    rules: ResearchRules
    now: Callable[[], datetime]
    """The time in Poland."""

    def today(self) -> date:
        return self.now().date()


def in_reach(caller: Caller) -> Document:
    """The part of a query that keeps it within the caller's reach."""
    return {} if reaches_all(caller) else {"partner": caller.partner}


def of_participants_in_reach(caller: Caller) -> Document:
    """The same of what is about participants."""
    return {} if reaches_all_participants(caller) else {"partner": caller.partner}
