"""Ids that follow from what they name, so that what must be unique can exist once only."""

from typing import Final, Literal
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a003")
"""Of training's derived ids (RFC 9562 §5.5)."""

Named = Literal[
    "programme", "edition", "session", "trainer", "room", "participation", "certificates"
]


def id_of(kind: Named, name: object) -> UUID:
    """The stream of what has this name: a programme or an edition by its code, and so on."""
    return uuid5(NAMESPACE, f"{kind}/{name}")


def room_id(place: str, room: str) -> UUID:
    """Rooms of one name in two places are two rooms; case and spaces tell none apart."""
    return id_of("room", " / ".join(" ".join(name.split()).casefold() for name in (place, room)))
