"""Whose payment a bank line is, by the contract number in its title; pure.

People write numbers as they like: `POZ/2026/0007`, `poz-2026-7`, `POZ 2026 / 07`. Only numbers of
contracts that exist count, so other numbers in a title confuse nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from shared.contracts.kasa.vocabulary.bank import Direction, StatementLine, Unmatched

NumberKey = tuple[str, int, int]
"""Prefix, year and ordinal of a contract number, however it is written."""
_SEPARATOR: Final = r"\s*[/\\.\-_]?\s*"
_NUMBER: Final = re.compile(
    rf"(?<![A-Z0-9])([A-Z]{{1,6}}){_SEPARATOR}((?:19|20)\d\d)(?:\s*[/\\.\-_]\s*|\s+)(\d{{1,5}})(?!\d)",
    re.ASCII,
)


def number_keys(text: str) -> Iterator[NumberKey]:
    """All that looks like a contract number in a text."""
    for prefix, year, ordinal in _NUMBER.findall(text.upper()):
        yield prefix, int(year), int(ordinal)


def match_line(line: StatementLine, contracts: Mapping[NumberKey, UUID]) -> UUID | Unmatched:
    """The one contract that the title names, or why a person has to look."""
    if line.direction is not Direction.CREDIT:
        return Unmatched.NOT_A_CREDIT
    keys = set(number_keys(line.title))
    found = {contracts[key] for key in keys if key in contracts}
    if len(found) > 1:
        return Unmatched.SEVERAL_CONTRACTS
    if not found:
        return Unmatched.UNKNOWN_NUMBER if keys else Unmatched.NO_NUMBER
    return found.pop()
