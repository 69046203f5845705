"""Commands on plans; and numbers against them and over time, which write nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.application import Reporting
from services.reporting.application.cells import offered
from services.reporting.application.counting import Counting, PlannedTargets
from services.reporting.application.disclosure import Disclosure
from services.reporting.application.presenting import is_small
from services.reporting.application.sets import require_indicator, set_of
from services.reporting.domain.ids import id_of
from services.reporting.domain.indicators.cells import Labels, labels_of
from services.reporting.domain.indicators.comparison import Comparison, Point
from services.reporting.domain.indicators.counting import Counted
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.plan import IndicatorPlan
from services.reporting.domain.progress import (
    ahead,
    days_needed,
    ends_of_months,
    reason_of,
    units_reached,
)
from shared.contracts.operations import Receipt
from shared.contracts.reporting.commands import plans as commands
from shared.contracts.reporting.views import plans as views
from shared.contracts.reporting.vocabulary.indicators import AsOf
from shared.contracts.reporting.vocabulary.plans import Target
from shared.eventstore.acts import Act
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected

MOST_DAYS: Final = 60
"""Days that one answer counts on."""


def agree_plan(reporting: Reporting, command: commands.AgreePlan, act: Act) -> Receipt:
    _require_targets(set_of(reporting.sets, command.set_code), command.targets)
    identity = id_of("plan", command.set_code)
    plan = reporting.find(IndicatorPlan, identity) or IndicatorPlan(identity)
    plan.agree(
        command.set_code,
        command.targets,
        document=command.document,
        on=command.agreed_on,
        today=reporting.today(),
    )
    return reporting.commit(act, plan, source_document=command.document)


def revise_plan(reporting: Reporting, command: commands.RevisePlan, act: Act) -> Receipt:
    plan = reporting.load(IndicatorPlan, command.plan_id, act.expected_version)
    _require_targets(set_of(reporting.sets, plan.set_code), command.targets)
    plan.revise(
        command.targets, document=command.document, on=command.agreed_on, today=reporting.today()
    )
    return reporting.commit(act, plan, source_document=command.document)


def plan_in_force(reporting: Reporting, set_code: str) -> PlannedTargets | None:
    """None where none was agreed."""
    plan = reporting.find(IndicatorPlan, id_of("plan", set_code))
    if plan is None:
        return None
    version = plan.numbered(None)
    return PlannedTargets(version.number, version.targets)


def _require_targets(rules: IndicatorSet, targets: tuple[Target, ...]) -> None:
    for index, target in enumerate(targets):
        require_indicator(rules, target.code, f"/targets/{index}/code")
        offered(rules, target.code, labels_of(target.cell), f"/targets/{index}/cell")


@dataclass(frozen=True)
class Progress:
    reporting: Reporting
    counting: Counting
    disclosure: Disclosure

    def get_plan_progress(self, request: views.GetPlanProgress, act: Act) -> views.PlanProgress:
        plan = self.reporting.load(IndicatorPlan, request.plan_id)
        version = plan.numbered(request.number)
        rules = set_of(self.counting.sets, plan.set_code)
        asked = AsOf(as_of=request.as_of, known_at=request.known_at)
        as_of, known_at = self.counting.axes(asked)
        counted = self._on(rules, days_needed(version.targets, as_of), known_at)
        threshold = self.disclosure.threshold(act.caller, self.counting.today())
        return views.PlanProgress(
            plan_id=plan.id,
            number=version.number,
            definition=rules.version,
            as_of=as_of,
            known_at=known_at,
            items=tuple(_against(each, as_of, counted, threshold) for each in version.targets),
        )

    def get_trend(self, request: views.GetTrend, act: Act) -> views.Trend:
        known_at = self.require_trend(request)
        rules = set_of(self.counting.sets, request.set_code)
        labels, today = labels_of(request.cell), self.counting.today()
        counted = self._on(rules, ends_of_months(request.first_on, request.last_on), known_at)
        threshold = self.disclosure.threshold(act.caller, today)
        points = [
            (day, _value(each, request.code, labels, threshold)) for day, each in counted.items()
        ]
        known = [Point(day, value) for day, value in points if value is not None]
        told = ahead(known, request.ahead) if len(known) == len(points) else []
        return views.Trend(
            set_code=rules.code,
            code=request.code,
            cell=request.cell,
            unit=rules.indicator(request.code).unit.value,
            version=rules.version,
            known_at=known_at,
            points=tuple(views.TrendPoint(on=day, value=value) for day, value in points),
            forecast=tuple(views.TrendPoint(on=day, value=value) for day, value in told),
        )

    def require_trend(self, request: views.GetTrend) -> date:
        """The day on which it is to be known. Refused like a number, and as
        `reporting.period_reversed` and `reporting.too_many_days`.
        """
        rules = set_of(self.counting.sets, request.set_code)
        require_indicator(rules, request.code)
        offered(rules, request.code, labels_of(request.cell))
        today = self.counting.today()
        require_come(request.last_on, today, "/last_on")
        if request.last_on < request.first_on:
            days = {"first_on": str(request.first_on), "last_on": str(request.last_on)}
            raise Rejected("reporting.period_reversed", days, "/last_on")
        known_at = request.known_at or today
        require_come(known_at, today, "/known_at")
        _require_few_days(len(ends_of_months(request.first_on, request.last_on)))
        return known_at

    def _on(
        self, rules: IndicatorSet, days: set[date] | list[date], known_at: date
    ) -> dict[date, Counted]:
        """Refused as `reporting.too_many_days` and `reporting.too_many_facts`."""
        _require_few_days(len(days))
        self.counting.require_few(known_at)
        return self.counting.on_days(rules, sorted(days), known_at)


def _require_few_days(days: int) -> None:
    if days > MOST_DAYS:
        raise Rejected("reporting.too_many_days", {"days": days, "at_most": MOST_DAYS})


def _against(
    target: Target, as_of: date, counted: dict[date, Counted], threshold: int | None
) -> views.TargetProgress:
    if reason := reason_of(target, as_of, counted):
        return views.TargetProgress(
            target=target, actual=None, withheld=False, reason=reason, percent=None
        )
    units = units_reached(target, as_of, counted)
    if any(is_small(len(each), threshold) for each in units):
        return views.TargetProgress(
            target=target, actual=None, withheld=True, reason=None, percent=None
        )
    actual = sum(units[1].values()) - sum(units[0].values())
    return views.TargetProgress(
        target=target,
        actual=actual,
        withheld=False,
        reason=None,
        percent=Comparison(target.value, actual).percent,
    )


def _value(counted: Counted, code: str, labels: Labels, threshold: int | None) -> int | None:
    if counted.numbers[code].value is None:
        return None
    units = counted.units(code, labels)
    return None if is_small(len(units), threshold) else sum(units.values())
