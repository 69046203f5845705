"""Publishing a version from an uploaded file, as a job: a workbook is read where no call waits."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter

from services.research.application import Research
from services.research.application.instruments import publish_version
from services.research.domain.form.canonical import LIMIT as DEFINITION_LIMIT
from services.research.domain.form.canonical import digest
from services.research.domain.form.checking import questions_in
from services.research.domain.instrument import Instrument
from services.research.formats.definition import read_json
from services.research.formats.faults import FormFileRefused
from services.research.formats.xlsform.reading import read_xlsform
from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import instruments as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import instruments as views
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.files import FileMissing
from shared.runtime.imports import SHOWN_ERRORS, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of

PUBLISH: Final = "instrument_publication"
_FAULTS: Final = TypeAdapter(tuple[views.FormFault, ...])


@dataclass(frozen=True)
class Publications:
    """The publications of versions, for those who start them and ask about them."""

    research: Research
    jobs: Jobs
    files: ImportFiles

    def publish_instrument_version(
        self, request: commands.PublishInstrumentVersion, act: Act
    ) -> JobStarted:
        self.research.load(Instrument, request.instrument_id)
        return self.jobs.order(PUBLISH, request, act)

    def get_instrument_publication(self, request: ById, act: Act) -> views.InstrumentPublication:
        """Who started it may ask, and the coordinator."""
        job = self.jobs.existing_for(act, request.id, PUBLISH)
        ordered_, result = job.input["request"], job.result or {}
        facts = {name: result.get(name) for name in ("origin", "digest", "questions", "number")}
        return views.InstrumentPublication.model_validate(
            facts
            | {
                "id": job.id,
                "state": job.state,
                "instrument_id": ordered_["instrument_id"],
                "dry_run": ordered_["dry_run"],
                "faults": self._faults(result.get("faults_file")),
                "failure": job.failure["code"] if job.failure else result.get("refused"),
            }
        )

    def _faults(self, file_id: str | None) -> tuple[views.FormFault, ...]:
        if file_id is None:
            return ()
        try:
            return _FAULTS.validate_json(b"".join(self.files.store.open(file_id).chunks()))
        except FileMissing:
            return ()


@dataclass(frozen=True)
class PublicationHandler:
    """Publishes a version; run again after a crash, it publishes none twice."""

    research: Research
    files: ImportFiles

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.PublishInstrumentVersion.model_validate(job.input["request"])
        with closing(self.files.fetched(request.file_id)) as source:
            try:
                definition, origin = read_form(source, request.filename)
            except FormFileRefused as refused:
                return {"refused": refused.code, "faults_file": self._kept(refused)}
        told = {
            "origin": origin.value,
            "digest": digest(definition),
            "questions": questions_in(definition),
        }
        if request.dry_run:
            return told
        act = act_of(job)
        try:
            self.research.once(
                act,
                lambda: publish_version(
                    self.research, request.instrument_id, definition, origin, act
                ),
            )
        except Rejected as refused:
            return told | {"refused": refused.code}
        return told | {"number": self._number(request, told["digest"])}

    def _number(self, request: commands.PublishInstrumentVersion, told: object) -> int:
        versions = self.research.load(Instrument, request.instrument_id).versions
        return next(each.number for each in reversed(versions) if each.digest == told)

    def _kept(self, refused: FormFileRefused) -> str:
        shown = tuple(refused.faults[:SHOWN_ERRORS])
        return self.files.keep(BytesIO(_FAULTS.dump_json(shown)), "faults.json", "application/json")


def read_form(source: BinaryIO, filename: str) -> tuple[FormDefinition, FormOrigin]:
    """What the file is, its content decides. Raises `FormFileRefused`."""
    source.seek(0)
    begin = source.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    source.seek(0)
    if begin.startswith((b"{", b"[")):
        return read_json(source.read(2 * DEFINITION_LIMIT)), FormOrigin.JSON
    return read_xlsform(source, filename), FormOrigin.XLSFORM
