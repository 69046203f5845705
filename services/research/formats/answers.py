"""Answers given out one by one: rows as CSV, a codebook (DDI Codebook 2.5), a manifest."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final
from uuid import UUID

import rfc8785

from services.research.domain.analysis.axes import Axis
from services.research.domain.export.protecting import RARE, WITHHELD, Ints
from services.research.domain.release import Dataset
from services.research.formats.ddi import add, add_both, add_category, code_book, written
from shared.contracts.research.vocabulary.tables import Label
from shared.runtime.speaking import Bilingual

FILE: Final = "responses.csv"
ID: Final = "id"
ROWS: Final = 1_000
"""Written at once."""
NOT_TOLD: Final[Mapping[int, tuple[str, Label]]] = {
    WITHHELD: (
        ":withheld",
        Label(pl="nie podano (ochrona danych)", en="withheld (data protection)"),
    ),
    RARE: (":rare", Label(pl="inne, rzadkie", en="other, rare")),
}
ROW: Final = Label(
    pl="Numer wiersza, losowy, tylko w tym zbiorze", en="Row, at random, in this file alone"
)


@dataclass(frozen=True)
class Rows:
    """What is given out: a random id and the codes of each row, by the axes of the columns."""

    axes: Sequence[Axis]
    ids: Sequence[str]
    codes: Ints


def rows_csv(given: Rows) -> Iterator[bytes]:
    """RFC 4180, UTF-8; some thousand rows at a time."""
    names = [_codes(axis) for axis in given.axes]
    yield _lines([[ID, *(axis.name for axis in given.axes)]])
    for first in range(0, len(given.ids), ROWS):
        some = slice(first, first + ROWS)
        yield _lines(
            [row_id, *(known[code] for known, code in zip(names, codes, strict=True))]
            for row_id, codes in zip(given.ids[some], given.codes[some].tolist(), strict=True)
        )


def codebook_of(given: Rows, export_id: UUID, title: Bilingual) -> bytes:
    """What each column says, and each code in it. The same export gives the same bytes."""
    root = code_book(f"export-{export_id}")
    citation = add(add(root, "stdyDscr"), "citation")
    titles = add(citation, "titlStmt")
    add(titles, "titl", title.pl, "pl")
    add(titles, "parTitl", title.en, "en")
    add(titles, "IDNo", str(export_id))
    described = add(root, "fileDscr")
    described.set("ID", "F1")
    text = add(described, "fileTxt")
    add(text, "fileName", FILE)
    dimensions = add(text, "dimensns")
    add(dimensions, "caseQnty", str(len(given.ids)))
    add(dimensions, "varQnty", str(len(given.axes) + 1))
    add(text, "fileType", "text/csv; charset=UTF-8; header=present")
    data = add(root, "dataDscr")
    for number, (name, label) in enumerate(
        [(ID, ROW), *((axis.name, axis.label) for axis in given.axes)]
    ):
        variable = add(data, "var")
        variable.set("ID", f"V{number}")
        variable.set("name", name)
        variable.set("files", "F1")
        add_both(variable, "labl", label)
        if number:
            for each in given.axes[number - 1].categories:
                add_category(variable, each.code, each.label)
            for code, said in NOT_TOLD.values():
                add_category(variable, code, said)
        add(variable, "varFormat").set("type", "character")
    return written(root)


def manifest_of(
    made: Dataset.ExportMade, of: Dataset, withheld: Mapping[str, int], codebook_digest: str
) -> bytes:
    """What was asked, as of when, by which rules, and the SHA-256 of the files. Canonical JSON (RFC 8785).
    `withheld`: cells that are not told, or told as rare, by column.
    """
    facts = made.model_dump(
        mode="json",
        include={"export_id", "purpose", "columns", "filters", "parameters", "rows"},
    )
    told = of.asked.model_dump(mode="json", include={"study_id", "wave_id", "instrument"})
    files = [
        {"name": FILE, "digest": made.digest},
        {"name": "codebook.xml", "digest": codebook_digest},
    ]
    return (
        rfc8785.dumps(
            {
                **told,
                **facts,
                "dataset_id": str(of.id),
                "as_of": made.position,
                "exported_on": made.occurred_on.isoformat(),
                "withheld": dict(withheld),
                "files": files,
            }
        )
        + b"\n"
    )


def _codes(axis: Axis) -> Mapping[int, str]:
    return dict(enumerate(axis.codes)) | {n: code for n, (code, _) in NOT_TOLD.items()}


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    target = StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()
