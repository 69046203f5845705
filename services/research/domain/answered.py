"""A response as analysis reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Answered:
    """One version of one response: an edited one is another. `answers` are the canonical texts of all
    that counts, `relevant` the items that are shown to who answers so; `pseudonym` is None where
    nothing links responses.
    """

    response_id: UUID
    version: int
    answers: Mapping[str, str]
    relevant: frozenset[str]
    answered_on: date
    pseudonym: str | None = None

    @property
    def identity(self) -> str:
        return f"{self.response_id}/{self.version}"
