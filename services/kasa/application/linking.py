"""Finding the single undertaking of a party, and making one of two."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.domain.identifiers import checked_nip
from services.kasa.domain.ids import id_of
from services.kasa.domain.tax_numbers import TaxNumber
from services.kasa.domain.undertaking import Undertaking
from shared.contracts.kasa.vocabulary.undertakings import Link, LinkKind, Party
from shared.kernel.errors import Rejected


def home_of(kasa: Kasa, party: UUID) -> Undertaking:
    """The undertaking that the party belongs to now, from its home onwards.

    Whoever records there meets everybody else who does: a party that goes leaves an event behind.
    """
    undertaking = kasa.load(Undertaking, id_of("undertaking", party))
    while party not in undertaking.parties:
        undertaking = kasa.load(Undertaking, undertaking.gone[party])
    return undertaking


@dataclass(frozen=True)
class Named:
    """A party by its id; one outside of kasa also by its tax number, as it was when looked at."""

    party: UUID
    nip: str | None = None
    number: TaxNumber | None = None


def named(kasa: Kasa, party: Party, pointer: str) -> Named:
    """Whom a command means; a number that an enterprise of kasa holds is that enterprise."""
    if party.enterprise_id is not None:
        return Named(party.enterprise_id)
    nip = checked_nip(party.nip or "", f"{pointer}/nip")
    number = number_of(kasa, nip)
    if number.holder is not None:
        return Named(number.holder)
    return Named(id_of("outside", nip), nip, number)


def undertaking_of(
    kasa: Kasa, party: Named, on: date, pointer: str
) -> tuple[Undertaking, tuple[TaxNumber, ...]]:
    """Where the party belongs. A new one from outside is formed and its number noticed: who claims
    the number at the same moment meets it there. Raises `kasa.party_unknown`.
    """
    if kasa.find(Undertaking, id_of("undertaking", party.party)) is not None:
        return home_of(kasa, party.party), ()
    if party.number is None:
        raise Rejected("kasa.party_unknown", pointer=pointer)
    formed = Undertaking(id_of("undertaking", party.party))
    formed.form(party.party, on, party.nip)
    party.number.notice_outside(on)
    return formed, (party.number,)


def number_of(kasa: Kasa, nip: str) -> TaxNumber:
    number_id = id_of("nip", nip)
    return kasa.find(TaxNumber, number_id) or TaxNumber(number_id)


def joined_with_outside(
    kasa: Kasa,
    undertaking: Undertaking,
    enterprise_id: UUID,
    nip: str,
    on: date,
) -> tuple[Undertaking, ...]:
    """What was known of the outside party of this number is known of the enterprise now."""
    outside = id_of("outside", nip)
    other = undertaking if outside in undertaking.parties else home_of(kasa, outside)
    link = Link(
        link_id=id_of("outside", f"{nip}/{enterprise_id}"),
        kind=LinkKind.MERGER,
        one=enterprise_id,
        other=outside,
        since=on,
        reference=nip,
    )
    if link.link_id in undertaking.links:
        return ()
    if other is not undertaking:
        undertaking.take(other, other.parties, on)
    undertaking.add_link(link, today=on)
    return () if other is undertaking else (other,)
