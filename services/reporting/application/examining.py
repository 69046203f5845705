"""Reports as they were frozen, counted again, and set against each other. Writes no number."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.reporting.application import Reporting
from services.reporting.application.cells import cell_of
from services.reporting.application.counting import Counting, PlannedTargets, counted_of
from services.reporting.application.disclosure import Disclosure
from services.reporting.application.frozen import Datasets
from services.reporting.application.presenting import is_small, presented
from services.reporting.application.sets import set_of
from services.reporting.domain.dataset import Dataset
from services.reporting.domain.history.facts import Fact, Known
from services.reporting.domain.indicators.cells import labels_of
from services.reporting.domain.indicators.counting import Counted
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.explanation import Cause, Movement, explain
from services.reporting.domain.indicators.vocabulary import PERSONS
from services.reporting.domain.report import Report
from shared.contracts.reporting.views import indicators as numbers
from shared.contracts.reporting.views import reports as views
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass


@dataclass(frozen=True)
class Examining:
    reporting: Reporting
    counting: Counting
    datasets: Datasets
    disclosure: Disclosure
    record_read: RecordRead

    def get_report_indicators(
        self, request: views.GetReportIndicators, act: Act
    ) -> numbers.Indicators:
        _, dataset = self.frozen(request.report_id, request.number)
        threshold = self.disclosure.threshold(act.caller, self.counting.today())
        return presented(dataset, threshold, request.code, request.breakdown)

    def fetch_report_dataset(self, request: views.OfReport, act: Act) -> views.ReportFile:
        """It says who is in which number: that it was fetched is recorded, of the report."""
        report = self.reporting.load(Report, request.report_id)
        number, frozen = report.computed(request.number)
        rules = self.datasets.read(frozen.file_id).rules
        classes = frozenset[DataClass]().union(*map(rules.classes, rules.by_code))
        self.record_read(act, [report.id], classes)
        return views.ReportFile(
            file_id=frozen.file_id, filename=f"{report.terms.number}-{number}.json"
        )

    def recount_report(self, request: views.OfReport, _act: Act) -> views.Recount:
        number, frozen = self.reporting.load(Report, request.report_id).computed(request.number)
        dataset = self.datasets.read(frozen.file_id)
        facts = self._facts(dataset)
        again = self._dataset_again(dataset, facts)
        pairs = zip(dataset.numbers, again.numbers, strict=True)
        lost = [
            max(0, now.unreadable - then.unreadable)
            for then, now in zip(dataset.numbers, again.numbers, strict=True)
        ]
        return views.Recount(
            report_id=request.report_id,
            number=number,
            digest=frozen.digest,
            recounted=again.digest(),
            same=again.digest() == frozen.digest,
            unreadable=max(lost, default=0),
            changed=tuple(then.code for then, now in pairs if then.value != now.value),
        )

    def explain_difference(self, request: views.GetDifference, act: Act) -> views.ReportDifference:
        _, before = self.frozen(request.before_id, None)
        _, after = self.frozen(request.after_id, None)
        _require_same_set(before, after)
        labels = labels_of(request.cell)
        values = [cell_of(each, request.code, request.cell).value for each in (before, after)]
        moved = [
            each
            for each in self._movements(before, after)
            if (each.code, each.label) == (request.code, labels)
        ]
        shown = moved[request.skip : request.skip + request.limit]
        if shown and before.indicator(request.code).universe == PERSONS:
            classes = after.rules.classes(request.code)
            self.record_read(act, {UUID(each.unit) for each in shown}, classes)
        more = request.skip + request.limit < len(moved)
        return views.ReportDifference(
            code=request.code,
            cell=request.cell,
            before=values[0],
            after=values[1],
            causes=tuple(_totals(moved)),
            items=tuple(map(_moved, shown)),
            next_skip=request.skip + request.limit if more else None,
        )

    def ask_what_if(self, request: views.AskWhatIf, act: Act) -> views.WhatIf:
        """Refused as `reporting.definition_invalid` with the key that is wrong."""
        rules = set_of(self.counting.sets, request.set_code)
        try:
            other = IndicatorSet.parse("definition", request.definition)
        except ValueError as error:
            raise Rejected(
                "reporting.definition_invalid", {"fault": str(error)}, "/definition"
            ) from None
        as_of, known_at = self.counting.axes(request)
        self.counting.require_few(known_at)
        facts = self.counting.known.read(known_at)
        now, then = (counted_of(each, facts, as_of, Known(known_at)) for each in (rules, other))
        threshold = self.disclosure.threshold(act.caller, self.counting.today())
        codes = dict.fromkeys([*rules.by_code, *other.by_code])
        return views.WhatIf(
            set_code=rules.code,
            version=rules.version,
            definition=other.version,
            as_of=as_of,
            known_at=known_at,
            items=tuple(_what_if(code, now, then, threshold) for code in codes),
        )

    def frozen(self, report_id: UUID, number: int | None) -> tuple[int, Dataset]:
        """A version that was computed, the latest where none is named, with its dataset."""
        version, frozen = self.reporting.load(Report, report_id).computed(number)
        return version, self.datasets.read(frozen.file_id)

    def _facts(self, *datasets: Dataset) -> list[Fact]:
        known_at = max(each.known_at for each in datasets)
        self.counting.require_few(known_at)
        return self.counting.known.read(known_at)

    def _dataset_again(self, dataset: Dataset, facts: list[Fact]) -> Dataset:
        known = Known(dataset.known_at, dataset.positions)
        plan = PlannedTargets.again(dataset.plan) if dataset.plan else None
        made = self.counting.made(dataset.rules, facts, dataset.as_of, known, plan, with_facts=True)
        return made.model_copy(update={"facts": dataset.facts})

    def _again(self, dataset: Dataset, facts: list[Fact]) -> Counted:
        known = Known(dataset.known_at, dataset.positions)
        return counted_of(dataset.rules, facts, dataset.as_of, known)

    def movements_between(self, before: Dataset, after: Dataset) -> list[Movement]:
        """Refused as `reporting.sets_differ` for reports by other sets."""
        _require_same_set(before, after)
        return list(self._movements(before, after))

    def _movements(self, before: Dataset, after: Dataset) -> Iterator[Movement]:
        """From what was frozen to what was frozen. What keys destroyed since keep today's count from
        seeing is taken back in the end, so that the sum closes whatever was erased.
        """
        facts = self._facts(before, after)
        counted = self._again(before, facts), self._again(after, facts)
        yield from explain(*counted, facts, before.contributions()).movements
        today, frozen = counted[1].contributions(), after.contributions()
        for cell in dict.fromkeys([*today, *frozen]):
            now, then = today.get(cell, {}), frozen.get(cell, {})
            for unit in dict.fromkeys([*now, *then]):
                if change := then.get(unit, 0) - now.get(unit, 0):
                    yield Movement(*cell, unit, change, Cause.ERASED)


def _require_same_set(before: Dataset, after: Dataset) -> None:
    if before.rules.code != after.rules.code:
        codes = {"before": before.rules.code, "after": after.rules.code}
        raise Rejected("reporting.sets_differ", codes, "/after_id")


def _totals(moved: list[Movement]) -> Iterator[views.CauseTotal]:
    changes: Counter[Cause] = Counter()
    units: dict[Cause, set[str]] = {}
    for each in moved:
        changes[each.cause] += each.change
        units.setdefault(each.cause, set()).add(each.unit)
    for cause in Cause:
        if cause in units:
            yield views.CauseTotal(
                cause=cause.value, change=changes[cause], units=len(units[cause])
            )


def _moved(movement: Movement) -> views.Moved:
    return views.Moved(
        unit=movement.unit,
        change=movement.change,
        cause=movement.cause.value,
        facts=tuple(f"{each.ledger}/{each.position}" for each in movement.facts),
    )


def _what_if(code: str, now: Counted, then: Counted, threshold: int | None) -> views.WhatIfNumber:
    values = [each.numbers[code].value if code in each.numbers else None for each in (now, then)]
    units = [each.units(code) if code in each.rules.by_code else {} for each in (now, then)]
    changed = set(units[0].items()) ^ set(units[1].items())
    sizes = [len(units[0]), len(units[1]), len(changed)]
    if any(is_small(size, threshold) for size in sizes):
        return views.WhatIfNumber(code=code, now=None, then=None, difference=None, withheld=True)
    difference = None if None in values else (values[1] or 0) - (values[0] or 0)
    return views.WhatIfNumber(
        code=code, now=values[0], then=values[1], difference=difference, withheld=False
    )
