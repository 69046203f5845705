"""The books of a source at a version: what the journal so far amounts to."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from services.kasa.domain.fund_history import FundHistory
from shared.contracts.kasa.vocabulary.fund import Account
from shared.kernel.aggregate import AggregateSnapshot
from shared.kernel.money import Amount, Money


class FundSnapshot(AggregateSnapshot):
    """Amounts are in the currency of the source. Its size grows with the contracts that are not
    paid back yet and the entries no contract caused, not with the journal.
    """

    TOPIC: ClassVar[str] = "kasa.Fund.Snapshot.v1"
    opened: FundHistory.Opened
    balances: dict[Account, Amount]
    commitments: dict[UUID, Amount]
    outstanding: dict[UUID, Amount]
    own_entries: tuple[FundHistory.Posted, ...]
    withdrawals: tuple[FundHistory.WithdrawalRequested, ...]

    @classmethod
    def state_of(cls, aggregate: FundHistory) -> Mapping[str, Any]:
        return {
            "opened": aggregate.terms,
            "balances": _amounts(aggregate.balances),
            "commitments": _amounts(aggregate.commitments),
            "outstanding": _amounts(aggregate.outstanding),
            "own_entries": tuple(aggregate.own_entries.values()),
            "withdrawals": tuple(aggregate.withdrawals.values()),
        }

    def restore(self, aggregate: FundHistory) -> None:
        def moneys(amounts: Mapping[Any, Amount]) -> dict[Any, Money]:
            return {
                key: Money(amount=each, currency=self.opened.currency)
                for key, each in amounts.items()
            }

        aggregate.opened = self.opened
        aggregate.balances = moneys(self.balances)
        aggregate.commitments = moneys(self.commitments)
        aggregate.outstanding = moneys(self.outstanding)
        aggregate.own_entries = {each.entry.id: each for each in self.own_entries}
        aggregate.withdrawals = {each.withdrawal_id: each for each in self.withdrawals}


def _amounts(moneys: Mapping[Any, Money]) -> dict[Any, Amount]:
    return {key: money.amount for key, money in moneys.items()}
