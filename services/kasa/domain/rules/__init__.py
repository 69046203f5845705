"""Kasa's dated parameters by subject; the values stand in `services/kasa/rules/SUBJECT`."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.kasa.domain.rules.advice import AdviceRules
from services.kasa.domain.rules.calls import CallRules
from services.kasa.domain.rules.deminimis import DeMinimisRules
from services.kasa.domain.rules.enterprises import EnterpriseRules
from services.kasa.domain.rules.grants import GrantRules
from services.kasa.domain.rules.loans import LoanRules
from shared.kernel.parameters import read_toml


class KasaRules(BaseModel):
    """A field for each subject, filled from the folder of its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advice: AdviceRules
    calls: CallRules
    deminimis: DeMinimisRules
    enterprises: EnterpriseRules
    grants: GrantRules
    loans: LoanRules

    @classmethod
    def parse(cls, texts: Mapping[str, Iterable[str]]) -> Self:
        """The rules from the texts of each subject's TOML files.

        Raises `ValueError` that names what is missing, doubled or overlapping.
        """
        return cls.model_validate({subject: read_toml(each) for subject, each in texts.items()})
