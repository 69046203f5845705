"""What a caller may reach: which subjects, and which of their data classes."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from shared.contracts.access import VISIBLE, WHOLE_PARTNERSHIP, Role
from shared.contracts.operations import Caller
from shared.kernel.personal import DataClass


@dataclass(frozen=True)
class Scope:
    """The most that the caller's roles allow; who has neither partnership, partner nor record of
    their own reaches nobody.
    """

    whole_partnership: bool
    partner: str | None
    participant_id: UUID | None
    data_classes: frozenset[DataClass]

    @classmethod
    def of(cls, caller: Caller) -> Self:
        classes: frozenset[DataClass] = frozenset().union(*(VISIBLE[r] for r in caller.roles))
        return cls(
            whole_partnership=bool(caller.roles & WHOLE_PARTNERSHIP),
            partner=caller.partner if caller.roles - {Role.PARTICIPANT} else None,
            participant_id=caller.participant_id if Role.PARTICIPANT in caller.roles else None,
            data_classes=classes,
        )

    def includes(self, partner: str, participant_id: UUID | None = None) -> bool:
        """Whether a partner's record is within reach."""
        return (
            self.whole_partnership
            or self.partner == partner
            or (participant_id is not None and self.participant_id == participant_id)
        )
