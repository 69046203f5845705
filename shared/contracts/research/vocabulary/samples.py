"""The words of samples and invitations."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, NonNegativeInt, PositiveInt, StringConstraints, model_validator

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.subjects import SubjectState

SampleSize = Annotated[int, Field(ge=1, le=20_000)]
Stratum = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What strata are made by: a field of the frame, or a column of a list."""
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Seed = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Frame(StrEnum):
    REGISTRY = "registry"
    """Participants who consented to being asked."""
    ENTERPRISES = "enterprises"
    """Those that kasa knows to be founded and not closed."""
    EXTERNAL = "external"
    """A list that somebody brought, of pseudonyms of their own."""


class FrameChoice(Published):
    """Who can be drawn, and by what they are grouped."""

    frame: Frame
    strata: tuple[Stratum, ...] = Field(default=(), max_length=3)
    states: tuple[SubjectState, ...] = (SubjectState.IN_PROJECT, SubjectState.LEFT)
    """Of participants."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name in ("strata", "states"):
            given = getattr(self, name)
            if len(set(given)) < len(given):
                raise ValueError(f"{name} names one twice")
        return self


class DrawnStratum(Published):
    """One group of the frame, by a value for each of the strata."""

    values: tuple[str, ...]
    frame_size: NonNegativeInt
    drawn: NonNegativeInt


class Member(Published):
    """Who was drawn, under the pseudonym of the study, and from which stratum (counted from 0)."""

    pseudonym: Pseudonym
    stratum: NonNegativeInt


class StratumSize(Published):
    """Groups with fewer units than may be told are told together; `values` is None for those."""

    values: tuple[str, ...] | None
    size: PositiveInt


class DrawnGroup(Published):
    """How many of a group were drawn; small groups are told together, `values` is None for those."""

    values: tuple[str, ...] | None
    frame_size: PositiveInt
    drawn: PositiveInt


class InvitationState(StrEnum):
    ISSUED = "issued"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    DECLINED = "declined"


class RateGroup(Published):
    """What became of the invitations of a group; small groups are told together."""

    values: tuple[str, ...] | None
    drawn: NonNegativeInt
    invited: NonNegativeInt
    begun: NonNegativeInt
    """Submitted ones included."""
    submitted: NonNegativeInt
    declined: NonNegativeInt


class DrawRule(StrEnum):
    """How a draw is made, so that anybody can repeat it."""

    SHA256_LOWEST = "sha256_lowest.v1"
    """In each stratum the units with the lowest SHA-256 of `SEED|UNIT` (UTF-8, as hexadecimal digits);
    the size is shared among the strata in proportion to theirs, remainders to the largest fraction, of
    equal ones to the stratum whose values sort first."""


Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{16,24}$")]
"""As printed on an invitation: letters and digits in groups; case, spaces and hyphens do not count."""
