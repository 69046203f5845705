"""The shape of the dated definitions: inputs, indicators, the need index."""

from collections import Counter
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from shared.contracts.research.vocabulary.diagnoses import IndexCode, RuleCode
from shared.contracts.research.vocabulary.tables import Label
from shared.kernel.parameters import Dated

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Origin(StrEnum):
    UPLOADED = "uploaded"
    EVENTS = "events"
    """Counted from what kasa publishes."""


class InputRule(BaseModel):
    """What an input is, and where it comes from."""

    model_config = FROZEN

    name: Label
    unit: Label
    origin: Origin = Origin.UPLOADED


class Ratio(BaseModel):
    """The sum of some inputs by the sum of others, times `scale`."""

    model_config = FROZEN

    kind: Literal["ratio"]
    numerator: Annotated[tuple[RuleCode, ...], Field(min_length=1)]
    denominator: Annotated[tuple[RuleCode, ...], Field(min_length=1)]
    scale: Decimal = Decimal(1)

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.numerator + self.denominator


class Gap(BaseModel):
    """Need less supply, as it is or `per` another input, times `scale`; below zero where there is more
    supply than need.
    """

    model_config = FROZEN

    kind: Literal["gap"]
    need: RuleCode
    supply: RuleCode
    per: RuleCode | None = None
    scale: Decimal = Decimal(1)

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.need, self.supply, *([self.per] if self.per else []))


class Total(BaseModel):
    """The sum of inputs."""

    model_config = FROZEN

    kind: Literal["total"]
    of: Annotated[tuple[RuleCode, ...], Field(min_length=1)]

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.of


class IndicatorRule(BaseModel):
    model_config = FROZEN

    version: PositiveInt
    name: Label
    unit: Label
    places: int = Field(ge=0, le=6)
    """Decimal places that a value is rounded to, half up."""
    formula: Annotated[Ratio | Gap | Total, Field(discriminator="kind")]


class Direction(StrEnum):
    MORE_IS_NEED = "more_is_need"
    LESS_IS_NEED = "less_is_need"


class Normalisation(StrEnum):
    """How values become comparable: 0 for the least need among the communes, 100 for the most."""

    MIN_MAX = "min_max"
    RANK = "rank"


class Component(BaseModel):
    model_config = FROZEN

    indicator: RuleCode
    direction: Direction
    weight: Decimal = Field(gt=0, le=1)


class NeedIndexRule(BaseModel):
    """`least_weight`: a commune gets an index if the components known of it weigh at least so much;
    they then share the weight of those unknown in proportion. 1 leaves out every commune with a gap.
    """

    model_config = FROZEN

    code: IndexCode
    version: PositiveInt
    name: Label
    normalisation: Normalisation
    least_weight: Decimal = Field(gt=0, le=1)
    components: Annotated[tuple[Component, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _weighs_one(self) -> Self:
        if sum(each.weight for each in self.components) != 1:
            raise ValueError("the weights do not sum to 1")
        if max(Counter(each.indicator for each in self.components).values()) > 1:
            raise ValueError("an indicator is weighed twice")
        return self


class IndicatorRules(BaseModel):
    model_config = FROZEN

    inputs: dict[RuleCode, InputRule]
    indicators: dict[RuleCode, Dated[IndicatorRule]]
    need_index: Dated[NeedIndexRule]

    @model_validator(mode="after")
    def _everything_named_exists(self) -> Self:
        for code, periods in self.indicators.items():
            for period in periods.root:
                unknown = set(period.value.formula.inputs) - set(self.inputs)
                if unknown:
                    raise ValueError(f"indicator {code} needs unknown inputs {sorted(unknown)}")
        for index in self.need_index.root:
            for each in index.value.components:
                rule = self.indicators.get(each.indicator)
                if rule is None or not rule.spans(index.valid_from, index.valid_to):
                    raise ValueError(
                        f"the need index has no indicator {each.indicator} on its days"
                    )
        return self
