"""Commands on samples, and what may be told of a frame before one is drawn."""

import secrets
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from services.research.application import Research
from services.research.application.studies import asking
from services.research.domain.ids import id_of
from services.research.domain.sample import Link, Sample
from services.research.domain.sampling import Unit, drawn, sizes_of, tellable
from services.research.domain.study import Study
from services.research.formats.lists import read_list
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import samples as commands
from shared.contracts.research.views import samples as views
from shared.contracts.research.vocabulary.samples import Frame, FrameChoice, StratumSize
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent

MEMORY = 1 << 20
"""Bytes of a list that are kept in memory."""


def preview_frame(research: Research, request: views.PreviewFrame, _act: Act) -> views.FramePreview:
    read = research.frames.read(request.choice, research.today())
    smallest = research.rules.samples.smallest_group.on(research.today())
    sizes = sizes_of(read.units)
    alone, together = tellable(sizes, smallest)
    groups = [StratumSize(values=values, size=sizes[values]) for values in alone]
    if together:
        groups.append(StratumSize(values=None, size=sum(sizes[each] for each in together)))
    whole = len(read.units)
    return views.FramePreview(
        position=read.position, size=whole if whole >= smallest else None, groups=tuple(groups)
    )


def draw_sample(research: Research, command: commands.DrawSample, act: Act) -> Receipt:
    study, _ = asking(research, command.study_id, command.wave_id, act)
    read = research.frames.read(command.choice, research.today())
    draw = drawn(read.units, command.size, seed := secrets.token_hex(16))
    links = [_link(research, study, unit) for unit in draw.units]
    pseudonyms = {
        unit.id: str(link.pseudonym) for unit, link in zip(draw.units, links, strict=True)
    }
    sample = _sample(research, command.wave_id)
    sample.draw(
        draw,
        read.units,
        pseudonyms,
        study_id=study.id,
        partner=study.terms.partner,
        choice=command.choice,
        seed=seed,
        position=read.position,
        age_bands=read.age_bands,
        on=research.today(),
    )
    return research.commit(act, sample, *links)


def draw_from_list(research: Research, request: commands.DrawFromList, act: Act) -> Receipt:
    """The whole list is read before anything is recorded."""
    return research.once(act, lambda: _draw_from_list(research, request, act))


def _draw_from_list(research: Research, request: commands.DrawFromList, act: Act) -> Receipt:
    study, _ = asking(research, request.study_id, request.wave_id, act)
    with cast("BinaryIO", SpooledTemporaryFile(MEMORY)) as content:
        for chunk in research.files.open(request.file_id).chunks():
            content.write(chunk)
        strata, units = read_list(content, request.filename)
    draw = drawn(units, request.size, seed := secrets.token_hex(16))
    sample = _sample(research, request.wave_id)
    sample.draw(
        draw,
        units,
        {unit.id: unit.id for unit in draw.units},
        study_id=study.id,
        partner=study.terms.partner,
        choice=FrameChoice(frame=Frame.EXTERNAL, strata=strata),
        seed=seed,
        position=0,
        age_bands=(),
        on=research.today(),
    )
    return research.commit(act, sample)


def _sample(research: Research, wave_id: UUID) -> Sample:
    """Raises `research.sample_drawn` for a wave that has one."""
    if research.find(Sample, wave_id) is not None:
        raise Rejected("research.sample_drawn")
    return Sample(wave_id)


def _link(research: Research, study: Study, unit: Unit) -> Link:
    """The same unit has the same pseudonym in all waves of a study, and another one in another.

    Raises `subject_erased` for somebody whose identity was erased a moment ago.
    """
    link_id = id_of("link", f"{study.id}/{unit.id}")
    link = research.find(Link, link_id) or Link(link_id)
    if isinstance(link.pseudonym, Absent):
        raise Rejected("subject_erased", {"id": unit.id, "data_class": "identity"})
    if link.pseudonym is None:
        link.make(study.id, UUID(unit.id), uuid4().hex, research.today())
    return link
