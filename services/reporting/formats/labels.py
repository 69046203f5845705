"""How documents call things, and what they say of the project."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from shared.kernel.parameters import Dated

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Label(BaseModel):
    model_config = FROZEN

    pl: str
    en: str


class Labels(BaseModel):
    """By the codes of the sets; what has no label is told by its code."""

    model_config = FROZEN

    dimensions: Mapping[str, Label]
    values: Mapping[str, Mapping[str, Label]]
    units: Mapping[str, Label]
    causes: Mapping[str, Label]
    ledgers: Mapping[str, Label]

    def dimension(self, name: str) -> Label:
        return self.dimensions.get(name) or same(name)

    def value(self, dimension: str, value: str) -> Label:
        return self.values.get(dimension, {}).get(value) or same(value)


class Project(BaseModel):
    model_config = FROZEN

    number: str
    partnership: Label
    funding: Label


class Imprint(BaseModel):
    """What every document says of who made it; the words of its own day."""

    model_config = FROZEN

    project: Dated[Project]


def same(text: str) -> Label:
    """What both languages write alike."""
    return Label(pl=text, en=text)
