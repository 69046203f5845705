"""Words of disclosure control."""

from enum import StrEnum


class Audience(StrEnum):
    """For whom a table is made."""

    INTERNAL = "internal"
    """Researchers and coordinators of the partnership, bound to secrecy."""
    PUBLIC = "public"


class UnitKind(StrEnum):
    """Whom a table counts."""

    PERSONS = "persons"
    ENTITIES = "entities"


class Rounding(StrEnum):
    """What is done to the numbers of a table instead of, or after, hiding cells."""

    NONE = "none"
    IFS_2023 = "ifs_2023"
    """Each number by itself: 1 to 7 becomes 5, from 8 on the nearest multiple of ten."""
    CONTROLLED = "controlled"
    """All to multiples of five so that the totals still add up; one and two dimensions."""
