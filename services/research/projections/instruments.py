"""Instruments with what their versions are called; the definitions stay in the ledger."""

from collections.abc import Sequence

from services.research.domain.form.checking import questions_in
from services.research.domain.instrument import Instrument, Version
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Instrument, load)
        replace(writer, "instruments", (_document(*each) for each in found))

    return Part({"instruments": [BY_CHANGE]}, project)


def _document(instrument: Instrument, last: Recorded) -> Document:
    return {
        "_id": str(instrument.id),
        "position": last.position,
        "version": instrument.version,
        "code": instrument.code,
        "title": instrument.title,
        "versions": [_version(each) for each in instrument.versions],
    }


def _version(version: Version) -> Document:
    return {
        "number": version.number,
        "title": version.definition.title.model_dump(mode="json"),
        "digest": version.digest,
        "origin": version.origin.value,
        "questions": questions_in(version.definition),
        "published_on": version.published_on.isoformat(),
    }
