"""The shape of the texts that whoever is asked agrees to."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import ShortText
from shared.kernel.parameters import Dated

Paragraphs = Annotated[tuple[str, ...], Field(min_length=1)]


class Information(BaseModel):
    """An information clause (GDPR art. 13) by language; `version` is what a consent names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ShortText
    pl: Paragraphs
    en: Paragraphs


class ConsentRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    linked: Dated[Information]
    anonymous: Dated[Information]
