"""Finding the single undertaking of a party, and making one of two."""

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


def party_id(kasa: Kasa, party: Party, pointer: str) -> tuple[UUID, str | None]:
    """The id of a party, and the tax number of one outside; a number that an enterprise of kasa
    holds is that enterprise.
    """
    if party.enterprise_id is not None:
        return party.enterprise_id, None
    nip = checked_nip(party.nip or "", f"{pointer}/nip")
    holder = number_of(kasa, nip).holder
    return (id_of("outside", nip), nip) if holder is None else (holder, None)


def undertaking_of(
    kasa: Kasa, party: UUID, nip: str | None, on: date, pointer: str
) -> tuple[Undertaking, tuple[TaxNumber, ...]]:
    """That of an enterprise, or of an outside party; a new one is formed, and its number noticed.

    Raises `kasa.party_unknown`.
    """
    home = kasa.find(Undertaking, id_of("undertaking", party))
    if home is not None:
        return home_of(kasa, party), ()
    if nip is None:
        raise Rejected("kasa.party_unknown", pointer=pointer)
    formed = Undertaking(id_of("undertaking", party))
    formed.form(party, on, nip)
    number = number_of(kasa, nip)
    number.notice_outside(on)
    return formed, (number,)


def number_of(kasa: Kasa, nip: str) -> TaxNumber:
    number_id = id_of("nip", nip)
    return kasa.find(TaxNumber, number_id) or TaxNumber(number_id)


def joined_with_outside(
    kasa: Kasa, undertaking: Undertaking, enterprise_id: UUID, nip: str, on: date
) -> tuple[Undertaking, ...]:
    """What was known of an outside party of this number is known of the enterprise now."""
    outside = id_of("outside", nip)
    if not number_of(kasa, nip).outside:
        return ()
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
