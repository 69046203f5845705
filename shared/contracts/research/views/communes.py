"""What is known of communes, and the need that follows from it."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PositiveInt

from shared.contracts.jobs import FileImport
from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.diagnoses import (
    CommuneNeed,
    Fact,
    IndexCode,
    RuleCode,
    Year,
)
from shared.contracts.research.vocabulary.studies import Area
from shared.contracts.research.vocabulary.tables import Label
from shared.contracts.vocabulary import Teryt


class FactsImport(FileImport):
    """All rows are recorded, or none."""

    recorded: int


class CommuneFacts(Published):
    teryt: Teryt
    year: Year
    facts: tuple[Fact, ...]


class CommuneFactsPage(Published):
    items: tuple[CommuneFacts, ...]
    next_cursor: str | None
    position: int


class ListCommuneFacts(Page):
    """Facts by commune and year, in the order in which they changed. `area` is a voivodeship, a county
    or a commune.
    """

    year: Year | None = None
    area: Area | None = None


class AskNeeds(Published):
    """The communes that are compared: those of the areas of which something is known. `first` is the
    first that is wanted: many come in several answers.
    """

    year: Year
    areas: Annotated[tuple[Area, ...], Field(min_length=1, max_length=500)]
    first: int = Field(default=0, ge=0, le=5_000)


class IndicatorValue(Published):
    """`value` is None where an input is missing, or there is nothing to divide by."""

    indicator: RuleCode
    value: Decimal | None
    missing: tuple[RuleCode, ...] = ()


class CommuneIndicators(Published):
    """With the facts that are counted from what the fund tells."""

    teryt: Teryt
    indicators: tuple[IndicatorValue, ...]


class IndicatorName(Published):
    code: RuleCode
    version: PositiveInt
    name: Label
    unit: Label


class Indicators(Published):
    year: Year
    definitions: tuple[IndicatorName, ...]
    communes: tuple[CommuneIndicators, ...]
    next_first: int | None


class Needs(Published):
    """0: the least need among the communes compared, 100: the most. The contributions explain each."""

    definition: IndexCode
    version: PositiveInt
    year: Year
    communes: tuple[CommuneNeed, ...]
    next_first: int | None
