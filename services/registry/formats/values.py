"""From a cell to a value that only the registry knows."""

import re

from services.registry.formats.words import COUNTRIES, GROUND
from shared.contracts.registry.vocabulary import Ground
from shared.runtime.tables.cells import Cell
from shared.runtime.tables.errors import CellRefused, Text
from shared.runtime.tables.values import written
from shared.runtime.tables.words import fold

NO_GROUND = frozenset({"brak", "zadne", "none"})


def grounds(cell: Cell) -> tuple[str, ...]:
    """Several grounds, separated by comma, semicolon or bar; `brak` says that none applies."""
    folded = [fold(part) for part in re.split(r"[;,|\n]", written(cell)) if part.strip()]
    if len(folded) == 1 and folded[0] in NO_GROUND:
        return ()
    if not all(word in GROUND.codes for word in folded):
        allowed = GROUND.allowed
        raise CellRefused("not_allowed", allowed=Text(f"{allowed.pl}; brak", f"{allowed.en}; none"))
    named = {GROUND.codes[word] for word in folded}
    return tuple(ground for ground in Ground if ground in named)


def country(cell: Cell) -> str:
    """A two-letter code of ISO 3166-1, or the name of a country people often come from."""
    content = written(cell)
    return COUNTRIES.get(fold(content), content.upper())
