"""What a caller may reach: the coordinator and the auditor everything, a case worker the editions of
their partner, a trainer those in which they teach.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from shared.contracts.access import WHOLE_PARTNERSHIP, Role
from shared.contracts.operations import Caller

DESK: Final = frozenset({Role.COORDINATOR, Role.CASEWORKER, Role.AUDITOR})
"""Roles whose reach does not depend on what they teach."""


@dataclass(frozen=True)
class Reach:
    everything: bool
    partner: str | None
    trainer: str | None

    @classmethod
    def of(cls, caller: Caller) -> Self:
        desk = caller.roles & DESK
        return cls(
            everything=bool(desk & WHOLE_PARTNERSHIP),
            partner=caller.partner if desk else None,
            trainer=caller.subject if Role.TRAINER in caller.roles else None,
        )

    @property
    def teaching_only(self) -> bool:
        return not self.everything and self.partner is None

    def includes(self, partner: str, trainers: Collection[str]) -> bool:
        """Whether an edition of a partner, or a session, taught by these trainers, is in reach."""
        return self.everything or self.partner == partner or self.trainer in trainers
