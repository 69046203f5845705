"""What all queries stand on: the read models, the clock, the rules, the record of reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.training.domain.reach import Reach
from services.training.domain.rules import TrainingRules
from shared.contracts.operations import Caller
from shared.eventstore.reads import RecordRead
from shared.eventstore.vault import Vault
from shared.runtime.views import Document, Views


@dataclass(frozen=True)
class Reading:
    views: Views
    vault: Vault
    rules: TrainingRules
    now: Callable[[], datetime]
    """The time in Poland."""
    record_read: RecordRead

    def certificates_of(self, edition_id: str) -> dict[str, str]:
        """The valid certificates of an edition, by participant."""
        valid = {"edition_id": edition_id, "revoked_on": None}
        found = self.views["certificates"].find(valid, {"participant_id": 1})
        return {each["participant_id"]: each["_id"] for each in found}


def in_reach(caller: Caller) -> Document:
    """The part of a query on editions that keeps it within the caller's reach."""
    reach = Reach.of(caller)
    if reach.everything:
        return {}
    return {"$or": [{"partner": reach.partner}, {"trainers": reach.trainer}]}
