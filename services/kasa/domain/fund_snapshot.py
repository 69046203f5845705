"""The books of a source at a version: what the journal so far amounts to."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from services.kasa.domain.fund_history import FundHistory
from shared.contracts.kasa.vocabulary.fund import Account
from shared.kernel.aggregate import AggregateSnapshot
from shared.kernel.money import Money


class FundSnapshot(AggregateSnapshot):
    """Its size grows with the contracts that are not paid back yet and the entries no contract
    caused, not with the journal.
    """

    TOPIC: ClassVar[str] = "kasa.Fund.Snapshot.v1"
    opened: FundHistory.Opened
    balances: dict[Account, Money]
    commitments: dict[UUID, Money]
    outstanding: dict[UUID, Money]
    own_entries: tuple[FundHistory.Posted, ...]
    withdrawals: tuple[FundHistory.WithdrawalRequested, ...]

    @classmethod
    def state_of(cls, aggregate: FundHistory) -> Mapping[str, Any]:
        return {
            "opened": aggregate.terms,
            "balances": aggregate.balances,
            "commitments": aggregate.commitments,
            "outstanding": aggregate.outstanding,
            "own_entries": tuple(aggregate.own_entries.values()),
            "withdrawals": tuple(aggregate.withdrawals.values()),
        }

    def restore(self, aggregate: FundHistory) -> None:
        aggregate.opened = self.opened
        aggregate.balances = dict(self.balances)
        aggregate.commitments = dict(self.commitments)
        aggregate.outstanding = dict(self.outstanding)
        aggregate.own_entries = {each.entry.id: each for each in self.own_entries}
        aggregate.withdrawals = {each.withdrawal_id: each for each in self.withdrawals}
