"""Ids that follow from what they name, so that what must be unique can exist once only."""

from typing import Final, Literal
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a004")
"""Of kasa's derived ids (RFC 9562 §5.5)."""

Named = Literal[
    "enterprise",
    "nip",
    "undertaking",
    "outside",
    "declared",
    "rates",
    "fund",
    "call",
    "need",
    "grant",
    "bank_line",
    "loan",
    "borrower",
]


def id_of(kind: Named, name: object) -> UUID:
    """The stream of what has this name: an enterprise by its code, an outside party by its NIP."""
    return uuid5(NAMESPACE, f"{kind}/{name}")
