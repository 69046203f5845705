"""Giving answers out one by one, done in `follow`: coded, protected, written, recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from services.research.application import Research
from services.research.application.instruments import version_of
from services.research.application.releases import dataset_within
from services.research.application.releasing import Answers, judged
from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.variables import Kind
from services.research.domain.export.coding import Coded, Coding, Population
from services.research.domain.export.protecting import Role, protected
from services.research.domain.form.form import Form
from services.research.domain.release import Dataset
from services.research.domain.rules.disclosure import ExportParameters
from services.research.domain.study import Study
from services.research.formats.answers import FILE, Rows, codebook_of, manifest_of, rows_csv
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.vocabulary.releases import ExportColumn
from shared.contracts.research.vocabulary.tables import Label
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import KEPT, LIMIT
from shared.runtime.jobs import Job, Progress, act_of

SINGLING: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE})
"""Numbers and days: keys by themselves."""


@dataclass(frozen=True)
class ExportHandler:
    """Run again after a crash, it records the export once, and writes the same bytes."""

    research: Research
    answers: Answers

    def __call__(self, job: Job, _: Progress) -> Mapping[str, Any]:
        request = commands.ExportResponses.model_validate(job.input["request"])
        act, research = act_of(job), self.research
        export_id, on = act.id_of("export"), job.created_at.date()
        dataset = dataset_within(research, request.dataset_id, act)
        earlier = dataset.exports.get(export_id)
        position = earlier.position if earlier else dataset.position
        if position is None:
            raise Rejected("research.dataset_not_pinned")
        rules = earlier.parameters if earlier else research.rules.disclosure.exports_on(on)
        coding = self._coding(dataset, request)
        roles = roles_of(request.columns, coding, rules)
        coded = coding.coded(self.answers(dataset.asked.wave_id, position), request.filters)
        rows = self._rows(coded, roles, rules, export_id)
        files, digest = {}, sha256()
        files[FILE] = self._kept(FILE, "text/csv", _digested(rows_csv(rows), digest.update))
        judged(
            research,
            act,
            lambda: self._record(request, act, coding, coded, digest.hexdigest(), rules),
        )
        dataset = research.load(Dataset, dataset.id)
        study = research.load(Study, dataset.asked.study_id)
        title = Label(pl=study.plan.title_pl, en=study.plan.title_en)
        codebook = codebook_of(rows, export_id, title)
        manifest = manifest_of(
            dataset.exports[export_id], dataset, withheld_in(rows), sha256(codebook).hexdigest()
        )
        files["codebook.xml"] = self._kept("codebook.xml", "application/xml", [codebook])
        files["manifest.json"] = self._kept("manifest.json", "application/json", [manifest])
        return {"files": files}

    def _coding(self, dataset: Dataset, request: commands.ExportResponses) -> Coding:
        pinned = dataset.asked.instrument
        definition = version_of(self.research, pinned.instrument_id, pinned.version).definition
        dimensions = [each.dimension for each in request.columns]
        before = [each for made in dataset.exports.values() for each in made.filters]
        return Coding(Form(definition), dimensions, (*request.filters, *before))

    def _rows(
        self, coded: Coded, roles: Sequence[Role], rules: ExportParameters, export_id: UUID
    ) -> Rows:
        """In the order of random ids, which are of this export alone."""
        least = rules.least(sensitive=Role.SENSITIVE in roles)
        codes = protected(coded.codes, roles, least, rules.diversity)
        named = sorted(
            (self.research.digest_of("export", {"of": str(export_id), "unit": each})[:16], n)
            for n, each in enumerate(coded.identities)
        )
        return Rows(coded.axes, [each for each, _ in named], codes[[n for _, n in named]])

    def _record(
        self,
        request: commands.ExportResponses,
        act: Act,
        coding: Coding,
        coded: Coded,
        digest: str,
        rules: ExportParameters,
    ) -> Receipt:
        dataset = dataset_within(self.research, request.dataset_id, act)
        wave_id, today = dataset.asked.wave_id, self.research.today()
        earlier = list(dataset.exports.values())
        mine = Population(request.filters, dataset.position or 0)
        others = [Population(each.filters, each.position) for each in earlier]
        editions = {each.position: self.answers(wave_id, each.position) for each in (mine, *others)}
        differing = coding.differences(editions, mine, others) if others else ()
        dataset.export(
            act.id_of("export"),
            purpose=request.purpose,
            columns=request.columns,
            filters=request.filters,
            units=coded.units,
            rows=len(coded.identities),
            digest=digest,
            parameters=rules,
            differences={
                each.export_id: count for each, count in zip(earlier, differing, strict=True)
            },
            on=today,
            by=act.caller.subject,
        )
        return self.research.commit(act, dataset)

    def _kept(self, name: str, media_type: str, content: Iterable[bytes]) -> dict[str, str]:
        with self.research.files.create(
            name=name, content_type=media_type, limit=LIMIT, lifetime=KEPT
        ) as writer:
            for piece in content:
                writer.write(piece)
            return {"file_id": writer.finish(), "media_type": media_type}


def roles_of(
    columns: Sequence[ExportColumn], coding: Coding, rules: ExportParameters
) -> Sequence[Role]:
    """Raises `research.column_is_key` for what others may know of a person and is declared otherwise, and
    `research.dimension_not_fitting` for days that are not gathered enough.
    """
    return [
        _role(number, column, axis, coding.kind_of(column.dimension.variable), rules)
        for number, (column, axis) in enumerate(zip(columns, coding.axes, strict=True))
    ]


def _role(
    number: int, column: ExportColumn, axis: Axis, kind: Kind, rules: ExportParameters
) -> Role:
    variable, pointer = column.dimension.variable, f"/columns/{number}"
    if kind is Kind.DATE and column.dimension.span not in rules.spans:
        facts = {"variable": variable, "kind": kind.value, "spans": list(rules.spans)}
        raise Rejected("research.dimension_not_fitting", facts, f"{pointer}/dimension/span")
    if axis.sensitive:
        return Role.SENSITIVE
    if not column.key and (kind in SINGLING or variable.lower() in rules.keys):
        raise Rejected("research.column_is_key", {"variable": variable}, f"{pointer}/key")
    return Role.KEY if column.key else Role.OTHER


def withheld_in(rows: Rows) -> Mapping[str, int]:
    """Cells that are not told, or told as rare, by column."""
    counts = (rows.codes < 0).sum(axis=0).tolist()
    return {axis.name: count for axis, count in zip(rows.axes, counts, strict=True)}


def _digested(pieces: Iterable[bytes], update: Callable[[bytes], object]) -> Iterable[bytes]:
    for piece in pieces:
        update(piece)
        yield piece
