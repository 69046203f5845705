"""The registry's dated parameters; the values stand in `services/registry/rules`."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from shared.contracts.registry.vocabulary import FieldPointer, Ground, Institution, Kind, Purpose
from shared.kernel.parameters import Dated, read_toml

Percent = Annotated[int, Field(ge=0, le=100)]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FollowUpWindow(_Rule):
    """The longer-term situation is that of `months` after exit, observed within `days` from then."""

    months: PositiveInt
    days: NonNegativeInt


class MinimumData(_Rule):
    """What a record must hold to be counted: of each group at least one field."""

    any_of: tuple[tuple[FieldPointer, ...], ...]
    consents: tuple[Purpose, ...]


class Criterion(_Rule):
    name_pl: str
    name_en: str
    maximum: PositiveInt


class Criteria(_Rule):
    """One version of the recruitment criteria, by criterion code."""

    version: str
    criteria: dict[str, Criterion]
    minimum_total: NonNegativeInt
    """Fewer points cannot be admitted."""


class LikenessRule(_Rule):
    """When two records look like one person."""

    suspect_from: Percent
    birth_date_slip: Percent
    """What remains of the name's similarity when the birth dates differ by a slip of the pen."""


class Project(_Rule):
    number: str
    name: str
    targets: dict[Kind, PositiveInt]


class RegistryRules(_Rule):
    project: Dated[Project]
    outcome_window_days: Dated[PositiveInt]
    follow_up_window: Dated[FollowUpWindow]
    late_recording_days: Dated[PositiveInt]
    completion_days: Dated[PositiveInt]
    correction_decision_days: Dated[PositiveInt]
    result_decision_days: Dated[PositiveInt]
    minimum_data: dict[Kind, Dated[MinimumData]]
    minimum_age: dict[Kind, Dated[NonNegativeInt]]
    grounds: Dated[tuple[Ground, ...]]
    institutions: Dated[tuple[Institution, ...]]
    participation_consents: Dated[tuple[Purpose, ...]]
    criteria: dict[Kind, Dated[Criteria]]
    likeness: Dated[LikenessRule]
    voivodeships: Dated[dict[str, str]]

    @model_validator(mode="after")
    def _hold_while_the_project_runs(self) -> Self:
        """A day that the project knows has every rule, so whatever was recorded can be judged."""
        for name, rule in self:
            for dated in rule.values() if isinstance(rule, dict) else [rule]:
                for period in self.project.root:
                    if not dated.spans(period.valid_from, period.valid_to):
                        raise ValueError(
                            f"{name} is not in force throughout the project "
                            f"({period.valid_from} to {period.valid_to or 'further notice'})"
                        )
        return self

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """The rules from the texts of the TOML files.

        Raises `ValueError` that names what is missing, doubled or overlapping.
        """
        return cls.model_validate(read_toml(texts))
