"""A result as the participant told research, before a person decided on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.registry.vocabulary import ResultKind, Situation
from shared.kernel.personal import Unreadable


@dataclass(frozen=True)
class Proposal:
    id: UUID
    kind: ResultKind
    exited_on: date
    observed_on: date
    proposed_on: date
    situation: Situation | Unreadable
    decided: bool = False
