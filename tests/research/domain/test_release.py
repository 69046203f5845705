"""Releases of one dataset: the next one is judged by what those before it told."""

from collections.abc import Sequence
from itertools import count
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.research.domain.disclosure.asking import Filter, Query
from services.research.domain.disclosure.microdata import Microdata
from services.research.domain.disclosure.publication import HIDDEN, Publication
from services.research.domain.disclosure.sequence import Told, require_silent
from services.research.domain.disclosure.tables import Dimension, Flags, Floats
from services.research.domain.release import Asked, Dataset
from shared.contracts.research.vocabulary.disclosure import Audience, Rounding
from shared.contracts.research.vocabulary.studies import PinnedInstrument
from shared.kernel.errors import Rejected
from tests.research.domain.disclosing import DAY, PARAMETERS

DATASET = UUID("00000000-0000-4000-8000-000000000001")
ASKED = Asked(
    study_id=UUID(int=1),
    wave_id=UUID(int=2),
    partner="uniwersytet",
    instrument=PinnedInstrument(instrument_id=UUID(int=3), version=1),
)
SEX = Dimension("sex", ("f", "m"))
AGE = Dimension("age", ("18-29", "30-49", "50-64", "65+"))
PLACE = Dimension("place", ("north", "south", "west"))
DIMENSIONS = (SEX, AGE, PLACE)


def people(number: int = 300, *, seed: int = 1, positions: int = 1) -> Microdata:
    """Drawn evenly; by position, `positions` editions that hold all of them."""
    rng = np.random.default_rng(seed)
    sizes = [len(each.categories) for each in DIMENSIONS]
    codes = np.stack([rng.integers(0, size, number) for size in sizes], axis=1)
    editions = {place: np.ones(number, dtype=bool) for place in range(1, positions + 1)}
    return Microdata(DIMENSIONS, codes.astype(np.int64), editions)


def with_codes(counts: dict[tuple[int, int, int], int]) -> Microdata:
    codes = np.array([cell for cell, number in counts.items() for _ in range(number)])
    return Microdata(DIMENSIONS, codes, {1: np.ones(len(codes), dtype=bool)})


def ask(*tables: Sequence[str], audience: Audience = Audience.INTERNAL, **filters: str) -> Query:
    chosen = tuple(
        Filter(dimension=name, categories=tuple(value.split())) for name, value in filters.items()
    )
    return Query(tables=tuple(tuple(each) for each in tables), audience=audience, filters=chosen)


class Releasing:
    """A pinned dataset and releases numbered from 1."""

    def __init__(self, data: Microdata) -> None:
        self.data = data
        self.dataset = Dataset(DATASET)
        self.dataset.pin(1, data, PARAMETERS, asked=ASKED, on=DAY)
        self.ids = (UUID(int=number) for number in count(1))

    def release(self, query: Query) -> Publication:
        return self.dataset.release(
            next(self.ids),
            query,
            self.data,
            PARAMETERS,
            dimensions=(),
            write=lambda _: (),
            on=DAY,
            today=DAY,
        )


def test_a_release_survives_its_replay() -> None:
    releasing = Releasing(people())
    made = releasing.release(ask(["sex", "age"], ["place"]))
    again = None
    for event in releasing.dataset.collect_events():
        stored = type(event).model_validate_json(event.model_dump_json())
        again = stored.mutate(again)
    assert isinstance(again, Dataset)
    (kept,) = again.releases.values()
    assert kept.query == made.query
    assert np.array_equal(kept.shown.flags(), made.shown)


def test_the_same_query_has_one_answer_in_whatever_order_it_is_asked() -> None:
    releasing = Releasing(people())
    releasing.release(ask(["sex", "age"], ["place"], place="north south"))
    with pytest.raises(Rejected, match=r"research\.released_already") as refusal:
        releasing.release(ask(["place"], ["age", "sex"], place="south north"))
    assert refusal.value.details["release_id"] == str(UUID(int=1))


def test_a_query_that_differs_by_too_few_is_refused_and_names_the_release() -> None:
    """Three people live in the west: all, less all but them, would tell of them."""
    data = with_codes({(0, 1, 0): 30, (1, 2, 0): 30, (0, 1, 1): 20, (1, 2, 2): 3})
    releasing = Releasing(data)
    releasing.release(ask(["sex"]))
    with pytest.raises(Rejected, match=r"research\.differs_too_little") as refusal:
        releasing.release(ask(["sex"], place="north south"))
    assert refusal.value.details == {"releases": [str(UUID(int=1))], "least": 5}


def test_so_is_the_greater_after_the_smaller() -> None:
    data = with_codes({(0, 1, 0): 30, (1, 2, 0): 30, (0, 1, 1): 20, (1, 2, 2): 3})
    releasing = Releasing(data)
    releasing.release(ask(["sex"], place="north south"))
    with pytest.raises(Rejected, match=r"research\.differs_too_little"):
        releasing.release(ask(["sex"]))


