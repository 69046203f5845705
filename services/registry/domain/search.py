"""What a record is found by: the values whose keyed digests are indexed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from services.registry.domain.identifiers import checked_pesel
from services.registry.domain.likeness import (
    BlockingPurpose,
    blocking_keys,
    document,
    plain,
)
from services.registry.domain.participant import Participant
from shared.contracts.registry.commands import RegisterParticipant
from shared.contracts.registry.vocabulary import IdentityData

FAMILY_NAME: Final = "registry.family_name"
REFERENCE: Final = "registry.reference"
APPLICATION: Final = "registry.application"
MERGED_INTO: Final = "registry.merged_into"

BLOCKING: Final = frozenset[str](BlockingPurpose)
WITHOUT_PESEL: Final[Mapping[str, str]] = {
    BlockingPurpose.NAME: "registry.name/without_pesel",
    BlockingPurpose.BIRTH_DATE: "registry.birth_date/without_pesel",
}
"""Under which the records without PESEL are found a second time."""

Key = tuple[str, str]
"""Purpose and normalised value."""


def keys_of(participant: Participant) -> frozenset[Key]:
    """All that the participant's record is found by."""
    return frozenset(_keys_of(participant))


def compared_keys(own: frozenset[Key]) -> frozenset[Key]:
    """Of the keys of a record, those that one of the same person has too, at least one of them.

    Two different PESELs tell two persons apart, so who has one is compared by name and birth date
    with those only who have none: most people share both with others, and would be compared with
    ever more of them.
    """
    keys = [(purpose, value) for purpose, value in own if purpose in BLOCKING]
    if not _numbered(keys):
        return frozenset(keys)
    return frozenset((WITHOUT_PESEL.get(purpose, purpose), value) for purpose, value in keys)


def _numbered(keys: Iterable[Key]) -> bool:
    return any(purpose == BlockingPurpose.PESEL for purpose, _ in keys)


def _keys_of(participant: Participant) -> Iterator[Key]:
    personal = participant.personal.current()
    keys = blocking_keys(personal)
    yield from keys
    if not _numbered(keys):
        yield from (
            (WITHOUT_PESEL[purpose], value) for purpose, value in keys if purpose in WITHOUT_PESEL
        )
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


def merge_key(kept: UUID) -> Key:
    """A merged record is found by the one that was kept."""
    return MERGED_INTO, str(kept)


def search_keys(
    pesel: str | None, family_name: str | None, born_on: date | None, today: date
) -> frozenset[Key]:
    """The keys that a record must have, all of them, to answer a search.

    Raises `Rejected("registry.pesel_invalid")`: a number that no record can have is a slip.
    """
    wanted: set[Key] = set()
    if pesel is not None:
        wanted.add((BlockingPurpose.PESEL, checked_pesel(pesel, today, "/pesel")))
    if family_name is not None:
        wanted.add((FAMILY_NAME, plain(family_name)))
    if born_on is not None:
        wanted.add((BlockingPurpose.BIRTH_DATE, born_on.isoformat()))
    return frozenset(wanted)
