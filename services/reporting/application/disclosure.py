"""What is told to those who may not see single people."""

from pydantic import BaseModel, ConfigDict

from shared.kernel.parameters import Dated


class Disclosure(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_number: Dated[int]
    """From one up to below it, a number of people is not told to a researcher."""
