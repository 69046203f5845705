"""MongoDB: replica set, collections with their indexes, and users with no right too many.

Nobody but provisioning creates collections or indexes. The user of a ledger may find and insert in
its collections and watch them, nothing else: what was recorded can be neither changed nor removed
by the service that recorded it. Vault and other ledgers are for those who declare that they need them
(`shared.runtime.needs`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pymongo
from pymongo.database import Database
from pymongo.errors import OperationFailure

from shared.eventstore.schema import (
    READING_ROLE,
    create_ledger,
    create_vault,
    create_views,
    ledger_role,
    reading_role,
)
from shared.runtime.files import create_file_store
from shared.runtime.provision.settings import (
    GATEWAY,
    LEDGERS_URI,
    Administrator,
    DatabaseAccess,
    accesses,
    credentials,
    read_file,
)

Document = dict[str, Any]
NOT_YET_INITIALIZED = 94
ELECTION_LIMIT_MS = 30_000
OPTIONAL = ("vault", "ledgers")
"""Rights that a service may have had and lost; the names of its users end so."""


def provision_database(folder: Path, services: Sequence[str], administrator: Administrator) -> None:
    """Make the replica set, then what the settings files of `services` name."""
    initiate_replica_set(administrator.mongodb_uri)
    with pymongo.MongoClient[Document](administrator.mongodb_uri, timeoutMS=30_000) as client:
        create_vault(client["vault"])
        create_file_store(client["files"])
        for service in services:
            create_ledger(client[f"{service}_ledger"])
            create_views(client[f"{service}_views"])
        _set_role(client["admin"], reading_role(f"{service}_ledger" for service in services))
        for name in [*services, GATEWAY]:
            settings = read_file(folder, name)
            given = accesses(name)
            for access in given:
                roles = _roles(client, access)
                _set_user(client["admin"], *credentials(settings[access.key]), roles)
            _keep_users(client["admin"], name, [access.user for access in given])


def initiate_replica_set(uri: str) -> None:
    """Initiate the set that `uri` names with its first host as the only member, unless it is one.

    Waits until a member may write, because what follows needs it.
    """
    hosts = urlsplit(uri).netloc.rpartition("@")[2].split(",")
    user, password = credentials(uri)
    options = pymongo.uri_parser.parse_uri(uri)["options"]
    with pymongo.MongoClient[Document](
        hosts[0], username=user, password=password, directConnection=True, timeoutMS=10_000
    ) as client:
        try:
            client.admin.command("replSetGetStatus")
        except OperationFailure as error:
            if error.code != NOT_YET_INITIALIZED:
                raise
            member = {"_id": 0, "host": hosts[0]}
            name = options.get("replicaset", "rs0")
            client.admin.command("replSetInitiate", {"_id": name, "members": [member]})
    with pymongo.MongoClient[Document](uri, serverSelectionTimeoutMS=ELECTION_LIMIT_MS) as client:
        client.admin.command("ping", read_preference=pymongo.ReadPreference.PRIMARY)


def _roles(client: pymongo.MongoClient[Document], access: DatabaseAccess) -> list[Document]:
    match access.key:
        case "LEDGER_URI":
            role = _set_role(client[access.database], ledger_role(access.database))
        case key if key == LEDGERS_URI:
            role = READING_ROLE
        case _:
            role = "readWrite"
    return [{"role": role, "db": access.database}]


def _set_role(database: Database[Document], command: Document) -> str:
    """Create a role or bring it up to date; its name."""
    role = str(command["createRole"])
    if database.command("rolesInfo", role)["roles"]:
        command = {"updateRole": role} | {k: v for k, v in command.items() if k != "createRole"}
    database.command(command)
    return role


def _keep_users(database: Database[Document], name: str, kept: list[str]) -> None:
    """Remove the users of what a service no longer needs."""
    for right in OPTIONAL:
        user = f"{name}_{right}"
        if user not in kept and database.command("usersInfo", user)["users"]:
            database.command("dropUser", user)


def _set_user(
    database: Database[Document], user: str, password: str, roles: list[Document]
) -> None:
    known = database.command("usersInfo", user)["users"]
    command = "updateUser" if known else "createUser"
    database.command(command, user, pwd=password, roles=roles)
