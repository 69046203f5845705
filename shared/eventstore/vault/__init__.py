"""Personal data sealed per subject: keys, boxes, erasure, blind indexes."""

from shared.eventstore.vault.errors import (
    BoxDamaged,
    BoxUnreadable,
    ErasureIncomplete,
    KeyMissing,
    KeyUnusable,
    SubjectErased,
    VaultUnavailable,
)
from shared.eventstore.vault.index import BlindIndex
from shared.eventstore.vault.lookup import Lookup, Term
from shared.eventstore.vault.master import MasterKey, MasterKeys, secret_from_base64
from shared.eventstore.vault.store import KeyStore
from shared.eventstore.vault.vault import Unsealed, Vault

__all__ = [
    "BlindIndex",
    "BoxDamaged",
    "BoxUnreadable",
    "ErasureIncomplete",
    "KeyMissing",
    "KeyStore",
    "KeyUnusable",
    "Lookup",
    "MasterKey",
    "MasterKeys",
    "SubjectErased",
    "Term",
    "Unsealed",
    "Vault",
    "VaultUnavailable",
    "secret_from_base64",
]
