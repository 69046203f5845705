"""Commands on reports."""

from datetime import date
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import SetCode
from shared.contracts.reporting.vocabulary.reports import Findings
from shared.contracts.vocabulary import Reference


class DraftReport(Published):
    """On a period, by a set; its numbers are those that are true on the last day of the period."""

    number: Reference
    set_code: SetCode
    first_on: date
    last_on: date


class ReportCommand(Published):
    """A command to one report; `If-Match` names the version the caller has seen."""

    report_id: UUID


class ComputeReport(ReportCommand):
    """As known now."""


class SubmitReport(ReportCommand):
    """By another person than computed it."""


class AcceptReport(ReportCommand):
    """The authority's decision."""

    decided_on: date
    document: Reference


class ReturnReport(ReportCommand):
    """The authority's decision; a new version begins, the returned one stays."""

    decided_on: date
    document: Reference
    findings: Findings
