"""The shape of the dated parameters on de minimis aid."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from shared.contracts.kasa.vocabulary.enterprises import Nip
from shared.contracts.kasa.vocabulary.undertakings import AidBasis, AidKind, RegulationNumber
from shared.kernel.errors import Rejected
from shared.kernel.money import Amount
from shared.kernel.parameters import Dated, Period


class Counting(StrEnum):
    ROLLING_YEARS = "rolling_years"
    """Any period of years, moving by day; the same day of the first year is in it."""
    FISCAL_YEARS = "fiscal_years"
    """The fiscal year of the day and those before it."""


class Regulation(BaseModel):
    """A de minimis regulation. Ceilings are in euro, per single undertaking and Member State."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: RegulationNumber
    article: str
    kind: AidKind
    ceiling: Amount
    road_ceiling: Amount | None = None
    """Of aid for road transport within `ceiling`."""
    counting: Counting
    years: PositiveInt
    transition_to: date | None = None
    """Schemes under it may still grant aid until this day after its end."""


class Ground(BaseModel):
    """Of aid of one kind: its form and legal basis."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form_pl: str
    form_en: str
    legal_basis_pl: str
    legal_basis_en: str


class CertificateWording(BaseModel):
    """What a certificate says beside the facts of the grant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    nip: Nip
    place: str
    template_pl: str
    template_en: str
    bases: dict[AidBasis, Ground]


class DeMinimisRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    regulations: tuple[Period[Regulation], ...]
    declaration_days: Dated[PositiveInt]
    """How old the applicant's declaration of earlier aid may be on the day of the grant."""
    rate_days: Dated[PositiveInt]
    """How long an announced exchange rate is in force when no other follows."""
    certificate: Dated[CertificateWording]

    @model_validator(mode="after")
    def _each_regulation_once(self) -> Self:
        numbers = [each.value.number for each in self.regulations]
        if len(numbers) != len(set(numbers)):
            raise ValueError("a regulation is given twice")
        return self

    def in_force(self, day: date) -> tuple[Regulation, ...]:
        """Under which aid may be granted on a day, those in transition included."""
        return tuple(each.value for each in self.regulations if _applies(each, day))

    def regulation(self, number: str, day: date, pointer: str) -> Regulation:
        """Raises `kasa.regulation_not_in_force`, naming those that are."""
        found = self.in_force(day)
        for each in found:
            if each.number == number:
                return each
        raise Rejected(
            "kasa.regulation_not_in_force",
            {"day": day.isoformat(), "in_force": [each.number for each in found]},
            pointer,
        )

    def known(self, number: str) -> Regulation | None:
        return next((each.value for each in self.regulations if each.value.number == number), None)


def _applies(period: Period[Regulation], day: date) -> bool:
    transition_to = period.value.transition_to
    return period.covers(day) or (
        transition_to is not None and period.valid_from <= day <= transition_to
    )
