"""Composition root of training: the only place where its parts meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from services.training.application import Training
from services.training.application.importing import IMPORT, AttendanceImports, ImportHandler
from services.training.application.issuing import ISSUE, IssueHandler, Issues
from services.training.domain.rules import TrainingRules
from services.training.projections import training_projection
from services.training.publishing import publish
from services.training.queries import Queries
from services.training.queries.printing import Printing
from services.training.queries.reading import Reading
from services.training.reactions import reactions_to_registry
from shared.eventstore.reads import recording_reads
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.publication import Publication
from shared.messaging.reactions import Reactions
from shared.runtime.answering import Answering
from shared.runtime.clock import legal_now
from shared.runtime.follow import Follower
from shared.runtime.ground import Ground
from shared.runtime.history import History
from shared.runtime.imports import ImportFiles
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Positions

RULES: Final = Path(__file__).parent / "rules"
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Composition(Answering[Training, Queries]):
    """What the calls of training are answered with, its jobs, and how it reacts to the registry."""

    to_registry: Reactions
    issues: Issues
    imports: AttendanceImports


def compose(settings: ServiceSettings, now: Now = legal_now) -> Composition:
    ground, rules = Ground(settings), _rules()
    training = _training(ground, rules, now)
    return Composition(
        application=training,
        queries=Queries(
            Reading(
                ground.views, ground.vault, rules, now, recording_reads(training, training.today)
            ),
            Printing(ground.files, settings.verification_url or ""),
        ),
        publication=Publication.of(training, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(training, ground),
        to_registry=reactions_to_registry(training, Parking(ground.views[COLLECTION])),
        issues=Issues(training, Jobs(ground.views)),
        imports=AttendanceImports(Jobs(ground.views), ImportFiles(ground.files)),
    )


def reactions(settings: ServiceSettings) -> Mapping[str, Reactions]:
    """By publisher, for the operator's commands on parked messages."""
    composition = compose(settings)
    return {"registry": composition.to_registry}


def follower(settings: ServiceSettings, now: Now = legal_now) -> Follower:
    ground, rules = Ground(settings), _rules()
    training = _training(ground, rules, now)
    return Follower(
        history=History.of(training),
        views=ground.views,
        projections=[training_projection(training.as_of, rules)],
        publication=Publication.of(training, publish),
        jobs={
            ISSUE: IssueHandler(training, ground.files),
            IMPORT: ImportHandler(training, ImportFiles(ground.files)),
        },
        close=lambda: _close(training, ground),
    )


def _rules() -> TrainingRules:
    return TrainingRules.parse(path.read_text() for path in sorted(RULES.glob("*.toml")))


def _training(ground: Ground, rules: TrainingRules, now: Now) -> Training:
    return Training(ground.ledger, vault=ground.vault, index=ground.index, rules=rules, now=now)


def _close(training: Training, ground: Ground) -> None:
    training.close()
    ground.close()
