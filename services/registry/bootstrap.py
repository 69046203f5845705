"""Composition root of the registry: the only place where its parts meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from services.registry.application import Registry
from services.registry.application.erasing import Erasing
from services.registry.application.jobs import IMPORT, ImportHandler, Imports
from services.registry.domain.rules import RegistryRules
from services.registry.projections import registry_projection
from services.registry.publishing import publish
from services.registry.queries import Queries
from services.registry.reactions import (
    reactions_to_kasa,
    reactions_to_reporting,
    reactions_to_research,
    reactions_to_training,
)
from shared.eventstore.reads import recording_reads
from shared.eventstore.vault import Lookup
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.publication import Publication
from shared.messaging.reactions import Reactions
from shared.runtime.answering import Answering
from shared.runtime.clock import legal_today
from shared.runtime.follow import Follower, Loop
from shared.runtime.ground import Ground
from shared.runtime.history import History
from shared.runtime.imports import ImportFiles
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Positions

RULES: Final = Path(__file__).parent / "rules"
Today = Callable[[], date]


@dataclass(frozen=True)
class Composition(Answering[Registry, Queries]):
    """What the calls of the registry are answered with, and how it reacts to others."""

    imports: Imports
    to_training: Reactions
    to_research: Reactions
    to_kasa: Reactions
    to_reporting: Reactions


def compose(settings: ServiceSettings, today: Today = legal_today) -> Composition:
    ground, rules = Ground(settings), _rules()
    lookup = ground.lookup("registry_lookup")
    registry = _registry(ground, lookup, rules, today)
    project = rules.project.on(today())
    parking = Parking(ground.views[COLLECTION])
    return Composition(
        application=registry,
        queries=Queries(
            database=ground.views,
            ledger=registry.recorder.ledger,
            vault=ground.vault,
            lookup=lookup,
            record_read=recording_reads(registry, today),
            today=today,
            targets=project.targets,
            project=project.number,
        ),
        imports=Imports(Jobs(ground.views), ImportFiles(ground.files)),
        to_training=reactions_to_training(registry, parking),
        to_research=reactions_to_research(registry, parking),
        to_kasa=reactions_to_kasa(registry, parking),
        to_reporting=reactions_to_reporting(registry, parking),
        publication=Publication.of(registry, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(registry, ground),
    )


def reactions(settings: ServiceSettings) -> Mapping[str, Reactions]:
    """By publisher, for the operator's commands on parked messages."""
    composition = compose(settings)
    heard = (
        composition.to_training,
        composition.to_research,
        composition.to_kasa,
        composition.to_reporting,
    )
    return {each.publisher: each for each in heard}


def follower(settings: ServiceSettings, today: Today = legal_today) -> Follower:
    ground, rules = Ground(settings), _rules()
    lookup = ground.lookup("registry_lookup")
    registry = _registry(ground, lookup, rules, today)
    return Follower(
        history=History.of(registry),
        views=ground.views,
        projections=[registry_projection(registry.as_of, ground.vault, rules)],
        publication=Publication.of(registry, publish),
        jobs={IMPORT: ImportHandler(registry, ImportFiles(ground.files), rules, today)},
        loops=[Loop("erasures", Erasing(registry, lookup, ground.views, ground.files).run)],
        close=lambda: _close(registry, ground),
    )


def _rules() -> RegistryRules:
    return RegistryRules.parse(path.read_text() for path in sorted(RULES.glob("*.toml")))


def _registry(ground: Ground, lookup: Lookup, rules: RegistryRules, today: Today) -> Registry:
    return Registry(
        ground.ledger,
        vault=ground.vault,
        index=ground.index,
        lookup=lookup,
        rules=rules,
        today=today,
    )


def _close(registry: Registry, ground: Ground) -> None:
    registry.close()
    ground.close()
