"""Kasa's ledger and what its commands stand on; one module per subject has the commands.

A command is a function `(kasa, command, act) → Receipt`: load, decide, commit.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar, Final, Protocol, TypeVar
from uuid import UUID

from eventsourcing.utils import EnvType

from services.kasa.domain.fund import Fund
from services.kasa.domain.rules import KasaRules
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex, Vault
from shared.kernel.aggregate import Aggregate

AggregateT = TypeVar("AggregateT", bound=Aggregate)


class Known(Protocol):
    """What a decision is made on: kasa itself, or what a batch that is not committed yet made of it."""

    @property
    def rules(self) -> KasaRules: ...

    def today(self) -> date: ...

    def find(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT | None:
        """None when there is none of that class."""

    def latest(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT:
        """As it is recorded now, whatever the decision was made on. Raises `not_found`."""


class Kasa(LedgerApplication):
    name = "kasa"
    snapshotting_intervals: ClassVar[dict[type[Aggregate], int]] = {Fund: 200}

    def __init__(
        self,
        env: EnvType,
        *,
        vault: Vault,
        index: BlindIndex,
        rules: KasaRules,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(env, vault=vault, index=index)
        self.rules: Final = rules
        self.now: Final = now
        """The time in Poland."""

    def latest(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT:
        return self.load(aggregate_class, aggregate_id)

    def today(self) -> date:
        """The day in Poland."""
        return self.now().date()
