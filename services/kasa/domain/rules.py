"""Kasa's dated parameters; the values stand in `services/kasa/rules`."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.kernel.parameters import Dated, read_toml


class KasaRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    voivodeships: Dated[frozenset[str]]

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """The rules from the texts of the TOML files.

        Raises `ValueError` that names what is missing, doubled or overlapping.
        """
        return cls.model_validate(read_toml(texts))
