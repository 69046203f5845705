"""Imports of exported responses as jobs: started by a call, done by the follower, asked about until
done. A response is known by the id that its tool gave it, so it is imported once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Final, Literal
from uuid import UUID

from services.research.application import Research
from services.research.application.instruments import Forms
from services.research.application.studies import study_within
from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.domain.ids import id_of
from services.research.domain.response import Asked, Response
from services.research.domain.study import Study, Wave
from services.research.formats.kobo import Export, ExportedResponse, read_export
from services.research.formats.wording import sentence
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import responses as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views
from shared.contracts.research.vocabulary.studies import StudyState, WaveState
from shared.contracts.rows import RowError
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import REJECTED, Advance, ImportFiles, Tally
from shared.runtime.jobs import Job, Jobs, Progress, act_of

RESPONSE_IMPORT: Final = "response_import"
BATCH: Final = 500
"""Responses of one commit."""

Fate = Literal["recorded", "unchanged", "rejected"]


@dataclass(frozen=True)
class ResponseImports:
    """The imports, for those who start them and ask about them."""

    research: Research
    jobs: Jobs
    files: ImportFiles

    def import_responses(self, request: commands.ImportResponses, act: Act) -> JobStarted:
        """What can be refused at once is."""
        collecting(self.research, request, act)
        return self.jobs.order(RESPONSE_IMPORT, request, act)

    def get_response_import(self, request: ById, act: Act) -> views.ResponseImport:
        """Who started it may ask, and the coordinator."""
        job = self.jobs.existing_for(act, request.id, RESPONSE_IMPORT)
        return self.files.told(job, views.ResponseImport, "recorded", "unchanged")


def collecting(
    research: Research, request: commands.ImportResponses, act: Act
) -> tuple[Study, Wave]:
    """A wave that is or was open, of a study that is: answers come from the field later."""
    study = study_within(research, request.study_id, act)
    if study.state is not StudyState.OPEN:
        raise Rejected("research.study_state", {"state": study.state.value, "expected": ["open"]})
    return study, study.wave(request.wave_id, WaveState.OPEN, WaveState.CLOSED)


@dataclass(frozen=True)
class ImportHandler:
    """Does an import; run again after a crash, it records nothing twice."""

    research: Research
    forms: Forms
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportResponses.model_validate(job.input["request"])
        act = act_of(job)
        study, wave = collecting(self.research, request, act)
        asked = Asked(
            study_id=study.id,
            wave_id=wave.id,
            partner=study.terms.partner,
            mode=wave.plan.mode,
            instrument=wave.plan.instrument,
        )
        form = self.forms.of(asked.instrument.instrument_id, asked.instrument.version)

        def work(source: BinaryIO, advance: Advance) -> ResponseImport:
            return ResponseImport(
                self.research, act, form, asked, source, request.filename, advance
            )

        return self.files.imported(job, progress, request, work)


@dataclass(frozen=True, slots=True)
class Row:
    """A response that its form takes."""

    number: int
    new: Response


@dataclass(frozen=True)
class ResponseImport:
    """One import: which file, for which wave, and on whose behalf."""

    research: Research
    act: Act
    form: Form
    asked: Asked
    source: BinaryIO
    filename: str
    progress: Advance

    def rehearse(self) -> Tally:
        """Judge every row and record nothing."""
        return self._run(lambda rows: self._compared(rows, self._known(rows)))

    def perform(self) -> Tally:
        """Record every row that can be recorded."""
        return self._run(self._recorded)

    def _run(self, settle: Callable[[Sequence[Row]], Sequence[tuple[Row, Fate]]]) -> Tally:
        tally = Tally()
        self.source.seek(0)
        export = read_export(self.source, self.filename, self.form)
        for exported in _batches(export.rows):
            rows: list[Row] = []
            for each in exported:
                row, errors = self._judged(export, each)
                if row is None:
                    tally.count(REJECTED, errors)
                else:
                    rows.append(row)
            for row, fate in settle(rows):
                tally.count(fate, [_differs(export, row)] if fate == REJECTED else ())
            self.progress(tally)
        tally.errors.sort(key=lambda error: error.row)
        return tally

    def _judged(
        self, export: Export, exported: ExportedResponse
    ) -> tuple[Row | None, Sequence[RowError]]:
        if exported.errors:
            return None, exported.errors
        on = exported.filled_on or self.research.today()
        judged = judge(self.form, exported.answers, on=on)
        if judged.problems:
            return None, [export.error(each, exported.number) for each in judged.problems]
        new = Response(self._id_of(exported.key))
        new.bring(self.asked, judged.answers, self.act.provenance.command_id, on)
        return Row(exported.number, new), ()

    def _id_of(self, key: str) -> UUID:
        """By a keyed digest: whoever has the export finds no response by it here."""
        named = {"wave": str(self.asked.wave_id), "key": key}
        return id_of("response", self.research.digest_of("response", named))

    def _known(self, rows: Sequence[Row]) -> Mapping[UUID, Response]:
        found = self.research.find_many([each.new.id for each in rows])
        return {each.id: each for each in found.values() if isinstance(each, Response)}

    def _compared(
        self, rows: Sequence[Row], known: Mapping[UUID, Response]
    ) -> Sequence[tuple[Row, Fate]]:
        return [(row, self._fate(row, known.get(row.new.id))) for row in rows]

    def _fate(self, row: Row, known: Response | None) -> Fate:
        """What this import recorded before an interruption counts as recorded by it. One that was
        edited here stays as it is; whose answers changed in the tool is not overwritten silently.
        """
        if known is None or known.import_id == self.act.provenance.command_id:
            return "recorded"
        return "unchanged" if known.edits or known.answers == row.new.answers else "rejected"

    def _recorded(self, rows: Sequence[Row]) -> Sequence[tuple[Row, Fate]]:
        if not rows:
            return ()
        settled: list[tuple[Row, Fate]] = []
        part = self.act.part(f"rows/{rows[0].number}")

        def decide() -> Receipt:
            known = self._known(rows)
            settled[:] = self._compared(rows, known)
            fresh = [row.new for row in rows if row.new.id not in known]
            return self.research.commit(part, *fresh)

        try:
            receipt = self.research.once(part, decide)
        except Rejected as refusal:
            if refusal.code != "nothing_changed":
                raise
        else:
            if receipt.repeated:
                return self._compared(rows, self._known(rows))
        return settled


def _differs(export: Export, row: Row) -> RowError:
    code = "research.import_differs"
    message = sentence(code, {})
    return RowError(
        row=row.number,
        column=export.key_column,
        code=code,
        value=None,
        message_pl=message.pl,
        message_en=message.en,
    )


def _batches(rows: Iterable[ExportedResponse]) -> Iterator[Sequence[ExportedResponse]]:
    upcoming = iter(rows)
    while batch := list(islice(upcoming, BATCH)):
        yield batch
