"""Composition root of the registry: the only place where its parts meet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from services.registry.application import Registry
from services.registry.application.jobs import IMPORT, ImportHandler, Imports
from services.registry.domain.rules import RegistryRules
from services.registry.projections import registry_projection
from services.registry.publishing import publish
from services.registry.queries import Queries
from shared.contracts.model import Published
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
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
from shared.kernel.errors import Rejected
from shared.messaging.calls import CallContext, act_of
from shared.messaging.publication import LedgerHistory, Publication
from shared.runtime.clock import legal_today
from shared.runtime.files import FileStore
from shared.runtime.follow import Follower
from shared.runtime.history import History
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings, database_of
from shared.runtime.views import Positions, Views

RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)

WAIT_SECONDS = 3.0
"""How long a query waits for the read models to reach the position its caller has seen."""
RULES = Path(__file__).parent / "rules"


class Parts:
    """What both processes of the registry are made of."""

    def __init__(self, settings: ServiceSettings, today: Callable[[], date]) -> None:
        self._clients = [
            connect(uri) for uri in (settings.views_uri, settings.vault_uri, settings.ledger_uri)
        ]
        views_client, vault_client, _ = self._clients
        index = BlindIndex(secret_from_base64(settings.vault_index_key))
        keys = durable(vault_client, database_of(settings.vault_uri))
        self.today = today
        self.rules = RegistryRules.parse(path.read_text() for path in sorted(RULES.glob("*.toml")))
        self.vault = Vault(
            KeyStore(keys), MasterKeys(MasterKey.from_base64(settings.vault_master_key))
        )
        self.lookup = Lookup(keys["registry_lookup"], index)
        self.lookup.prepare()
        self.views: Views = durable(views_client, settings.views_database)
        self.files = FileStore.connect(settings.files_uri, settings.files_master_key)
        self.registry = Registry(
            {"MONGODB_URI": settings.ledger_uri, "MONGODB_DATABASE": settings.ledger_database},
            vault=self.vault,
            index=index,
            lookup=self.lookup,
            rules=self.rules,
            today=today,
        )
        history = LedgerHistory.sealed(Registry.name, self.registry.recorder.ledger)
        self.publication = Publication(Registry.name, history, publish)

    def ready(self) -> bool:
        """Whether every database can be written, as its client's monitor last saw; asks nobody."""
        return all(client.topology_description.has_writable_server() for client in self._clients)

    def close(self) -> None:
        self.registry.close()
        self.files.close()
        for client in self._clients:
            client.close()


@dataclass(frozen=True)
class Composition:
    """What the calls of the registry are answered with."""

    registry: Registry
    queries: Queries
    imports: Imports
    feed: Publication
    positions: Positions
    ready: Callable[[], bool]
    close: Callable[[], None]

    def command(
        self,
        decide: Callable[[Registry, RequestT, Act], Receipt],
        request: RequestT,
        context: CallContext,
    ) -> Receipt:
        digest = self.registry.digest_of(str(context.operation), context.call.payload)
        act = act_of(context, digest)
        return self.registry.once(act, lambda: decide(self.registry, request, act))

    def query(
        self,
        answer: Callable[[RequestT, Act], ReplyT],
        request: RequestT,
        context: CallContext,
    ) -> ReplyT:
        seen = context.call.at_least
        if seen is not None and not self.positions.wait_for(seen, WAIT_SECONDS):
            raise Rejected("not_caught_up", {"position": seen})
        return answer(request, act_of(context))


def compose(settings: ServiceSettings, today: Callable[[], date] = legal_today) -> Composition:
    parts = Parts(settings, today)
    project = parts.rules.project.on(today())
    return Composition(
        registry=parts.registry,
        queries=Queries(
            database=parts.views,
            vault=parts.vault,
            lookup=parts.lookup,
            record_read=parts.registry.record_read,
            today=today,
            targets=project.targets,
            project=project.number,
        ),
        imports=Imports(Jobs(parts.views), parts.files),
        feed=parts.publication,
        positions=Positions(parts.views),
        ready=parts.ready,
        close=parts.close,
    )


def follower(settings: ServiceSettings, today: Callable[[], date] = legal_today) -> Follower:
    parts = Parts(settings, today)
    registry = parts.registry
    projection = registry_projection(registry.as_of, parts.vault, parts.rules)
    return Follower(
        history=History(registry.recorder.ledger, registry.mapper.to_domain_events),
        views=parts.views,
        projections=[projection],
        publication=parts.publication,
        jobs={IMPORT: ImportHandler(registry, parts.files, parts.rules, today)},
        close=parts.close,
    )
