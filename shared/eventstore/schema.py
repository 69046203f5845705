"""What the databases of a ledger and of the vault consist of. Only provisioning and tests write it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

COMMITS: Final = "commits"
SNAPSHOTS: Final = "snapshots"
TRACKING: Final = "tracking"
POSITIONS: Final = "positions"

READING_ROLE: Final = "every_ledger_read"

KEYS: Final = "keys"
TOMBSTONES: Final = "tombstones"
APPLIED: Final = "applied"

STREAM_INDEX: Final = "stream"
COMMIT_ID_INDEX: Final = "commit_id"
TRACKING_INDEX: Final = "tracking"

# `_id` (the first position of a commit) is unique by itself. No index on `last`: reads find the
# commit that contains a position through `_id`, so an append pays for three indexes only.
_LEDGER: Final[Mapping[str, list[IndexModel]]] = {
    COMMITS: [
        IndexModel([("commit_id", ASCENDING)], name=COMMIT_ID_INDEX, unique=True),
        IndexModel([("e.o", ASCENDING), ("e.v", ASCENDING)], name=STREAM_INDEX, unique=True),
        IndexModel(
            [("tracking.a", ASCENDING), ("tracking.n", ASCENDING)],
            name=TRACKING_INDEX,
            unique=True,
            partialFilterExpression={"tracking.a": {"$exists": True}},
        ),
    ],
    SNAPSHOTS: [
        IndexModel([("o", ASCENDING), ("v", ASCENDING)], name=STREAM_INDEX, unique=True),
    ],
    TRACKING: [
        IndexModel([("a", ASCENDING), ("n", ASCENDING)], name=TRACKING_INDEX, unique=True),
    ],
}

_BY_SUBJECT: Final = IndexModel(
    [("subject", ASCENDING), ("class", ASCENDING)], name="subject", unique=True
)
_VAULT: Final[Mapping[str, list[IndexModel]]] = {
    KEYS: [_BY_SUBJECT],
    TOMBSTONES: [_BY_SUBJECT],
    APPLIED: [],
}


def create_ledger(database: Database[Any]) -> None:
    """Create the ledger's collections and indexes where they are missing."""
    _create(database, _LEDGER)


def create_stream_collection(database: Database[Any], name: str) -> None:
    """Create a collection of single stored events, unique by stream and version."""
    _create(database, {name: _LEDGER[SNAPSHOTS]})


def create_views(database: Database[Any]) -> None:
    """Create what projections need beside their own documents: their positions."""
    _create(database, {POSITIONS: []})


def create_vault(database: Database[Any]) -> None:
    """Create the vault's collections and indexes where they are missing."""
    _create(database, _VAULT)


def ledger_role(database: str) -> dict[str, Any]:
    """The `createRole` command of a service's right on its own ledger: find and insert.

    Neither update nor remove is granted, so that not even a defect of ours can change a commit.
    `changeStream` wakes subscriptions, `listIndexes` lets a recorder refuse a ledger without its
    unique indexes.
    """
    actions = ["find", "insert", "changeStream", "listIndexes"]
    return {
        "createRole": f"{database}_append",
        "privileges": [
            {"resource": {"db": database, "collection": collection}, "actions": actions}
            for collection in _LEDGER
        ],
        "roles": [],
    }


def reading_role(databases: Iterable[str]) -> dict[str, Any]:
    """The `createRole` command of the right to find the commits of all these ledgers."""
    return {
        "createRole": READING_ROLE,
        "privileges": [
            {"resource": {"db": database, "collection": COMMITS}, "actions": ["find"]}
            for database in databases
        ],
        "roles": [],
    }


def missing_indexes(database: Database[Any]) -> list[str]:
    """Names (`collection.index`) of the ledger's indexes that the database lacks."""
    return [
        f"{collection}.{name}"
        for collection, models in _LEDGER.items()
        for name in sorted(
            {model.document["name"] for model in models}
            - set(database[collection].index_information())
        )
    ]


def _create(database: Database[Any], collections: Mapping[str, list[IndexModel]]) -> None:
    existing = set(database.list_collection_names())
    for name, indexes in collections.items():
        if name not in existing:
            database.create_collection(name, check_exists=False)
        if indexes:
            database[name].create_indexes(indexes)
