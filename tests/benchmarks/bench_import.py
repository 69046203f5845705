"""Reading a participant file: time and peak memory, which must not grow with the number of rows.

    python tests/benchmarks/bench_import.py [--rows 10000 100000]

Every measurement runs in a process of its own; memory is the peak resident set beyond what the
process held before it began to read.
"""

import argparse
import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from services.registry.domain.rules import RegistryRules
from services.registry.formats.annotated import annotated_xlsx
from services.registry.formats.columns import COLUMNS
from services.registry.formats.participants import read_participants
from services.registry.formats.validation import Terms

RULES = Path(__file__).parents[2] / "services/registry/rules"
WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
WRONG_EVERY = 20


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu: float
    megabytes: float
    rows: int
    wrong: int


def lines(count: int) -> Iterator[list[str]]:
    """A header and rows full to the last column; one in twenty has two wrong cells."""
    yield [column.pl for column in COLUMNS]
    for number in range(count):
        cells = {column.path[-1]: column.example for column in COLUMNS}
        cells |= {"reference": f"B/{number}", "number": f"FX{number}", "pesel": _pesel(number)}
        cells["email"] = f"osoba{number}@example.org"
        if number % WRONG_EVERY == 0:
            cells |= {"pesel": cells["pesel"][::-1] + "0", "sex": "?"}
        yield [cells[column.path[-1]] for column in COLUMNS]


def _pesel(number: int) -> str:
    """A valid number: five digits of series give 100 000 per birth date."""
    day = date.fromordinal(date(1950, 1, 1).toordinal() + number // 10_000)
    digits = f"{day:%y%m%d}{number % 10_000:04}"
    control = -sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 10
    return f"{digits}{control}"


def write_csv(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, delimiter=";").writerows(lines(count))


def write_xlsx(path: Path, count: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines(count):
        sheet.append([WriteOnlyCell(sheet, cell) for cell in line])
    book.save(path)


def read(path: Path, annotate: Path | None) -> Measured:
    rules = RegistryRules.parse(rule.read_text() for rule in RULES.glob("*.toml"))
    terms = Terms("most", date(2026, 11, 23), rules)
    before, began, cpu = _peak(), time.perf_counter(), time.process_time()
    rows = wrong = 0
    with path.open("rb") as stream:
        file = read_participants(stream, path.name, terms=terms)
        if annotate:
            with annotate.open("wb") as target:
                wrong = annotated_xlsx(file.layout, file.rows, target)
        else:
            for row in file.rows:
                rows += 1
                wrong += row.command is None
    return Measured(
        time.perf_counter() - began, time.process_time() - cpu, _peak() - before, rows, wrong
    )


def _peak() -> float:
    """Peak resident set of this process in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[420, 10_000, 100_000])
    parser.add_argument("--annotate", action="store_true", help="write the annotated workbook too")
    options = parser.parse_args()
    makers: dict[str, Callable[[Path, int], None]] = {"csv": write_csv, "xlsx": write_xlsx}
    print(
        f"{'file':>12} {'rows':>8} {'MB':>7} {'seconds':>8} {'cpu s':>7} {'rows/s':>8} {'peak +MB':>9} {'wrong':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in makers.items():
            for count in options.rows:
                path = Path(folder) / f"participants.{kind}"
                make(path, count)
                annotated = Path(folder) / "annotated.xlsx" if options.annotate else None
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    m = pool.apply(read, (path, annotated))
                size = path.stat().st_size / 2**20
                print(
                    f"{kind:>12} {count:>8} {size:>7.1f} {m.seconds:>8.2f} {m.cpu:>7.2f} "
                    f"{count / m.seconds:>8.0f} {m.megabytes:>9.1f} {m.wrong:>7}"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
