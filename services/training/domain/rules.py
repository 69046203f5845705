"""Training's dated parameters; the values stand in `services/training/rules`."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, PositiveInt

from shared.contracts.training.vocabulary import GroupLimits, Percent
from shared.kernel.parameters import Dated, read_toml


class Project(BaseModel):
    """What printed documents say of the project, and how certificate numbers begin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    name: str
    partnership: str
    certificate_prefix: str
    funding_pl: str
    funding_en: str


class TrainingRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_attendance: Dated[Percent]
    group_limits: Dated[GroupLimits]
    late_entry_days: Dated[PositiveInt]
    correction_decision_days: Dated[PositiveInt]
    project: Dated[Project]

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """The rules from the texts of the TOML files.

        Raises `ValueError` that names what is missing, doubled or overlapping.
        """
        return cls.model_validate(read_toml(texts))
