"""Commune codes of the TERYT register: WWPPGGR, as text."""

from collections.abc import Container
from typing import Final

UNIT_TYPES: Final = frozenset("1234589")
"""Last digit: 1 urban, 2 rural, 3 mixed, 4 and 5 town and countryside of a mixed commune, 8 district
of Warsaw, 9 delegation."""


def names_commune(code: str, voivodeships: Container[str]) -> bool:
    """Whether seven digits can name a commune in one of the voivodeships.

    Counties and communes are not checked: the register changes every year and is not at hand.
    """
    return code[:2] in voivodeships and code[2:4] != "00" and code[6] in UNIT_TYPES
