"""The words by which people write columns and coded values."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from shared.runtime.tables.errors import Text


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Letters and digits only, without case or diacritics: `Nr domu` and `NR_DOMU` are one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(character for character in decomposed if character.isalnum())


class Words:
    """A closed vocabulary: per code the word in both languages, then further words taken for it.

    The code itself is always taken.
    """

    def __init__(self, words: Mapping[StrEnum, tuple[str, ...]]) -> None:
        self.names: Final = MappingProxyType({c: Text(w[0], w[1]) for c, w in words.items()})
        self.pairs: Final = tuple(
            (word, code) for code, taken in words.items() for word in (*taken, code)
        )
        self.codes: Final = MappingProxyType({fold(word): code for word, code in self.pairs})

    @property
    def allowed(self) -> Text:
        return Text(
            "; ".join(name.pl for name in self.names.values()),
            "; ".join(name.en for name in self.names.values()),
        )
