"""What both processes of a service stand on: its databases, the vault, the files."""

from collections.abc import Mapping
from typing import Final

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
from shared.runtime.settings import ServiceSettings, database_of
from shared.runtime.views import Views


class Ground:
    """Connections and keys of one service, by its settings; close it in the end.

    `ledger` is the environment of its `LedgerApplication`.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._clients = [
            connect(uri) for uri in (settings.views_uri, settings.vault_uri, settings.ledger_uri)
        ]
        views_client, vault_client, _ = self._clients
        self._keys = durable(vault_client, database_of(settings.vault_uri))
        self.ledger: Final[Mapping[str, str]] = {
            "MONGODB_URI": settings.ledger_uri,
            "MONGODB_DATABASE": settings.ledger_database,
        }
        self.views: Final[Views] = durable(views_client, settings.views_database)
        self.index: Final = BlindIndex(secret_from_base64(settings.vault_index_key))
        self.vault: Final = Vault(
            KeyStore(self._keys), MasterKeys(MasterKey.from_base64(settings.vault_master_key))
        )
        self.files: Final = FileStore.connect(settings.files_uri, settings.files_master_key)

    def lookup(self, name: str) -> Lookup:
        """The service's index of what people are found by; ready to use."""
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
