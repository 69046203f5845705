"""Documents that are made when somebody asks for them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.contracts.training import views
from shared.runtime.files import FileStore

PDF: Final = "application/pdf"
CSV: Final = "text/csv"
KEPT: Final = timedelta(hours=1)
"""How long a document can be fetched; it can be made again."""
LIMIT: Final = 16 << 20


@dataclass(frozen=True)
class Printing:
    """Where printed documents go, and the address at which certificates are verified."""

    store: FileStore
    verification_url: str

    def keep(self, document: bytes, filename: str, content_type: str) -> views.Document:
        with self.store.create(
            name=filename, content_type=content_type, limit=LIMIT, lifetime=KEPT
        ) as writer:
            writer.write(document)
            return views.Document(file_id=writer.finish(), filename=filename)
