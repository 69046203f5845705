"""Facts of communes: imported by a job; indicators and needs counted from them when asked for."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from services.research.application import Research
from services.research.domain.commune import CommuneYear
from services.research.domain.ids import id_of
from services.research.domain.need.facts import (
    Enterprise,
    Inputs,
    JobPlace,
    counted,
    inputs_of,
)
from services.research.domain.need.index import need_index
from services.research.domain.need.indicators import indicators
from services.research.formats.facts import read_facts
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import communes as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import communes as views
from shared.contracts.research.vocabulary.diagnoses import MOST_COMMUNES, Fact, NeedIndex
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.imports import REJECTED, Ended, ImportFiles, Tally
from shared.runtime.jobs import Job, Jobs, Progress, act_of
from shared.runtime.tables.errors import ImportRefused

IMPORT: Final = "facts_import"
RECORDED: Final = "recorded"
ShownT = TypeVar("ShownT", bound=Published)


@dataclass(frozen=True)
class FactsImports:
    """The imports of facts, for those who start them and ask about them."""

    research: Research
    jobs: Jobs
    files: ImportFiles

    def import_facts(self, request: commands.ImportFacts, act: Act) -> JobStarted:
        return self.jobs.order(IMPORT, request, act)

    def get_facts_import(self, request: ById, _act: Act) -> views.FactsImport:
        return self.files.told(self.jobs.existing(request.id, IMPORT), views.FactsImport, RECORDED)


@dataclass(frozen=True)
class FactsImportHandler:
    """Records all facts of a file in one commit, or none; run again after a crash, not twice."""

    research: Research
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportFacts.model_validate(job.input["request"])
        inputs = self.research.rules.indicators.inputs
        with closing(self.files.fetched(request.file_id)) as source:
            try:
                rows = tuple(read_facts(source, request.filename, inputs))
            except ImportRefused as refused:
                return self.files.refusal(refused)
        tally = Tally()
        for row in rows:
            tally.count(REJECTED if row.fact is None else RECORDED, row.errors)
        progress.report(stage="checking", rows=tally.rows)
        if tally.fates[REJECTED]:
            return self.files.result(Ended(tally, "import_rows_rejected"))
        if not request.dry_run:
            progress.report(stage="recording", rows=tally.rows)
            act = act_of(job)
            facts = [row.fact for row in rows if row.fact]
            try:
                self.research.once(act, lambda: state_facts(self.research, facts, act))
            except Rejected as refused:
                if refused.code != "nothing_changed":
                    raise
        return self.files.result(Ended(tally))


def state_facts(research: Research, facts: Sequence[Fact], act: Act) -> Receipt:
    by_place: dict[UUID, list[Fact]] = {}
    for each in facts:
        by_place.setdefault(id_of("facts", f"{each.year}/{each.teryt}"), []).append(each)
    known = research.find_many(by_place)
    changed = []
    for stream, own in by_place.items():
        commune = known.get(stream) or CommuneYear(stream)
        if isinstance(commune, CommuneYear):
            commune.state(own, research.today())
            changed.append(commune)
    return research.commit(act, *changed)


def get_commune_indicators(
    research: Research, request: views.AskNeeds, _act: Act
) -> views.Indicators:
    today = research.today()
    rules = research.rules.indicators
    found = indicators(rules, inputs_in(research, request.areas, request.year), today)
    listed = [
        views.CommuneIndicators(
            teryt=teryt,
            indicators=tuple(
                views.IndicatorValue(indicator=code, value=each.value, missing=each.missing)
                for code, each in values.items()
            ),
        )
        for teryt, values in sorted(found.items())
    ]
    communes, following = _page(listed, request.first)
    in_force = {code: dated.on(today) for code, dated in rules.indicators.items()}
    return views.Indicators(
        year=request.year,
        definitions=tuple(
            views.IndicatorName(code=code, version=each.version, name=each.name, unit=each.unit)
            for code, each in in_force.items()
        ),
        communes=tuple(communes),
        next_first=following,
    )


def get_commune_needs(research: Research, request: views.AskNeeds, _act: Act) -> views.Needs:
    found = needs_of(research, request.areas, request.year, research.today())
    communes, following = _page(found.communes, request.first)
    return views.Needs(
        definition=found.definition,
        version=found.version,
        year=found.year,
        communes=tuple(communes),
        next_first=following,
    )


def needs_of(research: Research, areas: Sequence[str], year: int, on: date) -> NeedIndex:
    """By the definitions in force on a day. Raises what `need_index` raises, and
    `research.too_many_communes`.
    """
    rules = research.rules.indicators
    found = indicators(rules, inputs_in(research, areas, year), on)
    if len(found) > MOST_COMMUNES:
        facts = {"most": MOST_COMMUNES, "communes": len(found)}
        raise Rejected("research.too_many_communes", facts, "/areas")
    values = {
        teryt: {code: each.value for code, each in own.items()} for teryt, own in found.items()
    }
    return need_index(rules.need_index.on(on), values, year)


def inputs_in(research: Research, areas: Sequence[str], year: int) -> Mapping[str, Inputs]:
    """Of the communes of the areas of which something was told: uploaded facts, and what is counted
    from events of the fund.
    """
    facts = [
        Fact.model_validate(each)
        for document in research.frames.facts_of(areas, year)
        for each in document["facts"]
    ]
    communes = {each.teryt for each in facts}
    documents = research.frames.enterprises_in(communes)
    enterprises = [
        Enterprise(UUID(each["_id"]), each["teryt"], date.fromisoformat(each["founded_on"]))
        for each in documents
    ]
    places = [
        JobPlace(
            UUID(each["_id"]),
            Decimal(place["share"]),
            date.fromisoformat(place["since"]),
            place["until"] and date.fromisoformat(place["until"]),
        )
        for each in documents
        for place in each["places"]
    ]
    return inputs_of([*facts, *counted(communes, enterprises, places, year)], year)


def _page(items: Sequence[ShownT], first: int) -> tuple[Sequence[ShownT], int | None]:
    shown = fitting(items[first:])
    following = first + len(shown)
    return shown, following if following < len(items) else None
