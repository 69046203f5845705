"""Composition root of reporting: the only place where its parts meet."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from services.reporting.application import Reporting
from services.reporting.application.checks import Checks
from services.reporting.application.counting import Counting
from services.reporting.application.disclosure import Disclosure
from services.reporting.application.documents import WRITE, DocumentHandler, Documents
from services.reporting.application.examining import Examining
from services.reporting.application.frozen import Datasets
from services.reporting.application.indicators import COUNT, CountHandler, Numbers
from services.reporting.application.known import KnownFacts
from services.reporting.application.plans import Progress
from services.reporting.application.reports import COMPUTE, ComputeHandler, Computing
from services.reporting.application.sets import read_sets
from services.reporting.formats.labels import Imprint, Labels
from services.reporting.projections import reporting_projection
from services.reporting.publishing import publish
from services.reporting.queries import Queries
from services.reporting.queries.reading import Reading
from services.reporting.reactions import PUBLISHERS, reactions_to
from shared.eventstore.reads import recording_reads
from shared.kernel.parameters import read_toml
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.publication import Publication
from shared.messaging.reactions import Reactions
from shared.runtime.answering import Answering
from shared.runtime.clock import legal_now
from shared.runtime.follow import Follower
from shared.runtime.ground import Ground
from shared.runtime.history import History
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Positions

RULES: Final = Path(__file__).parent / "rules"
DOCUMENTS: Final = RULES / "documents"
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Composition(Answering[Reporting, Queries]):
    """What the calls of reporting are answered with, and how it reacts to each publisher."""

    to: Mapping[str, Reactions]
    numbers: Numbers
    progress: Progress
    computing: Computing
    examining: Examining
    checks: Checks
    documents: Documents


def compose(settings: ServiceSettings, now: Now = legal_now) -> Composition:
    ground = Ground(settings)
    reporting = _reporting(ground, now)
    parking = Parking(ground.views[COLLECTION])
    record_read = recording_reads(reporting, reporting.today)
    return Composition(
        application=reporting,
        queries=Queries(Reading(ground.views, ground.vault, now, record_read)),
        publication=Publication.of(reporting, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(reporting, ground),
        numbers=Numbers(
            _counting(ground, reporting),
            Datasets(ground.files),
            _disclosure(),
            Jobs(ground.views),
            record_read,
        ),
        progress=Progress(reporting, _counting(ground, reporting), _disclosure()),
        computing=Computing(reporting, Jobs(ground.views)),
        examining=Examining(
            reporting,
            _counting(ground, reporting),
            Datasets(ground.files),
            _disclosure(),
            record_read,
        ),
        checks=Checks(_counting(ground, reporting), record_read),
        documents=Documents(
            Progress(reporting, _counting(ground, reporting), _disclosure()), Jobs(ground.views)
        ),
        to={name: reactions_to(name, reporting, parking) for name in PUBLISHERS},
    )


def reactions(settings: ServiceSettings) -> Mapping[str, Reactions]:
    """By publisher, for the operator's commands on parked messages."""
    return compose(settings).to


def follower(settings: ServiceSettings, now: Now = legal_now) -> Follower:
    ground = Ground(settings)
    reporting = _reporting(ground, now)
    counting = replace(_counting(ground, reporting), patient=True)
    datasets = Datasets(ground.files)
    return Follower(
        history=History.of(reporting),
        views=ground.views,
        projections=[reporting_projection(reporting.as_of)],
        publication=Publication.of(reporting, publish),
        jobs={
            COUNT: CountHandler(counting, datasets),
            COMPUTE: ComputeHandler(reporting, counting, datasets),
            WRITE: DocumentHandler(
                Progress(reporting, counting, _disclosure()),
                Examining(
                    reporting,
                    counting,
                    datasets,
                    _disclosure(),
                    recording_reads(reporting, reporting.today),
                ),
                ground.files,
                Labels.model_validate(tomllib.loads((DOCUMENTS / "labels.toml").read_text())),
                Imprint.model_validate(read_toml([(DOCUMENTS / "project.toml").read_text()])),
            ),
        },
        close=lambda: _close(reporting, ground),
    )


def _reporting(ground: Ground, now: Now) -> Reporting:
    return Reporting(
        ground.ledger,
        vault=ground.vault,
        index=ground.index,
        sets=read_sets(RULES / "indicators"),
        now=now,
    )


def _counting(ground: Ground, reporting: Reporting) -> Counting:
    known = KnownFacts(ground.views, ground.vault)
    return Counting(known, reporting.sets, reporting.today)


def _disclosure() -> Disclosure:
    folder = RULES / "disclosure"
    return Disclosure.model_validate(
        read_toml(each.read_text() for each in sorted(folder.glob("*.toml")))
    )


def _close(reporting: Reporting, ground: Ground) -> None:
    reporting.close()
    ground.close()