def test_a_union_of_two_earlier_ones_counts() -> None:
    data = with_codes({(0, 1, 0): 30, (1, 2, 0): 30, (0, 1, 1): 40, (1, 2, 2): 3, (1, 1, 1): 20})
    releasing = Releasing(data)
    releasing.release(ask(["sex"], place="north"))
    releasing.release(ask(["sex"], place="south"))
    with pytest.raises(Rejected, match=r"research\.differs_too_little") as refusal:
        releasing.release(ask(["age"]))
    assert refusal.value.details["releases"] == [str(UUID(int=1)), str(UUID(int=2))]


def test_numbers_shown_in_a_table_count_like_queries() -> None:
    """63 women were shown; 60 women of the north and south would tell of three of the west."""
    data = with_codes(
        {(0, 1, 0): 30, (0, 2, 1): 30, (0, 1, 2): 3, (1, 1, 0): 30, (1, 2, 1): 30, (1, 1, 2): 30}
    )
    releasing = Releasing(data)
    releasing.release(ask(["sex"]))
    with pytest.raises(Rejected, match=r"research\.differs_too_little"):
        releasing.release(ask(["age"], sex="f", place="north south"))


def test_a_publication_holds_no_hidden_number() -> None:
    made = Releasing(people(120)).release(ask(["sex", "age", "place"]))
    assert made.hidden.any()
    assert (made.counts[~made.shown] == HIDDEN).all()
    assert (made.counts[made.shown] >= 0).all()


def test_queries_far_enough_apart_are_both_answered() -> None:
    releasing = Releasing(people())
    releasing.release(ask(["sex", "age"]))
    releasing.release(ask(["sex"], place="north"))
    assert len(releasing.dataset.releases) == 2


def test_what_an_earlier_table_hid_stays_hidden_in_the_next() -> None:
    rng = np.random.default_rng(3)
    codes = np.stack([rng.choice(4, 200, p=[0.02, 0.3, 0.3, 0.38]), rng.integers(0, 3, 200)], 1)
    codes = np.column_stack([rng.integers(0, 2, 200), codes]).astype(np.int64)
    releasing = Releasing(Microdata(DIMENSIONS, codes, {1: np.ones(200, dtype=bool)}))
    first = releasing.release(ask(["age"]))
    second = releasing.release(ask(["age", "place"]))
    assert first.hidden[0]
    assert np.array_equal(second.shown[:, -1], first.shown)


def test_the_public_is_not_told_what_was_hidden_from_researchers() -> None:
    """Who is inside reads both: their hidden cells together must stay hidden."""
    releasing = Releasing(people(130, seed=4))
    inside = releasing.release(ask(["age", "place"]))
    public = releasing.release(ask(["age", "place"], audience=Audience.PUBLIC))
    assert inside.hidden.any()
    assert not (public.shown & inside.hidden).any()


def test_what_releases_tell_together_is_refused() -> None:
    """Of 63 women 30 live in each of north and south; with the places told by age, three remain."""
    data = with_codes(
        {(0, 1, 0): 30, (0, 2, 1): 30, (0, 3, 2): 3, (1, 0, 0): 30, (1, 0, 1): 30, (1, 0, 2): 30}
    )
    told = [
        Told(ask(["sex"]), 1, np.array([63, 90, 153]), np.ones(3, dtype=bool)),
        Told(ask(["sex"], place="north south"), 1, np.array([60, 60, 120]), np.ones(3, dtype=bool)),
    ]
    require_silent(data, told[:1], 5)
    with pytest.raises(Rejected, match=r"research\.releases_tell_together"):
        require_silent(data, told, 5)


def test_what_is_too_much_to_be_checked_together_is_refused() -> None:
    dimensions = [
        Dimension(f"d{axis}", tuple(f"c{place}" for place in range(10))) for axis in range(5)
    ]
    codes = np.zeros((20, 5), dtype=np.int64)
    data = Microdata(tuple(dimensions), codes, {1: np.ones(20, dtype=bool)})
    names = tuple(each.name for each in dimensions)
    told = Told(ask(names), 1, np.zeros((1,) * 5, dtype=np.int64), np.ones((1,) * 5, dtype=bool))
    with pytest.raises(Rejected, match=r"research\.releases_too_entangled"):
        require_silent(data, [told], 5)


def test_a_later_edition_needs_to_differ_by_enough() -> None:
    data = people(300)
    few, many = data.editions[1].copy(), data.editions[1].copy()
    few[:3], many[:50] = False, False
    releasing = Releasing(Microdata(DIMENSIONS, data.codes, {1: many, 2: data.editions[1], 3: few}))
    releasing.dataset.pin(2, releasing.data, PARAMETERS, asked=ASKED, on=DAY)
    releasing.release(ask(["sex"]))
    with pytest.raises(Rejected, match=r"research\.edition_too_close") as refusal:
        releasing.dataset.pin(3, releasing.data, PARAMETERS, asked=ASKED, on=DAY)
    assert refusal.value.details["position"] == 2


