"""Composition root of kasa: the only place where its parts meet."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.importing import IMPORT, ImportHandler, StatementImports
from services.kasa.application.loans_review import review_loans
from services.kasa.domain.rules import KasaRules
from services.kasa.projections import kasa_projection
from services.kasa.publishing import publish
from services.kasa.queries import Queries
from services.kasa.queries.reading import Reading
from services.kasa.reactions import (
    reactions_to_registry,
    reactions_to_research,
    reactions_to_training,
)
from shared.contracts.kasa.vocabulary.loans import LoanState
from shared.eventstore.reads import recording_reads
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.publication import Publication
from shared.messaging.reactions import Reactions
from shared.runtime.answering import Answering
from shared.runtime.clock import legal_now
from shared.runtime.daily import Daily
from shared.runtime.follow import Follower, Loop
from shared.runtime.ground import Ground
from shared.runtime.history import History
from shared.runtime.imports import ImportFiles
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Positions

RULES: Final = Path(__file__).parent / "rules"
Now = Callable[[], datetime]
RUNNING: Final = [LoanState.RUNNING.value, LoanState.RESTRUCTURED.value]
CAUGHT_UP_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Composition(Answering[Kasa, Queries]):
    """What the calls of kasa are answered with, its jobs, and how it reacts to others."""

    to_registry: Reactions
    to_training: Reactions
    to_research: Reactions
    imports: StatementImports


def compose(settings: ServiceSettings, now: Now = legal_now) -> Composition:
    ground, rules = Ground(settings), _rules()
    kasa = _kasa(ground, rules, now)
    parking = Parking(ground.views[COLLECTION])
    return Composition(
        application=kasa,
        queries=Queries(
            Reading(
                ground.views,
                ground.vault,
                rules,
                now,
                kasa.as_of,
                recording_reads(kasa, kasa.today),
                ground.files,
            )
        ),
        publication=Publication.of(kasa, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(kasa, ground),
        to_registry=reactions_to_registry(kasa, parking),
        to_training=reactions_to_training(kasa, parking),
        to_research=reactions_to_research(kasa, parking),
        imports=StatementImports(kasa, Jobs(ground.views), ImportFiles(ground.files)),
    )


def reactions(settings: ServiceSettings) -> Mapping[str, Reactions]:
    """By publisher, for the operator's commands on parked messages."""
    composition = compose(settings)
    return {
        "registry": composition.to_registry,
        "training": composition.to_training,
        "research": composition.to_research,
    }


def follower(settings: ServiceSettings, now: Now = legal_now) -> Follower:
    ground, rules = Ground(settings), _rules()
    kasa = _kasa(ground, rules, now)
    return Follower(
        history=History.of(kasa),
        views=ground.views,
        projections=[kasa_projection(kasa.as_of, rules)],
        publication=Publication.of(kasa, publish),
        jobs={IMPORT: ImportHandler(kasa, ImportFiles(ground.files))},
        loops=[Loop("loan review", _loan_review(kasa, ground).run)],
        close=lambda: _close(kasa, ground),
    )


def _loan_review(kasa: Kasa, ground: Ground) -> Daily:
    """Of the loans that the read models know to be running, once they include all that is recorded."""
    positions, history = Positions(ground.views), History.of(kasa)

    def review(day: date, stop: threading.Event) -> None:
        head = history.head()
        while not positions.wait_for(head, CAUGHT_UP_SECONDS):
            if stop.is_set():
                return
        running = ground.views["loans"].find({"state": {"$in": RUNNING}}, {"_id": 1})
        loans = [UUID(each["_id"]) for each in running.sort("_id")]
        review_loans(kasa, loans, day, stop)

    return Daily("loan_review", ground.views, kasa.today, review)


def _rules() -> KasaRules:
    subjects = (folder for folder in sorted(RULES.iterdir()) if folder.is_dir())
    return KasaRules.parse(
        {each.name: [path.read_text() for path in sorted(each.glob("*.toml"))] for each in subjects}
    )


def _kasa(ground: Ground, rules: KasaRules, now: Now) -> Kasa:
    return Kasa(ground.ledger, vault=ground.vault, index=ground.index, rules=rules, now=now)


def _close(kasa: Kasa, ground: Ground) -> None:
    kasa.close()
    ground.close()
