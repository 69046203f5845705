"""A five-way table with all margins through disclosure control, beside a plain pandas crosstab.

    ./dev bench disclosure

By population and audience: CPU seconds of the suppression (one thread; primary and complementary, with a witness
for every need), what it hides, and the share of the information asked for that is left: the
bits of the shown numbers (log2 of each and one) of those of all.
"""

import argparse
import time

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from services.research.domain.disclosure.needs import primary
from services.research.domain.disclosure.suppression import Pattern, suppress, unread
from services.research.domain.disclosure.tables import Cube, Cuboid, Dimension, Ints, Units
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from tests.research.domain.disclosing import PARAMETERS

CATEGORIES = {"commune": 12, "age": 5, "sex": 2, "education": 4, "status": 4}
SENSITIVE = "status"


def drawn(number: int, seed: int) -> tuple[tuple[Dimension, ...], Units]:
    """Skewed margins (Zipf with exponent 0.7), independent dimensions."""
    rng = np.random.default_rng(seed)
    columns = []
    for size in CATEGORIES.values():
        weights = np.arange(1, size + 1) ** -0.7
        columns.append(rng.choice(size, size=number, p=weights / weights.sum()))
    dimensions = tuple(
        Dimension(name, tuple(map(str, range(size))), name == SENSITIVE)
        for name, size in CATEGORIES.items()
    )
    return dimensions, Units(np.stack(columns, axis=1).astype(np.int64))


def with_pandas(codes: Ints) -> float:
    frame = pd.DataFrame(codes, columns=list(CATEGORIES))
    began = time.process_time()
    rows, columns = list(CATEGORIES)[:3], list(CATEGORIES)[3:]
    pd.crosstab([frame[name] for name in rows], [frame[name] for name in columns], margins=True)
    return time.process_time() - began


def information(cube: Cube, asked: tuple[Cuboid, ...], pattern: Pattern) -> float:
    bits = np.log2(cube.counts + 1.0)
    return float(bits[pattern.shown].sum() / bits[cube.mask(asked)].sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, nargs="+", default=[100_000, 420])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    table = Table(title="5-way table, 1,920 inner cells, 5,850 with margins")
    headings = "responses", "audience", "tables", "CPU s", "pandas", "primary", "hidden", "shown"
    for heading in (*headings, "withheld", "left"):
        table.add_column(heading, justify="right")
    for number in arguments.responses:
        dimensions, units = drawn(number, arguments.seed)
        plain = with_pandas(units.codes)
        for audience in Audience:
            for order in (5, 2):
                began = time.process_time()
                cube = Cube.count(dimensions, units)
                found = primary(cube, UnitKind.PERSONS, audience, PARAMETERS)
                asked = tuple(each for each in cube.cuboids if len(each) <= order)
                pattern = suppress(cube, asked, [unread(cube, found)], PARAMETERS.thin)
                took = time.process_time() - began
                table.add_row(
                    f"{number:,}",
                    audience,
                    "5-way" if order == 5 else "all 2-way",
                    f"{took:.2f}",
                    f"{took / plain:.1f}x",
                    str(int((found.hidden & cube.mask(asked)).sum())),
                    str(int(pattern.hidden.sum())),
                    str(int(pattern.shown.sum())),
                    str(len(pattern.withheld)),
                    f"{information(cube, asked, pattern):.0%}",
                )
    Console().print(table)


if __name__ == "__main__":
    main()
