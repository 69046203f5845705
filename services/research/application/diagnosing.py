"""Publishing a diagnosis, done in `follow`: its files are made, kept and recorded at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count, product
from typing import Any, Final

from services.research.application import Research
from services.research.application.diagnoses import diagnosis_within, releases_of
from services.research.domain.diagnosis import Diagnosis
from services.research.domain.ids import id_of
from services.research.domain.study import Study
from services.research.formats.codebook import codebook_xml
from services.research.formats.dcat import dcat_jsonld
from services.research.formats.language import Language
from services.research.formats.manifest import manifest_json
from services.research.formats.plots import is_drawable, plot
from services.research.formats.publication import Paragraph, Publication, table_file
from services.research.formats.report import report_pdf
from services.research.formats.table_csv import table_csv
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import diagnoses as commands
from shared.contracts.research.vocabulary.diagnoses import (
    DiagnosisState,
    Edition,
    Imprint,
    PublishedFile,
)
from shared.eventstore.acts import Act
from shared.runtime.jobs import Job, Progress, act_of
from shared.runtime.plotting import MEDIA_TYPES

KEPT: Final = timedelta(days=36_500)
"""What was published stays; should a file be lost, the same diagnosis gives the same bytes."""
LIMIT: Final = 64 << 20

File = tuple[str, str, bytes]
"""Name, media type, content."""


@dataclass(frozen=True)
class PublishHandler:
    """Run again after a crash, it publishes nothing twice."""

    research: Research

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.PublishDiagnosis.model_validate(job.input["request"])
        act = act_of(job)
        self.research.once(act, lambda: self._publish(request, act))
        return {"diagnosis_id": str(request.diagnosis_id)}

    def _publish(self, request: commands.PublishDiagnosis, act: Act) -> Receipt:
        research, today = self.research, self.research.today()
        diagnosis = diagnosis_within(research, request.diagnosis_id, act)
        diagnosis.require_approved()
        publication = publication_of(research, diagnosis, request.imprint, today)
        files, kept = [], {}
        for name, media_type, content in files_of(publication, str(request.imprint.address)):
            files.append(_told(name, media_type, content))
            kept[name] = self._kept(name, media_type, content)
        edition = Edition(**dict(request.imprint), files=tuple(files))
        diagnosis.publish(edition, kept, on=today, today=today, by=act.caller.subject)
        earlier = before(research, diagnosis)
        if earlier is None:
            return research.commit(act, diagnosis)
        earlier.supersede(diagnosis, on=today, today=today)
        return research.commit(act, diagnosis, earlier)

    def _kept(self, name: str, media_type: str, content: bytes) -> str:
        with self.research.files.create(
            name=name, content_type=media_type, limit=LIMIT, lifetime=KEPT
        ) as writer:
            writer.write(content)
            return writer.finish()


def before(research: Research, diagnosis: Diagnosis) -> Diagnosis | None:
    """The version of the report that is published now."""
    contents = diagnosis.contents
    for version in range(contents.report_version - 1, 0, -1):
        found = research.find(Diagnosis, id_of("diagnosis", f"{contents.code}/{version}"))
        if found is not None and found.state is DiagnosisState.PUBLISHED:
            return found
    return None


def publication_of(
    research: Research, diagnosis: Diagnosis, imprint: Imprint, on: date
) -> Publication:
    """Its tables in the order of its releases, numbered through."""
    contents = diagnosis.contents
    study = research.load(Study, contents.study_id)
    known = {made.release_id: made for made in releases_of(research, study)}
    made = [known[each] for each in contents.releases]
    numbers = count(1)
    rules = research.rules.indicators
    return Publication(
        diagnosis_id=diagnosis.id,
        contents=contents,
        tables=tuple(
            table.model_copy(update={"number": next(numbers)})
            for each in made
            for table in each.tables
        ),
        publisher=imprint.publisher,
        licence=imprint.licence,
        keywords_pl=imprint.keywords_pl,
        keywords_en=imprint.keywords_en,
        first_day=imprint.first_day,
        last_day=imprint.last_day,
        published_on=on,
        project=imprint.project,
        funding=imprint.funding,
        method=Paragraph(pl=imprint.method_pl, en=imprint.method_en),
        disclosure_rule=", ".join(sorted({each.parameters.digest[:12] for each in made})),
        components={
            each.indicator: rules.indicators[each.indicator].on(on).name
            for each in rules.need_index.on(on).components
        },
        communes=imprint.communes,
    )


def files_of(publication: Publication, address: str) -> Iterator[File]:
    """The manifest names all but itself and the catalogue, the catalogue all but itself."""
    files = list(_contents(publication))
    yield from files
    told = [_told(*each) for each in files]
    manifest = ("manifest.json", "application/json", manifest_json(publication, told))
    yield manifest
    catalogue = dcat_jsonld(publication, [*told, _told(*manifest)], address)
    yield "catalogue.jsonld", "application/ld+json", catalogue


def _contents(publication: Publication) -> Iterator[File]:
    for language in Language:
        yield f"report-{language}.pdf", "application/pdf", report_pdf(publication, language)
    for table in publication.tables:
        yield table_file(table), "text/csv", table_csv(table)
    for table in filter(is_drawable, publication.tables):
        for language, (form, media_type) in product(Language, MEDIA_TYPES.items()):
            name = f"plot-{table.number:02}-{language}.{form}"
            yield name, media_type, plot(table, language, form).content
    yield "codebook.xml", "application/xml", codebook_xml(publication)


def _told(name: str, media_type: str, content: bytes) -> PublishedFile:
    digest = sha256(content).hexdigest()
    return PublishedFile(name=name, media_type=media_type, digest=digest, size=len(content))
