"""The registry's dated parameters; the values stand in `services/registry/rules`."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from shared.contracts.registry.vocabulary import (
    FieldPointer,
    Ground,
    HoldGround,
    Institution,
    Kind,
    Purpose,
)
from shared.kernel.parameters import Dated, read_toml
from shared.kernel.personal import DataClass

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
    final_balance_on: date | None = None
    """Payment of the final balance by the Commission; None before."""
    last_payment_on: date | None = None
    """The last payment to the beneficiary; None before."""


class Beginning(StrEnum):
    """What a term of retention is counted from."""

    APPLICATION = "application"
    EXIT = "exit"
    """The last step of the lifecycle."""
    FINAL_BALANCE = "final_balance"
    LAST_PAYMENT = "last_payment"


class Covered(StrEnum):
    """Whose data a term of retention keeps."""

    EVERYBODY = "everybody"
    SELECTED = "selected"
    """Whose application was scored: that the criteria were applied rightly must be provable."""
    SUPPORTED = "supported"


class RetentionRule(_Rule):
    """For how long data classes must be kept, by which article."""

    code: str
    article: str
    covers: Covered
    data_classes: frozenset[DataClass]
    begins: Beginning
    years: PositiveInt
    from_year_end: bool = False
    """Counted from 31 December of the year of the beginning."""


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
    retention: Dated[tuple[RetentionRule, ...]]
    hold_articles: Dated[dict[HoldGround, str]]
    erasure_decision_days: Dated[PositiveInt]

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
