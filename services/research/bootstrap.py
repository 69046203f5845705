"""Composition root of research: the only place where its parts meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from services.research.application import Research
from services.research.application.anonymising import (
    ANONYMISE,
    Anonymisations,
    AnonymiseHandler,
)
from services.research.application.communes import IMPORT, FactsImportHandler, FactsImports
from services.research.application.diagnoses import PUBLISH as PUBLISH_DIAGNOSIS
from services.research.application.diagnoses import Publishing
from services.research.application.frames import Frames
from services.research.application.importing import RESPONSE_IMPORT, ImportHandler, ResponseImports
from services.research.application.instruments import Forms
from services.research.application.inviting import INVITE, InviteHandler, Inviting
from services.research.application.publishing_forms import (
    PUBLISH,
    PublicationHandler,
    Publications,
)
from services.research.application.reading_responses import ReadingResponses
from services.research.application.releases import Releases
from services.research.application.webforms import WebForms
from services.research.domain.rules import ResearchRules
from services.research.projections import research_projection
from services.research.publishing import publish
from services.research.queries import Queries
from services.research.queries.answers import Answers
from services.research.queries.reading import Reading
from services.research.reactions import reactions_to_kasa, reactions_to_registry
from shared.contracts.research.vocabulary.releases import AnalysisKind
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
class Composition(Answering[Research, Queries]):
    """What the calls of research are answered with, and how it reacts to others."""

    inviting: Inviting
    publications: Publications
    releases: Releases
    anonymisations: Anonymisations
    facts_imports: FactsImports
    webforms: WebForms
    response_imports: ResponseImports
    reading_responses: ReadingResponses
    publishing: Publishing
    to_registry: Reactions
    to_kasa: Reactions


def compose(settings: ServiceSettings, now: Now = legal_now) -> Composition:
    ground, rules = Ground(settings), _rules()
    research = _research(ground, rules, now)
    parking = Parking(ground.views[COLLECTION])
    record_read = recording_reads(research, research.today)
    forms, jobs, files = Forms(research), Jobs(ground.views), ImportFiles(ground.files)
    return Composition(
        application=research,
        queries=Queries(Reading(ground.views, ground.vault, rules, now)),
        publication=Publication.of(research, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(research, ground),
        inviting=Inviting(research, jobs, record_read),
        publications=Publications(research, jobs, files),
        releases=Releases(research, jobs, record_read),
        anonymisations=Anonymisations(research, jobs),
        facts_imports=FactsImports(research, jobs, files),
        webforms=WebForms(research, forms),
        response_imports=ResponseImports(research, jobs, files),
        reading_responses=ReadingResponses(research, forms, record_read),
        publishing=Publishing(research, jobs),
        to_registry=reactions_to_registry(research, parking),
        to_kasa=reactions_to_kasa(research, parking),
    )


def reactions(settings: ServiceSettings) -> Mapping[str, Reactions]:
    """By publisher, for the operator's commands on parked messages."""
    composition = compose(settings)
    return {"registry": composition.to_registry, "kasa": composition.to_kasa}


def follower(settings: ServiceSettings, now: Now = legal_now) -> Follower:
    """The jobs that compute need arrays and pictures, which the calls never wait for."""
    from services.research.application.diagnosing import PublishHandler  # noqa: PLC0415
    from services.research.application.exporting import ExportHandler  # noqa: PLC0415
    from services.research.application.releasing import (  # noqa: PLC0415
        DrawHandler,
        PinHandler,
        ReleaseHandler,
    )

    ground, rules = Ground(settings), _rules()
    research = _research(ground, rules, now)
    approved = Answers(ground.views, ground.vault).approved
    return Follower(
        history=History.of(research),
        views=ground.views,
        projections=[research_projection(research.as_of)],
        publication=Publication.of(research, publish),
        jobs={
            INVITE: InviteHandler(research, settings.form_url or ""),
            PUBLISH: PublicationHandler(research, ImportFiles(ground.files)),
            IMPORT: FactsImportHandler(research, ImportFiles(ground.files)),
            RESPONSE_IMPORT: ImportHandler(research, Forms(research), ImportFiles(ground.files)),
            PUBLISH_DIAGNOSIS: PublishHandler(research),
            ANONYMISE: AnonymiseHandler(research),
            AnalysisKind.PINNING: PinHandler(research, approved),
            AnalysisKind.RELEASE: ReleaseHandler(research, approved),
            AnalysisKind.DRAWING: DrawHandler(research),
            AnalysisKind.EXPORT: ExportHandler(research, approved),
        },
        close=lambda: _close(research, ground),
    )


def _rules() -> ResearchRules:
    return ResearchRules.parse(
        {
            subject: [path.read_text() for path in sorted((RULES / subject).glob("*.toml"))]
            for subject in ResearchRules.model_fields
        }
    )


def _research(ground: Ground, rules: ResearchRules, now: Now) -> Research:
    return Research(
        ground.ledger,
        vault=ground.vault,
        index=ground.index,
        rules=rules,
        frames=Frames(ground.views, ground.vault, rules.samples),
        files=ground.files,
        now=now,
    )


def _close(research: Research, ground: Ground) -> None:
    research.close()
    ground.close()
