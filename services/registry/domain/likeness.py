"""When two records look like one person, and how such pairs are found among sealed records."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from services.registry.domain.personal_record import Personal, readable
from services.registry.domain.rules import LikenessRule
from shared.contracts.registry.vocabulary import (
    IdentityData,
    Likeness,
    LikenessReason,
    MonitoringData,
    OtherId,
)
from shared.kernel.personal import ERASED

SOUNDS_ALIKE: Final = (("ó", "u"), ("ch", "h"), ("rz", "ż"), ("w", "v"), ("y", "i"), ("j", "i"))
"""Polish spellings of one sound, in the order in which they are replaced."""


class BlockingPurpose(StrEnum):
    PESEL = "registry.pesel"
    DOCUMENT = "registry.document"
    BIRTH_DATE = "registry.birth_date"
    NAME = "registry.name"


class BlockingKey(NamedTuple):
    """A normalised value; records that share one are worth comparing.

    Only a keyed digest of it is ever stored, under a key of its own for each purpose.
    """

    purpose: BlockingPurpose
    value: str


def blocking_keys(personal: Personal) -> frozenset[BlockingKey]:
    """What a record is found by; none from a part that cannot be read.

    A pair is found when PESEL, document, birth date or the sound of the name agree, hence missed
    when birth date and name are both mistaken.
    """
    keys = set()
    if isinstance(personal.identity, IdentityData):
        identity = personal.identity
        if identity.pesel:
            keys.add(BlockingKey(BlockingPurpose.PESEL, identity.pesel))
        if identity.other_id:
            keys.add(BlockingKey(BlockingPurpose.DOCUMENT, document(identity.other_id)))
        if name := full_name(identity):
            keys.add(BlockingKey(BlockingPurpose.NAME, sound(name)))
    if isinstance(personal.monitoring, MonitoringData) and personal.monitoring.born_on:
        born_on = personal.monitoring.born_on.isoformat()
        keys.add(BlockingKey(BlockingPurpose.BIRTH_DATE, born_on))
    return frozenset(keys)


def likeness(one: Personal, other: Personal, rule: LikenessRule) -> Likeness | None:
    """Why two records may be one person; None when they do not look so.

    An erased record resembles nobody any more. Raises `Rejected("registry.data_withheld")`.
    """
    if ERASED in (one.identity, other.identity):
        return None
    first, second = readable(one.identity), readable(other.identity)
    if same_pesel(first, second):
        return Likeness(reason=LikenessReason.SAME_PESEL, percent=100)
    if same_document(first, second):
        return Likeness(reason=LikenessReason.SAME_DOCUMENT, percent=100)
    if first.pesel and second.pesel:
        return None
    percent = _name_similarity(first, second) * _birth_date_weight(one, other, rule) // 100
    if percent < rule.suspect_from:
        return None
    return Likeness(reason=LikenessReason.SIMILAR_NAME_AND_BIRTH_DATE, percent=percent)


def same_pesel(one: IdentityData, other: IdentityData) -> bool:
    return one.pesel is not None and one.pesel == other.pesel


def same_document(one: IdentityData, other: IdentityData) -> bool:
    if one.other_id is None or other.other_id is None:
        return False
    return document(one.other_id) == document(other.other_id)


def slip(one: date, other: date) -> bool:
    """A slip of the pen between two dates: day and month exchanged, or one digit wrong."""
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return True
    pairs = zip(one.isoformat(), other.isoformat(), strict=True)
    return sum(a != b for a, b in pairs) == 1


def document(other_id: OtherId) -> str:
    """Country and number without spaces and capitals; the type is too often mistaken."""
    number = re.sub(r"[\W_]", "", other_id.number).upper()
    return f"{other_id.country}/{number}"


def full_name(identity: IdentityData) -> str | None:
    """Given and family name; None unless both are known, since half a name resembles too many."""
    if not (identity.given_name and identity.family_name):
        return None
    return f"{identity.given_name} {identity.family_name}"


def plain(name: str) -> str:
    """A name without capitals, accents and punctuation, its words in alphabetical order."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", letters)))


def sound(name: str) -> str:
    """The sound of a Polish name, so that misspellings of one sound agree."""
    spelt = unicodedata.normalize("NFC", name.casefold())
    for spelling, letter in SOUNDS_ALIKE:
        spelt = spelt.replace(spelling, letter)
    return re.sub(r"(\w)\1+", r"\1", plain(spelt))


def _name_similarity(one: IdentityData, other: IdentityData) -> int:
    """Percent; a second given name or family name that only one record has does not count."""
    names = full_name(one), full_name(other)
    if not (names[0] and names[1]):
        return 0
    return int(fuzz.token_set_ratio(plain(names[0]), plain(names[1])))


def _birth_date_weight(one: Personal, other: Personal, rule: LikenessRule) -> int:
    if ERASED in (one.monitoring, other.monitoring):
        return 0
    first, second = readable(one.monitoring).born_on, readable(other.monitoring).born_on
    if first is None or second is None:
        return 0
    if first == second:
        return 100
    return rule.birth_date_slip if slip(first, second) else 0
