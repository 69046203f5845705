"""Research's dated parameters by subject; the values stand in `services/research/rules/SUBJECT`."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.research.domain.rules.consent import ConsentRules
from services.research.domain.rules.disclosure import DisclosureRules
from services.research.domain.rules.followups import FollowUpRules
from services.research.domain.rules.indicators import IndicatorRules
from services.research.domain.rules.samples import SampleRules
from shared.kernel.parameters import read_toml


class ResearchRules(BaseModel):
    """A field for each subject, filled from the folder of its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consent: ConsentRules
    disclosure: DisclosureRules
    followups: FollowUpRules
    samples: SampleRules
    indicators: IndicatorRules

    @classmethod
    def parse(cls, texts: Mapping[str, Iterable[str]]) -> Self:
        """The rules from the texts of each subject's TOML files.

        Raises `ValueError` that names what is missing, doubled or overlapping.
        """
        return cls.model_validate({subject: read_toml(texts[subject]) for subject in texts})
