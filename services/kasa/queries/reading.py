"""What all queries stand on: the read models, the clock, the rules, the record of reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pymongo.collection import Collection

from services.kasa.domain.reach import reaches_all
from services.kasa.domain.rules import KasaRules
from shared.contracts.operations import Caller
from shared.eventstore.reads import RecordRead
from shared.eventstore.vault import Vault
from shared.runtime.documents import existing
from shared.runtime.files import FileStore
from shared.runtime.views import Document, Views


@dataclass(frozen=True)
class Reading:
    views: Views
    vault: Vault
    rules: KasaRules
    now: Callable[[], datetime]
    """The time in Poland."""
    load: Callable[[UUID, int], Any]
    """An aggregate as it was at a version, for what is computed for any day from all of it."""
    record_read: RecordRead
    files: FileStore
    """Where printed documents wait until they are fetched."""

    def today(self) -> date:
        return self.now().date()


def in_reach(caller: Caller) -> Document:
    """The part of a query that keeps it within the caller's reach."""
    return {} if reaches_all(caller) else {"partner": caller.partner}


def found_in_reach(collection: Collection[Document], identity: UUID, caller: Caller) -> Document:
    """A document by its id. What is out of reach does not exist: refused as `not_found`."""
    return existing(collection, identity, in_reach(caller))
