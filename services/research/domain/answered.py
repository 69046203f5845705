"""A response as analysis reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from uuid import UUID

import rfc8785


@dataclass(frozen=True)
class Answered:
    """`answers` are the canonical texts of all that counts."""

    response_id: UUID
    answers: Mapping[str, str]

    @cached_property
    def identity(self) -> str:
        """An edited response is another unit, so that its change is as visible as a newcomer."""
        return f"{self.response_id}/{sha256(rfc8785.dumps(dict(self.answers))).hexdigest()[:16]}"
