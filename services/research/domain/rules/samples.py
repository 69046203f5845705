"""The shape of the dated parameters on samples."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from shared.kernel.parameters import Dated

Year = Annotated[int, Field(ge=1, le=120)]


class SampleRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_group: Dated[PositiveInt]
    """Units; smaller groups are told together with others."""
    age_bands: Dated[tuple[Year, ...]]
    """The first completed year of each band. Fixed, because bands that can be chosen tell ages."""
    invitation_days: Dated[PositiveInt]
    """How long the document with the tokens of invitations can be fetched."""
