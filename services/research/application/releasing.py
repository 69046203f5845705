"""The jobs of analysis, done in `follow`: they need arrays, and compute for seconds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final
from uuid import UUID

from services.research.application import Research
from services.research.application.instruments import version_of
from services.research.application.releases import dataset_within, kept
from services.research.application.studies import study_within
from services.research.domain.analysis.counting import Counted, counted
from services.research.domain.answered import Answered
from services.research.domain.disclosure import asking
from services.research.domain.disclosure.publication import Publication
from services.research.domain.form.form import Form
from services.research.domain.ids import id_of
from services.research.domain.release import Asked, Dataset
from services.research.domain.released import Wanted, published_table
from services.research.formats.language import Language
from services.research.formats.plots import is_drawable, plot
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.vocabulary.publication import PublishedTable
from shared.contracts.research.vocabulary.studies import WaveState
from shared.contracts.research.vocabulary.tables import Dimension
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Job, Progress, act_of
from shared.runtime.plotting import MEDIA_TYPES

Answers = Callable[[UUID, int], Iterable[Answered]]
"""The approved answers of a wave as of a position."""
MOST_CELLS: Final = 5_000
"""Cells of a table that is recorded as it went out; more nobody reads."""
MOST_CATEGORIES: Final = 199
TRIES: Final = 3
"""How often a release is judged again because another one of its dataset was faster."""


@dataclass(frozen=True)
class PinHandler:
    """Pins an edition; run again after a crash, it pins none twice."""

    research: Research
    answers: Answers

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.PinDataset.model_validate(job.input["request"])
        act = act_of(job)
        judged(self.research, act, lambda: self._pin(request, act))
        return {"dataset_id": str(id_of("dataset", request.wave_id))}

    def _pin(self, request: commands.PinDataset, act: Act) -> Receipt:
        research, today = self.research, self.research.today()
        study = study_within(research, request.study_id, act)
        wave = study.wave(request.wave_id, WaveState.OPEN, WaveState.CLOSED)
        dataset_id = id_of("dataset", wave.id)
        dataset = research.find(Dataset, dataset_id) or Dataset(dataset_id)
        head = research.recorder.max_notification_id() or 0
        position = request.position or head
        if position > head:
            raise Rejected("research.position_to_come", {"head": head}, "/position")
        asked = Asked(
            study_id=study.id,
            wave_id=wave.id,
            partner=study.terms.partner,
            instrument=wave.plan.instrument,
        )
        data = gathered(research, self.answers, asked, (*dataset.needed, position), ()).data
        rules = research.rules.disclosure.on(today)
        dataset.pin(position, data, rules, asked=asked, on=today)
        return research.commit(act, dataset)


@dataclass(frozen=True)
class ReleaseHandler:
    """Makes a release; run again after a crash, it makes none twice."""

    research: Research
    answers: Answers

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.RequestRelease.model_validate(job.input["request"])
        act = act_of(job)
        release_id = str(act.id_of("release"))
        try:
            judged(self.research, act, lambda: self._release(request, act))
        except Rejected as refused:
            if refused.code != "research.released_already":
                raise
            release_id = refused.details["release_id"]
        return {"release_id": release_id}

    def _release(self, request: commands.RequestRelease, act: Act) -> Receipt:
        research, today = self.research, self.research.today()
        dataset = dataset_within(research, request.dataset_id, act)
        dimensions = dimensions_of(request)
        dataset.require_cut_alike(dimensions)
        every = {**dataset.cuts, **{each.name: each for each in dimensions}}
        found = gathered(
            research, self.answers, dataset.asked, dataset.needed, tuple(every.values())
        )
        require_readable(request, found)
        dataset.release(
            act.id_of("release"),
            query_of(request),
            found.data,
            research.rules.disclosure.on(today),
            dimensions=dimensions,
            write=lambda made: written(made, request, found),
            on=today,
            today=today,
        )
        return research.commit(act, dataset)


@dataclass(frozen=True)
class DrawHandler:
    """Draws the tables of a release."""

    research: Research

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.DrawRelease.model_validate(job.input["request"])
        dataset = self.research.load(Dataset, request.dataset_id)
        files = {}
        for table in filter(is_drawable, dataset.releases[request.release_id].tables):
            for language, (form, media_type) in product(Language, MEDIA_TYPES.items()):
                name = f"table-{table.number:02}-{language}.{form}"
                content = plot(table, language, form).content
                file_id = kept(self.research, name, media_type, content)
                files[name] = {"file_id": file_id, "media_type": media_type}
        return {"release_id": str(request.release_id), "files": files}


def judged(research: Research, act: Act, decide: Callable[[], Receipt]) -> Receipt:
    """As `once`, for decisions that take longer than it waits for them."""
    for _ in range(TRIES - 1):
        try:
            return research.once(act, decide)
        except Rejected as refused:
            if refused.code != "version_conflict":
                raise
    return research.once(act, decide)


def gathered(
    research: Research,
    answers: Answers,
    asked: Asked,
    positions: Sequence[int],
    dimensions: Sequence[Dimension],
) -> Counted:
    pinned = asked.instrument
    definition = version_of(research, pinned.instrument_id, pinned.version).definition
    editions = {each: tuple(answers(asked.wave_id, each)) for each in positions}
    return counted(Form(definition), editions, dimensions)


def dimensions_of(request: commands.RequestRelease) -> tuple[Dimension, ...]:
    """What the tables and filters name, each once. Raises `research.cut_differs`."""
    found: dict[str, Dimension] = {}
    named = [each for table in request.tables for each in table.dimensions]
    for each in (*named, *(chosen.dimension for chosen in request.filters)):
        if found.setdefault(each.name, each) != each:
            edges = [str(edge) for edge in found[each.name].edges]
            facts = {"dimension": each.name, "edges": edges, "releases": []}
            raise Rejected("research.cut_differs", facts, "/tables")
    return tuple(found.values())


def query_of(request: commands.RequestRelease) -> asking.Query:
    return asking.Query(
        tables=tuple(tuple(each.name for each in table.dimensions) for table in request.tables),
        audience=request.audience,
        filters=tuple(
            asking.Filter(dimension=each.dimension.name, categories=each.any_of)
            for each in request.filters
        ),
        rounding=request.rounding,
    )


def require_readable(request: commands.RequestRelease, found: Counted) -> None:
    """Raises `research.table_too_large`."""
    for number, table in enumerate(request.tables):
        sizes = [len(found.axes[each.name].categories) for each in table.dimensions]
        cells = prod(size + 1 for size in sizes)
        if cells > MOST_CELLS or max(sizes) > MOST_CATEGORIES:
            facts = {"most": MOST_CELLS, "cells": cells, "categories": MOST_CATEGORIES}
            raise Rejected("research.table_too_large", facts, f"/tables/{number}")


def written(
    made: Publication, request: commands.RequestRelease, found: Counted
) -> Sequence[PublishedTable]:
    return [
        published_table(
            made,
            found.axes,
            Wanted(
                number, table.title, tuple(each.name for each in table.dimensions), table.measure
            ),
            request.filters,
        )
        for number, table in enumerate(request.tables, 1)
    ]
