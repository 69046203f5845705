"""The shape of the dated parameters on enterprises."""

from pydantic import BaseModel, ConfigDict

from shared.kernel.parameters import Dated


class EnterpriseRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    voivodeships: Dated[frozenset[str]]
