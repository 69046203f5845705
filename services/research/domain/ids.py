"""Ids that follow from what they name, so that what must be unique can exist once only."""

from typing import Final, Literal
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a005")
"""Of research's derived ids (RFC 9562 §5.5)."""

Named = Literal[
    "study",
    "instrument",
    "follow_up",
    "link",
    "dataset",
    "facts",
    "diagnosis",
    "invitations",
    "invitation",
    "response",
    "withdrawal",
]


def id_of(kind: Named, name: object) -> UUID:
    """The stream of what has this name: a study by its code."""
    return uuid5(NAMESPACE, f"{kind}/{name}")
