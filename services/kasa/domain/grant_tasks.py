"""What is to be done about a grant, and by when; derived from its state, never stored twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from services.kasa.domain.durability import last_required
from services.kasa.domain.grant import Grant
from services.kasa.domain.rules.grants import GrantRules
from shared.contracts.kasa.vocabulary.grants import GrantTask, ReportState, TrancheState


class DueTask(NamedTuple):
    """`due_on` is the last day on which the task is done in time; None where no term runs.

    `about` says which condition, report or tranche it is about.
    """

    kind: GrantTask
    opens_on: date
    due_on: date | None
    about: str | None = None


def due_tasks(grant: Grant, rules: GrantRules) -> tuple[DueTask, ...]:
    return (
        *_conditions(grant),
        *_reports(grant, rules),
        *_tranches(grant),
        *_places(grant, rules),
        *_clawback(grant),
    )


def _conditions(grant: Grant) -> Iterator[DueTask]:
    for condition in grant.terms.conditions:
        if condition.code not in grant.conditions:
            signed_on = grant.signed.occurred_on
            yield DueTask(GrantTask.MEET_CONDITION, signed_on, None, condition.code)


def _reports(grant: Grant, rules: GrantRules) -> Iterator[DueTask]:
    for about in grant.terms.reports:
        report, number = grant.reports[about.number], str(about.number)
        if report.state in {ReportState.DUE, ReportState.REJECTED}:
            opens_on = about.last_day + timedelta(1)
            yield DueTask(GrantTask.SUBMIT_REPORT, opens_on, about.due_on, number)
        elif report.state is ReportState.SUBMITTED:
            since = report.submitted_on
            due_on = since + timedelta(rules.report_review_days.on(since))
            yield DueTask(GrantTask.REVIEW_REPORT, since, due_on, number)


def _tranches(grant: Grant) -> Iterator[DueTask]:
    """A tranche can be released when nothing that it waits for is missing."""
    if grant.unused is not None or len(grant.conditions) < len(grant.terms.conditions):
        return
    ready_on = max(grant.conditions.values(), default=grant.signed.occurred_on)
    for tranche in grant.terms.tranches:
        progress, number = grant.tranches[tranche.number], str(tranche.number)
        if progress.state is TrancheState.RELEASED:
            yield DueTask(GrantTask.PAY_TRANCHE, progress.released_on, None, number)
        elif progress.state is TrancheState.WAITING:
            report = grant.reports[tranche.after_report] if tranche.after_report else None
            if report is None or report.state is ReportState.ACCEPTED:
                opens_on = max(ready_on, report.decided_on) if report else ready_on
                yield DueTask(GrantTask.RELEASE_TRANCHE, opens_on, None, number)


def _places(grant: Grant, rules: GrantRules) -> Iterator[DueTask]:
    signed_on = grant.signed.occurred_on
    missing = grant.terms.job_places - len(grant.places)
    if missing and grant.checked is None:
        due_on = signed_on + timedelta(rules.fill_place_days.on(signed_on))
        yield DueTask(GrantTask.FILL_JOB_PLACE, signed_on, due_on, str(missing))
    last = last_required(grant.places.values(), grant.signed.durability.months)
    if last is not None and grant.checked is None:
        yield DueTask(GrantTask.CHECK_DURABILITY, last, None)


def _clawback(grant: Grant) -> Iterator[DueTask]:
    if grant.due is not None and grant.still_due:
        yield DueTask(GrantTask.PAY_CLAWBACK, grant.due.occurred_on, grant.due.pay_by)