def test_nothing_is_released_before_an_edition_is_pinned() -> None:
    with pytest.raises(Rejected, match=r"research\.dataset_not_pinned"):
        Dataset(DATASET).release(
            UUID(int=1),
            ask(["sex"]),
            people(),
            PARAMETERS,
            dimensions=(),
            write=lambda _: (),
            on=DAY,
            today=DAY,
        )


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        (ask(["shoe"]), "dimension_unknown", "/tables"),
        (ask(["sex"], shoe="left"), "dimension_unknown", "/filters/0/dimension"),
        (ask(["sex"], place="east"), "category_unknown", "/filters/0/categories"),
        (
            Query(tables=(("sex",),), audience=Audience.PUBLIC, amount="debt"),
            "amount_unknown",
            "/amount",
        ),
        (
            Query(tables=(("sex",),), audience=Audience.PUBLIC, weighted=True),
            "weights_missing",
            "/weighted",
        ),
        (
            Query(
                tables=(("sex",),),
                audience=Audience.PUBLIC,
                weighted=True,
                rounding=Rounding.IFS_2023,
            ),
            "rounding_of_counts",
            "/rounding",
        ),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(query: Query, code: str, pointer: str) -> None:
    with pytest.raises(Rejected) as refusal:
        Releasing(people()).release(query)
    assert (refusal.value.code, refusal.value.pointer) == (f"research.{code}", pointer)


TABLES = st.lists(
    st.lists(st.sampled_from(["sex", "age", "place"]), min_size=1, max_size=3, unique=True),
    min_size=1,
    max_size=2,
)
FILTERS = st.dictionaries(
    st.sampled_from(["age", "place"]), st.sampled_from([0b01, 0b10, 0b11, 0b101, 0b110]), max_size=2
)


@given(
    st.integers(0, 10_000),
    st.integers(60, 400),
    st.lists(st.tuples(TABLES, FILTERS, st.sampled_from(Audience)), min_size=2, max_size=5),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_sequence_of_releases_tells_of_a_small_group(
    seed: int, number: int, queries: list[tuple[list[list[str]], dict[str, int], Audience]]
) -> None:
    """The attacker of the whole sequence: over the cells of sex x age x place, no group of the
    inner table with 1 to 4 people has its number given away by all that was ever released.
    """
    data = people(number, seed=seed)
    releasing = Releasing(data)
    made: list[Publication] = []
    for tables, filters, audience in queries:
        known = {each.name: each.categories for each in DIMENSIONS}
        chosen = {
            name: " ".join(c for place, c in enumerate(known[name]) if bits >> place & 1)
            for name, bits in filters.items()
        }
        try:
            made.append(releasing.release(ask(*tables, audience=audience, **chosen)))
        except Rejected:
            continue
    rows, sums = everything_told(data, made)
    inner, sizes = np.unique(data.codes, axis=0, return_counts=True)
    for group in inner[sizes < 5]:
        inside = (data.codes == group).all(axis=1)
        low, high = bounds_of(inside, data, rows, sums)
        assert low <= 1 + 1e-6
        assert high >= 5 - 1e-6


def everything_told(data: Microdata, made: Sequence[Publication]) -> tuple[list[Flags], list[int]]:
    """Each number shown, as the units that it counts."""
    rows, sums = [], []
    for each in made:
        population = data.population(each.query, 1)
        _, axes = data.asked(each.query)
        for cell in np.argwhere(each.shown):
            inside = population.copy()
            for axis, place, size in zip(axes, cell, each.counts.shape, strict=True):
                if place < size - 1:
                    inside &= data.codes[:, axis] == place
            rows.append(inside)
            sums.append(int(each.counts[tuple(cell)]))
    return rows, sums


def bounds_of(
    inside: Flags, data: Microdata, rows: list[Flags], sums: list[int]
) -> tuple[float, float]:
    """Over the occupied and empty cells of the inner table, by linear programming."""
    shape = tuple(len(each.categories) for each in DIMENSIONS)
    ids = np.ravel_multi_index(tuple(data.codes.T), shape)
    cells = int(np.prod(shape))

    def over_cells(flags: Flags) -> Floats:
        row = np.zeros(cells)
        row[np.unique(ids[flags])] = 1.0
        return row

    target = over_cells(inside)
    if not rows:
        return 0.0, np.inf
    told = np.array([over_cells(row) for row in rows])
    low = linprog(target, A_eq=told, b_eq=sums, bounds=(0, None))
    high = linprog(-target, A_eq=told, b_eq=sums, bounds=(0, None))
    assert low.fun is not None
    return low.fun, np.inf if high.fun is None else -high.fun
