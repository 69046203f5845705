"""What is told to those who may not see single people."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.contracts.operations import Caller
from shared.contracts.reporting.operations.making import EXAMINING
from shared.kernel.parameters import Dated

Threshold = int | None
"""The smallest number that is told; None: every number is."""


class Disclosure(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_number: Dated[int]
    """From one up to below it, a number of people is not told to a researcher."""

    def threshold(self, caller: Caller, day: date) -> Threshold:
        return None if caller.roles & EXAMINING else self.smallest_number.on(day)
