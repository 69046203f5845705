"""The shape of the dated parameters on calls and the committee."""

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from shared.contracts.kasa.vocabulary.calls import Criteria, FormalItem, Offer
from shared.kernel.parameters import Dated


class CommitteeRule(BaseModel):
    """The least members; a quorum is more than this percentage of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    members: PositiveInt
    quorum_over_percent: int = Field(ge=0, lt=100)

    def quorum_of(self, members: int) -> int:
        return members * self.quorum_over_percent // 100 + 1


class CallRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    criteria: dict[Offer, Dated[Criteria]]
    formal_items: dict[Offer, Dated[tuple[FormalItem, ...]]]
    committee: Dated[CommitteeRule]
    reviewers: Dated[PositiveInt]
    """How many have to score an application at least."""
    correction_days: Dated[PositiveInt]
    """Within which a returned application is submitted again, also when the call is over."""
