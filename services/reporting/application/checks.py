"""Data quality and risks by their named rules, for those who can mend and check."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.reporting.application.counting import Counting
from services.reporting.application.sets import set_of
from services.reporting.domain.history.facts import Fact, Known
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.quality import Finding, findings
from services.reporting.domain.risks import (
    Alert,
    late_entries,
    overlapping_sessions,
    stretches,
    too_long_a_day,
)
from shared.contracts.reporting.views import checks as views
from shared.contracts.reporting.vocabulary.indicators import AsOf
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.personal import DataClass

MOST_FACTS: Final = 20
"""Events that one alert names."""


@dataclass(frozen=True)
class Checks:
    counting: Counting
    record_read: RecordRead

    def check_data(self, request: views.CheckData, act: Act) -> views.DataFindings:
        """What is missing of whom tells something of them: that it was read is recorded."""
        rules = set_of(self.counting.sets, request.set_code)
        as_of, known_at = self.counting.axes(request)
        self.counting.require_few(known_at)
        knowledge = Knowledge.of(self.counting.known.read(known_at), Known(known_at))
        scope = Scope.of(act.caller)
        found = [
            each
            for each in findings(knowledge.on(as_of), rules.windows)
            if scope.includes(each.partner or "")
        ]
        totals = Counter(each.problem.value for each in found)
        asked = [each for each in found if request.problem in (None, each.problem.value)]
        end = request.skip + request.limit
        shown = asked[request.skip : end]
        if shown:
            people = {each.subject for each in shown}
            self.record_read(act, people, frozenset({DataClass.MONITORING}))
        return views.DataFindings(
            as_of=as_of,
            known_at=known_at,
            totals=tuple(
                views.ProblemTotal(problem=each, findings=totals[each.value])
                for each in views.DataProblem
            ),
            items=tuple(map(_finding, shown)),
            next_skip=end if end < len(asked) else None,
        )

    def check_risks(self, request: views.CheckRisks, _act: Act) -> views.RiskAlerts:
        _, known_at = self.counting.axes(AsOf(known_at=request.known_at))
        self.counting.require_few(known_at)
        facts = self.counting.known.read(known_at)
        alerts = sorted(
            (
                each
                for each in _alerts(facts, request.late_days)
                if request.risk in (None, each.risk.value)
            ),
            key=lambda each: (each.on, each.risk, each.whom, each.facts),
        )
        end = request.skip + request.limit
        return views.RiskAlerts(
            known_at=known_at,
            items=tuple(map(_alert, alerts[request.skip : end])),
            next_skip=end if end < len(alerts) else None,
        )


def _alerts(facts: list[Fact], late_days: int) -> Iterator[Alert]:
    yield from overlapping_sessions(stretches(facts))
    yield from too_long_a_day(facts)
    yield from late_entries(facts, late_days)


def _finding(found: Finding) -> views.DataFinding:
    return views.DataFinding(
        participant_id=found.subject,
        partner=found.partner,
        problem=views.DataProblem(found.problem.value),
        detail=found.detail,
        mended_by=found.mended_by,
    )


def _alert(alert: Alert) -> views.RiskAlert:
    return views.RiskAlert(
        risk=views.RiskKind(alert.risk.value),
        whom=alert.whom,
        on=alert.on,
        facts=tuple(f"{each.ledger}/{each.position}" for each in alert.facts[:MOST_FACTS]),
    )
