"""Commands on instruments."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from services.research.application import Research
from services.research.domain.form.form import Form
from services.research.domain.ids import id_of
from services.research.domain.instrument import Instrument, Version
from services.research.formats.definition import write_json
from services.research.formats.xlsform.writing import write_xlsform
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import instruments as commands
from shared.contracts.research.views import instruments as views
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.eventstore.acts import Act

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM: Final = "application/vnd.tu-jest-praca.form+json"
KEPT: Final = timedelta(hours=1)
"""How long a rendered form can be fetched; it can be made again."""
FILE_LIMIT: Final = 16 << 20


def create_instrument(research: Research, command: commands.CreateInstrument, act: Act) -> Receipt:
    instrument_id = id_of("instrument", command.code)
    instrument = research.find(Instrument, instrument_id) or Instrument(instrument_id)
    instrument.create(code=command.code, title=command.title, on=research.today())
    return research.commit(act, instrument)


def publish_version(
    research: Research,
    instrument_id: UUID,
    definition: FormDefinition,
    origin: FormOrigin,
    act: Act,
) -> Receipt:
    """Raises `nothing_changed` when the latest version is the same."""
    instrument = research.load(Instrument, instrument_id)
    instrument.publish(definition=definition, origin=origin, on=research.today())
    return research.commit(act, instrument)


def version_of(
    research: Research, instrument_id: UUID, number: int, pointer: str | None = None
) -> Version:
    """A published version. Raises `not_found` and `research.instrument_version_unknown`."""
    return research.load(Instrument, instrument_id).version_of(number, pointer)


def fetch_xlsform(research: Research, request: views.FetchForm, _act: Act) -> views.FormFile:
    code, version = _published(research, request)
    workbook = write_xlsform(version.definition, code, str(version.number))
    return _kept(research, workbook, f"{_name(code, version)}.xlsx", XLSX)


def fetch_form_definition(
    research: Research, request: views.FetchForm, _act: Act
) -> views.FormFile:
    code, version = _published(research, request)
    return _kept(research, write_json(version.definition), f"{_name(code, version)}.json", FORM)


def _published(research: Research, request: views.FetchForm) -> tuple[str, Version]:
    instrument = research.load(Instrument, request.instrument_id)
    return instrument.code, instrument.version_of(request.number, "/number")


def _name(code: str, version: Version) -> str:
    return f"{code.replace('/', '-')}-{version.number}"


def _kept(research: Research, content: bytes, filename: str, content_type: str) -> views.FormFile:
    """A form may be larger than a message, so it goes through the file store."""
    with research.files.create(
        name=filename, content_type=content_type, limit=FILE_LIMIT, lifetime=KEPT
    ) as writer:
        writer.write(content)
        return views.FormFile(file_id=writer.finish(), filename=filename)


class Forms:
    """The forms of published versions, compiled once: a version never changes."""

    LIMIT = 64

    def __init__(self, research: Research) -> None:
        self._research = research
        self._kept: dict[tuple[UUID, int], Form] = {}

    def of(self, instrument_id: UUID, number: int) -> Form:
        """Raises what `version_of` raises."""
        key = instrument_id, number
        if key not in self._kept:
            form = Form(version_of(self._research, instrument_id, number).definition)
            if len(self._kept) >= self.LIMIT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = form
        return self._kept[key]
