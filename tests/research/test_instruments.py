"""Questionnaires: created, published from files, checked without publishing, fetched as either format."""

from io import BytesIO
from threading import Event
from uuid import UUID, uuid4

import pytest

from services.research.application import instruments
from services.research.application.instruments import Forms
from services.research.application.publishing_forms import PUBLISH
from services.research.domain.form.canonical import digest
from services.research.formats.definition import write_json
from services.research.formats.xlsform.reading import read_xlsform
from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.research.commands import instruments as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import instruments as views
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Progress
from tests.driving import COORDINATOR, act_by, caller
from tests.research.conftest import Research
from tests.research.form.making import definition, item
from tests.research.formats.workbooks import SURVEY, changed, workbook
from tests.research.studying import RESEARCHER

HOLDER = "this test"
FORM = definition(item("select_one", "works", choices="yesno"), item("text", "why"))


def created(research: Research, code: str = "ANK/1") -> UUID:
    command = commands.CreateInstrument(code=code, title="Ankieta")
    return research.do(command, RESEARCHER).id


def ordered(
    research: Research,
    instrument: UUID,
    content: bytes,
    filename: str,
    *,
    dry_run: bool = False,
    key: UUID | None = None,
) -> UUID:
    with research.composition.application.files.create(
        name=filename, content_type="application/octet-stream"
    ) as writer:
        writer.write(content)
        file_id = writer.finish()
    request = commands.PublishInstrumentVersion(
        instrument_id=instrument, file_id=file_id, filename=filename, dry_run=dry_run
    )
    act = act_by(RESEARCHER, "research.publish_instrument_version", key=key)
    return research.composition.publications.publish_instrument_version(request, act).id


def work(research: Research, times: int = 1) -> None:
    """Do the job that waits, more than once where a test lets the first time be interrupted."""
    jobs = research.composition.publications.jobs
    job = jobs.take([PUBLISH], HOLDER)
    assert job is not None
    progress = Progress(jobs, job, HOLDER, Event())
    results = [research.followed.jobs[PUBLISH](job, progress) for _ in range(times)]
    jobs.update(job, HOLDER, state="done", result=dict(results[-1]))
    research.project()


def looked_at(
    research: Research, job: UUID, by: Caller = RESEARCHER
) -> views.InstrumentPublication:
    return research.composition.publications.get_instrument_publication(
        ById(id=job), act_by(by, "research.get_instrument_publication")
    )


def published(
    research: Research, instrument: UUID, content: bytes, filename: str, *, dry_run: bool = False
) -> views.InstrumentPublication:
    job = ordered(research, instrument, content, filename, dry_run=dry_run)
    work(research)
    return looked_at(research, job)


def shown(research: Research, instrument: UUID) -> views.Instrument:
    found: views.Instrument = research.ask("get_instrument", ById(id=instrument))
    return found


def fetched(research: Research, file: views.FormFile) -> bytes:
    return b"".join(research.composition.application.files.open(file.file_id).chunks())


def test_versions_come_from_xlsform_and_json_and_can_be_fetched_as_either(
    research: Research,
) -> None:
    instrument = created(research)
    first = published(research, instrument, workbook().getvalue(), "ankieta.xlsx")
    second = published(research, instrument, write_json(FORM), "ankieta.json")
    assert (first.number, first.questions, first.faults) == (1, 2, ())
    assert (second.number, second.origin, second.digest) == (2, FormOrigin.JSON, digest(FORM))
    found = shown(research, instrument)
    assert [each.origin for each in found.versions] == [FormOrigin.XLSFORM, FormOrigin.JSON]
    (summary,) = research.ask("list_instruments", views.ListInstruments()).items
    assert (summary.code, summary.latest) == ("ANK/1", 2)

    application = research.composition.application
    act = act_by(COORDINATOR, "research.fetch_xlsform")
    asked = views.FetchForm(instrument_id=instrument, number=2)
    json_file = instruments.fetch_form_definition(application, asked, act)
    assert FormDefinition.model_validate_json(fetched(research, json_file)) == FORM
    xlsx_file = instruments.fetch_xlsform(application, asked, act)
    assert read_xlsform(BytesIO(fetched(research, xlsx_file)), xlsx_file.filename) == FORM
    assert xlsx_file.filename == "ANK-1-2.xlsx"

    forms = Forms(application)
    assert forms.of(instrument, 2).definition == FORM
    assert forms.of(instrument, 2) is forms.of(instrument, 2)


def test_a_dry_run_tells_every_fault_at_its_cell_and_publishes_nothing(research: Research) -> None:
    instrument = created(research)
    broken = changed(changed(SURVEY, 5, "type", "geopoint"), 3, "label::Polski (pl)", None)
    told = published(research, instrument, workbook(broken).getvalue(), "a.xlsx", dry_run=True)
    assert (told.state, told.failure, told.number) == ("done", "research.form_refused", None)
    assert [(each.sheet, each.row, each.column) for each in told.faults] == [
        ("survey", 3, "label::Polski (pl)"),
        ("survey", 5, "type"),
    ]
    good = published(research, instrument, workbook().getvalue(), "a.xlsx", dry_run=True)
    assert (good.failure, good.questions, good.number) == (None, 2, None)
    assert shown(research, instrument).versions == ()


def test_a_faulty_form_is_not_published_either(research: Research) -> None:
    instrument = created(research)
    told = published(research, instrument, b'{"title": {"pl": "A"}}', "a.json")
    assert [(each.pointer, each.sheet) for each in told.faults] == [("/items", None)]
    assert shown(research, instrument).versions == ()


def test_the_same_form_is_published_once(research: Research) -> None:
    instrument = created(research)
    published(research, instrument, write_json(FORM), "a.json")
    again = published(research, instrument, write_json(FORM), "a.json")
    assert (again.failure, again.number) == ("nothing_changed", None)
    assert len(shown(research, instrument).versions) == 1


def test_an_interrupted_publication_makes_one_version(research: Research) -> None:
    instrument, key = created(research), uuid4()
    job = ordered(research, instrument, write_json(FORM), "a.json", key=key)
    assert ordered(research, instrument, write_json(FORM), "a.json", key=key) == job
    work(research, times=2)
    assert looked_at(research, job).number == 1
    assert len(shown(research, instrument).versions) == 1


def test_a_code_is_used_once_and_what_is_unknown_is_refused(research: Research) -> None:
    instrument = created(research)
    with pytest.raises(Rejected) as taken:
        created(research)
    assert taken.value.code == "research.instrument_code_taken"
    with pytest.raises(Rejected) as unknown:
        ordered(research, uuid4(), write_json(FORM), "a.json")
    assert unknown.value.code == "not_found"
    with pytest.raises(Rejected) as version:
        Forms(research.composition.application).of(instrument, 1)
    assert version.value.code == "research.instrument_version_unknown"


def test_others_are_not_told_of_a_publication(research: Research) -> None:
    job = ordered(research, created(research), write_json(FORM), "a.json")
    assert looked_at(research, job, COORDINATOR).state == "waiting"
    with pytest.raises(Rejected):
        looked_at(research, job, caller(Role.RESEARCHER, "inny", "other"))
