"""The shape of the dated parameters on advice."""

from typing import Self

from pydantic import BaseModel, ConfigDict, NonNegativeInt, model_validator

from shared.contracts.kasa.vocabulary.advice import ChecklistItem
from shared.kernel.parameters import Dated


class Checklist(BaseModel):
    """What a client has before applying, and how many minutes of consultations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minutes: NonNegativeInt
    items: tuple[ChecklistItem, ...]

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        codes = [each.code for each in self.items]
        if len(codes) != len(set(codes)):
            raise ValueError("an item is given twice")
        return self


class AdviceRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ready_to_apply: Dated[Checklist]
