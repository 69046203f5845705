"""What both processes of a service stand on: its databases, the vault, the files."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from pymongo import MongoClient

from shared.eventstore.connection import connect, durable
from shared.eventstore.vault import (
    BlindIndex,
    KeyStore,
    Lookup,
    MasterKey,
    MasterKeys,
    Vault,
    secret_from_base64,
)
from shared.runtime.files import FileStore
from shared.runtime.settings import ServiceSettings, Unconfigured, database_of
from shared.runtime.views import Views


class Ground:
    """Connections and keys of one service, by its settings; close it in the end.

    `ledger` is the environment of its `LedgerApplication`.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings: Final = settings
        self._clients = [connect(uri) for uri in (settings.views_uri, settings.ledger_uri)]
        self.ledger: Final[Mapping[str, str]] = {
            "MONGODB_URI": settings.ledger_uri,
            "MONGODB_DATABASE": settings.ledger_database,
        }
        self.views: Final[Views] = durable(self._clients[0], settings.views_database)
        self.index: Final = BlindIndex(secret_from_base64(settings.index_key))
        self.files: Final = FileStore.connect(settings.files_uri, settings.files_master_key)

    @cached_property
    def vault(self) -> Vault:
        """Raises `Unconfigured` for a service that did not declare to need it."""
        master = self._settings.vault_master_key
        if master is None:
            raise self._undeclared
        return Vault(KeyStore(self._keys), MasterKeys(MasterKey.from_base64(master)))

    def ledger_of(self, service: str) -> Views:
        """The ledger of any service, to read. Raises `Unconfigured` where that was not declared."""
        return durable(self._ledgers, f"{service}_ledger")

    def lookup(self, name: str) -> Lookup:
        """The service's index of what people are found by; ready to use. Raises as `vault` does."""
        lookup = Lookup(self._keys[name], self.index)
        lookup.prepare()
        return lookup

    def ready(self) -> bool:
        """Whether every database can be written, as its client's monitor last saw; asks nobody."""
        return all(client.topology_description.has_writable_server() for client in self._clients)

    def close(self) -> None:
        self.files.close()
        for client in self._clients:
            client.close()

    @cached_property
    def _keys(self) -> Views:
        uri = self._settings.vault_uri
        if uri is None:
            raise self._undeclared
        client = connect(uri)
        self._clients.append(client)
        return durable(client, database_of(uri))

    @cached_property
    def _ledgers(self) -> MongoClient[dict[str, Any]]:
        uri = self._settings.ledgers_uri
        if uri is None:
            raise Unconfigured(f"{self._settings.service} may not read the ledgers of others")
        client = connect(uri)
        self._clients.append(client)
        return client

    @property
    def _undeclared(self) -> Unconfigured:
        service = self._settings.service
        return Unconfigured(f"{service} has no vault: services/{service}/needs.toml declares none")
