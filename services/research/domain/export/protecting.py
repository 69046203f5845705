"""Microdata that single nobody out: global recoding of rare values, k-anonymity of the key variables
by local suppression, l-diversity of the sensitive ones (Hundepool et al. 2012, ch. 3; Machanavajjhala
et al. 2007).

Who knows of somebody what the key variables say finds at least k rows that could be theirs, and in
them at least l values of each sensitive variable. Rows that are too few as they are lose the last key
first, and are counted again among those that lost it too; so a row is told at the finest level at
which it is not alone, and rows of one combination are always treated alike.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt

from services.research.domain.sampling import tellable
from shared.kernel.errors import Rejected

Ints = npt.NDArray[np.int16]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
WITHHELD: Final = -1
RARE: Final = -2
"""In the place of a category: not told; told together with other rare ones."""


class Role(Enum):
    """What a column is to somebody who looks for a person."""

    KEY = "key"
    """Others may know it of them (a quasi-identifier)."""
    SENSITIVE = "sensitive"
    """What they want to find out; it is nobody's key."""
    OTHER = "other"


def protected(codes: Ints, roles: Sequence[Role], least: int, diversity: int) -> Ints:
    """The codes (rows x columns) as they may be told; keys in order of importance.

    Raises `research.export_too_small`.
    """
    if len(codes) < least:
        raise Rejected("research.export_too_small", {"least": least})
    told = np.column_stack([_without_rare(column, least) for column in codes.T])
    sensitive = [n for n, each in enumerate(roles) if each is Role.SENSITIVE]
    _hide_the_few(
        told, [n for n, each in enumerate(roles) if each is Role.KEY], sensitive, least, diversity
    )
    for column in sensitive:
        if len(np.unique(told[:, column])) < diversity:
            told[:, column] = WITHHELD
    return told


def _without_rare(column: Ints, least: int) -> Ints:
    """Categories of fewer rows than may be told of are one; none is told if they are too few so."""
    values, counts = np.unique(column, return_counts=True)
    alone, together = tellable(dict(zip(values.tolist(), counts.tolist(), strict=True)), least)
    if not alone and not together:
        return np.full_like(column, WITHHELD)
    return np.where(np.isin(column, together), np.int16(RARE), column)


def _hide_the_few(
    told: Ints, keys: Sequence[int], sensitive: Sequence[int], least: int, diversity: int
) -> None:
    """Changes `told` in place."""
    left = np.arange(len(told))
    class_of = np.full(len(told), -1)
    sizes: list[int] = []
    for kept in range(len(keys), 0, -1):
        number, good = _judged(told, keys[:kept], sensitive, left, least, diversity)
        for each in np.flatnonzero(good):
            rows = left[number == each]
            class_of[rows] = len(sizes)
            sizes.append(len(rows))
        left = left[~good[number]]
        _withhold(told, left, keys[kept - 1 :])
    for smallest in np.argsort(sizes, kind="stable"):
        _, good = _judged(told, (), sensitive, left, least, diversity)
        if good.all():
            return
        left = np.concatenate([left, np.flatnonzero(class_of == smallest)])
        _withhold(told, left, keys)


def _withhold(told: Ints, rows: Places, columns: Sequence[int]) -> None:
    for column in columns:
        told[rows, column] = WITHHELD


def _judged(
    told: Ints,
    keys: Sequence[int],
    sensitive: Sequence[int],
    rows: Places,
    least: int,
    diversity: int,
) -> tuple[Places, Flags]:
    """The number of each row's combination of the keys, and which combinations may be told."""
    combinations = told[rows][:, list(keys)]
    _, number = np.unique(combinations, axis=0, return_inverse=True)
    number = number.ravel()
    good = np.bincount(number) >= least
    for column in sensitive:
        kinds = np.unique(np.column_stack([number, told[rows, column]]), axis=0)[:, 0]
        good &= np.bincount(kinds) >= diversity
    return number, good
