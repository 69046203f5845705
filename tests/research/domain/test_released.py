"""From answers through disclosure control to a published table: what is hidden stays hidden."""

from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest

from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.tables import microdata
from services.research.domain.disclosure.asking import Query
from services.research.domain.disclosure.microdata import Microdata
from services.research.domain.disclosure.publication import Publication, publish
from services.research.domain.disclosure.tables import Dimension as Counted
from services.research.domain.released import Wanted, published_table
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.contracts.research.vocabulary.publication import (
    TOTAL,
    CellStatus,
    Measure,
    PublishedTable,
)
from shared.contracts.research.vocabulary.tables import Dimension
from tests.research.domain.answers import frame, label, respondent
from tests.research.domain.disclosing import PARAMETERS

BY_SEX = Dimension(variable="sex")
BY_CARE = Dimension(variable="services", option="care")
POSITION = 7


def released(
    counts: dict[tuple[str, bool], int], weight: float = 1.0
) -> tuple[Publication, dict[str, Axis]]:
    """The table of both questions, of so many people of each kind."""
    people = frame(
        *(
            respondent(
                f"{sex}-{care}-{number}",
                {"sex": sex, "services": frozenset({"care"} if care else set())},
                weight=weight,
            )
            for (sex, care), size in counts.items()
            for number in range(size)
        )
    )
    units = microdata(people, [BY_SEX, BY_CARE])
    data = Microdata(
        dimensions=tuple(Counted(each.name, each.codes, each.sensitive) for each in units.axes),
        codes=units.codes,
        editions={POSITION: np.ones(len(units.codes), dtype=bool)},
        weights=units.weights,
    )
    query = Query(tables=(("sex", "services/care"),), audience=Audience.PUBLIC, weighted=True)
    release = publish(UUID(int=1), query, data, POSITION, (), PARAMETERS)
    return release, {axis.name: axis for axis in units.axes}


def table(
    counts: dict[tuple[str, bool], int], measure: Measure, weight: float = 1.0
) -> PublishedTable:
    release, axes = released(counts, weight)
    wanted = Wanted(1, label("who needs care"), ("sex", "services/care"), measure)
    return published_table(release, axes, wanted)


LARGE = {("woman", True): 30, ("woman", False): 10, ("man", True): 20, ("man", False): 40}
SMALL = LARGE | {("man", True): 2}


def test_what_is_large_is_told_with_its_margins() -> None:
    cells = table(LARGE, Measure.COUNT, weight=2.5).by_place
    assert (cells["woman", "yes"].n, cells["woman", "yes"].value) == (30, Decimal(75))
    assert cells["man", TOTAL].value == 150
    assert cells[TOTAL, TOTAL].value == 250


def test_shares_are_those_of_the_last_axis_with_wilsons_interval() -> None:
    """Newcombe's formula on paper: 30 of 40 is 75%, from 59.8% to 85.8%."""
    cells = table(LARGE, Measure.SHARE).by_place
    care = cells["woman", "yes"]
    assert (care.value, care.low, care.high) == (Decimal("75.0"), Decimal("59.8"), Decimal("85.8"))
    assert cells["woman", TOTAL].value == 100
    assert cells["woman", TOTAL].low is None
    assert cells[TOTAL, "yes"].value == 50


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.SHARE])
def test_a_small_cell_and_those_that_would_tell_it_are_suppressed(measure: Measure) -> None:
    cells = table(SMALL, measure).by_place
    assert cells["man", "yes"].status is CellStatus.SUPPRESSED
    for line in (
        [cells["man", "no"], cells["man", TOTAL]],
        [cells["woman", "yes"], cells[TOTAL, "yes"]],
    ):
        assert any(cell.status is CellStatus.SUPPRESSED for cell in line)


def test_a_release_holds_no_means() -> None:
    release, axes = released(LARGE)
    wanted = Wanted(1, label("x"), ("sex", "services/care"), Measure.MEAN)
    with pytest.raises(ValueError, match="mean"):
        published_table(release, axes, wanted)
