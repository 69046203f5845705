"""What the vault's database consists of. Only provisioning and tests write it."""

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from shared.eventstore.vault.store import KEYS, TOMBSTONES


def create_vault(database: Database[Any]) -> None:
    """Create the vault's collections and indexes where they are missing."""
    for missing in {KEYS, TOMBSTONES} - set(database.list_collection_names()):
        database.create_collection(missing, check_exists=False)
    by_name = [("subject", ASCENDING), ("class", ASCENDING)]
    for collection in (KEYS, TOMBSTONES):
        database[collection].create_index(by_name, name="subject_class", unique=True)
