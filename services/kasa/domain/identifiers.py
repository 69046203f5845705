"""Numbers in public registers: what cannot be one is refused before it is recorded."""

import re
from datetime import date
from typing import Any, Final

from stdnum.exceptions import ValidationError
from stdnum.pl import nip as nip_number
from stdnum.pl import pesel
from stdnum.pl import regon as regon_number

from services.kasa.domain.rules.enterprises import EnterpriseRules
from shared.contracts.kasa.vocabulary.enterprises import Identifiers, Person
from shared.kernel.errors import Rejected
from shared.kernel.teryt import names_commune

NO_KRS: Final = "0000000000"
_SEPARATORS: Final = re.compile(r"[./-]")
_ELEVEN_DIGITS: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")


def checked_identifiers(identifiers: Identifiers, pointer: str = "/identifiers") -> Identifiers:
    """The numbers in their normal form. Raises `kasa.nip_invalid`, `kasa.regon_invalid`,
    `kasa.krs_invalid`.
    """
    nip, regon = identifiers.nip, identifiers.regon
    if identifiers.krs == NO_KRS:
        raise Rejected("kasa.krs_invalid", pointer=f"{pointer}/krs")
    return Identifiers(
        nip=nip and checked_nip(nip, f"{pointer}/nip"),
        regon=regon and _compact(regon_number, regon, "kasa.regon_invalid", f"{pointer}/regon"),
        krs=identifiers.krs,
    )


def checked_nip(number: str, pointer: str) -> str:
    """Ten digits whose checksum holds. Raises `kasa.nip_invalid`."""
    return _compact(nip_number, number, "kasa.nip_invalid", pointer)


def checked_teryt(code: str, on: date, rules: EnterpriseRules, pointer: str) -> str:
    """A commune code in an existing voivodeship. Raises `kasa.teryt_invalid`."""
    if not names_commune(code, rules.voivodeships.on(on, pointer)):
        raise Rejected("kasa.teryt_invalid", pointer=pointer)
    return code


def require_no_pesel(person: Person) -> None:
    """What an enterprise keeps a person under is recorded in clear and for good, so it is never the
    number of the state register. Raises `kasa.number_is_pesel`.
    """
    number = _SEPARATORS.sub("", person.number or "")
    if any(pesel.is_valid(each) for each in _ELEVEN_DIGITS.findall(number)):
        raise Rejected("kasa.number_is_pesel", pointer="/person/number")


def _compact(kind: Any, number: str, code: str, pointer: str) -> str:
    try:
        compact: str = kind.validate(number)
    except ValidationError as error:
        raise Rejected(code, {"defect": type(error).__name__}, pointer) from None
    return compact
