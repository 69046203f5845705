"""Identifiers and declared values: what cannot be true is refused, contradictions are reported."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as pesel_number

from services.registry.domain.personal_record import Personal
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import (
    Discrepancy,
    IdentityData,
    MonitoringData,
    PersonalData,
    Sex,
)
from shared.kernel.errors import Rejected
from shared.kernel.teryt import names_commune

SEX_IN_PESEL: Final = {"F": Sex.FEMALE, "M": Sex.MALE}
OLDEST: Final = 120
"""Years; an older birth date is a slip of the pen."""


def checked(personal: PersonalData, today: date, rules: RegistryRules) -> PersonalData:
    """The personal data with identifiers in their normal form.

    Raises `Rejected` with the pointer of the first value that cannot be true.
    """
    return personal.model_copy(
        update={
            "identity": _checked_identity(personal.identity, today, rules),
            "monitoring": _checked_monitoring(personal.monitoring, today),
        }
    )


def checked_pesel(number: str, today: date, pointer: str = "/personal/identity/pesel") -> str:
    """The eleven digits, when checksum and birth date hold (00000000000 has no birth date).

    Raises `Rejected("registry.pesel_invalid")` for the field that `pointer` leads to; the details
    never hold the number.
    """
    try:
        compact = pesel_number.validate(number)
    except ValidationError as error:
        raise Rejected(
            "registry.pesel_invalid", {"defect": type(error).__name__}, pointer
        ) from None
    if pesel_number.get_birth_date(compact) > today:
        raise Rejected("registry.pesel_invalid", {"defect": "BirthDateInFuture"}, pointer)
    return compact


def checked_teryt(code: str, on: date, rules: RegistryRules) -> str:
    """A commune code of seven digits in an existing voivodeship."""
    if not names_commune(code, rules.voivodeships.on(on)):
        raise Rejected("registry.teryt_invalid", pointer="/personal/identity/address/teryt")
    return code


def birth_date(personal: Personal) -> date | None:
    """The declared birth date, or else the one in the PESEL; None when neither is readable."""
    if isinstance(personal.monitoring, MonitoringData) and personal.monitoring.born_on:
        return personal.monitoring.born_on
    if isinstance(personal.identity, IdentityData) and personal.identity.pesel:
        return pesel_number.get_birth_date(personal.identity.pesel)
    return None


def discrepancies(personal: Personal) -> tuple[Discrepancy, ...]:
    """Declared values that contradict the PESEL: reported for a person to look at.

    Neither is overwritten: a PESEL may carry a mistake of its own, and sex may have been changed.
    """
    return tuple(_discrepancies(personal))


def _discrepancies(personal: Personal) -> Iterator[Discrepancy]:
    identity, monitoring = personal.identity, personal.monitoring
    if not isinstance(identity, IdentityData) or not isinstance(monitoring, MonitoringData):
        return
    if identity.pesel is None:
        return
    if monitoring.born_on not in (None, pesel_number.get_birth_date(identity.pesel)):
        yield Discrepancy(field="/monitoring/born_on", contradicts="/identity/pesel")
    if monitoring.sex not in (None, SEX_IN_PESEL[pesel_number.get_gender(identity.pesel)]):
        yield Discrepancy(field="/monitoring/sex", contradicts="/identity/pesel")


def _checked_identity(identity: IdentityData, today: date, rules: RegistryRules) -> IdentityData:
    if identity.address:
        checked_teryt(identity.address.teryt, today, rules)
    if identity.pesel is None:
        return identity
    return identity.model_copy(update={"pesel": checked_pesel(identity.pesel, today)})


def _checked_monitoring(monitoring: MonitoringData, today: date) -> MonitoringData:
    born_on, since = monitoring.born_on, monitoring.unemployed_since
    if born_on and not (today.year - OLDEST <= born_on.year and born_on <= today):
        raise Rejected("registry.birth_date_implausible", pointer="/personal/monitoring/born_on")
    if since and (since > today or (born_on and since < born_on)):
        raise Rejected(
            "registry.unemployed_since_implausible",
            pointer="/personal/monitoring/unemployed_since",
        )
    return monitoring
