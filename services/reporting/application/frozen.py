"""Datasets in the encrypted file store: for a while, or for ever."""

from dataclasses import dataclass
from datetime import timedelta

from services.reporting.domain.dataset import Dataset
from shared.runtime.files import FileStore


@dataclass(frozen=True)
class Datasets:
    files: FileStore

    def keep(self, dataset: Dataset, *, lifetime: timedelta | None) -> str:
        """The claim check; kept for ever without a lifetime."""
        with self.files.create(
            name="dataset.json", content_type="application/json", lifetime=lifetime
        ) as writer:
            writer.write(dataset.content())
            return writer.finish()

    def read(self, file_id: str) -> Dataset:
        """Raises `FileMissing` and `FileDamaged`."""
        return Dataset.model_validate_json(b"".join(self.files.open(file_id).chunks()))
