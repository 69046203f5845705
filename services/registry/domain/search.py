"""What a record is found by: the values whose keyed digests are indexed."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from stdnum.pl import pesel as pesel_number

from services.registry.domain.likeness import BlockingPurpose, blocking_keys, document, plain
from services.registry.domain.participant import Participant
from shared.contracts.registry.commands import RegisterParticipant
from shared.contracts.registry.vocabulary import IdentityData

FAMILY_NAME: Final = "registry.family_name"
REFERENCE: Final = "registry.reference"
APPLICATION: Final = "registry.application"

Key = tuple[str, str]
"""Purpose and normalised value."""


def keys_of(participant: Participant) -> frozenset[Key]:
    return frozenset(_keys_of(participant))


def _keys_of(participant: Participant) -> Iterator[Key]:
    personal = participant.personal.current()
    yield from blocking_keys(personal)
    if isinstance(personal.identity, IdentityData) and personal.identity.family_name:
        yield FAMILY_NAME, plain(personal.identity.family_name)
    if isinstance(participant.reference, str):
        yield reference_key(participant.partner, participant.reference)


def reference_key(partner: str, reference: str) -> Key:
    """A file number is unique within the partner that gave it."""
    return REFERENCE, f"{partner}/{reference}"


def identifying_keys(command: RegisterParticipant) -> frozenset[Key]:
    """What says for sure whom an application is about: identifiers, the partner's file number, or
    else the whole application, which is the same when it is handed in twice.
    """
    identity = command.personal.identity
    keys: set[Key] = set()
    if identity.pesel:
        keys.add((BlockingPurpose.PESEL, identity.pesel))
    if identity.other_id:
        keys.add((BlockingPurpose.DOCUMENT, document(identity.other_id)))
    if command.reference:
        keys.add(reference_key(command.partner, command.reference))
    return frozenset(keys or {application_key(command)})


def application_key(command: RegisterParticipant) -> Key:
    return APPLICATION, command.model_dump_json(exclude_none=True)


def search_keys(pesel: str | None, family_name: str | None, born_on: date | None) -> frozenset[Key]:
    """The keys that a record must have, all of them, to answer a search."""
    wanted: set[Key] = set()
    if pesel is not None:
        wanted.add((BlockingPurpose.PESEL, pesel_number.compact(pesel)))
    if family_name is not None:
        wanted.add((FAMILY_NAME, plain(family_name)))
    if born_on is not None:
        wanted.add((BlockingPurpose.BIRTH_DATE, born_on.isoformat()))
    return frozenset(wanted)
