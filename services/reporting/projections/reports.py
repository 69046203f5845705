"""Reports with their versions."""

from collections.abc import Sequence

from services.reporting.domain.report import Report, Version
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "reports", (_document(*each) for each in latest(batch, Report, load)))

    return Part({"reports": [BY_CHANGE]}, project)


def _document(report: Report, last: Recorded) -> Document:
    terms = report.terms
    return {
        "_id": str(report.id),
        "position": last.position,
        "version": report.version,
        "number": terms.number,
        "set_code": terms.set_code,
        "first_on": terms.first_on.isoformat(),
        "last_on": terms.last_on.isoformat(),
        "state": report.state.value,
        "versions": [_version(each) for each in report.versions],
    }


def _version(version: Version) -> Document:
    submitted, decided = version.submitted, version.decided
    findings = decided.findings if isinstance(decided, Report.Returned) else ()
    return {
        "number": version.number,
        "state": version.state.value,
        "frozen": version.frozen and _frozen(version.frozen),
        "submitted_on": submitted and submitted.occurred_on.isoformat(),
        "submitted_by": submitted and submitted.submitted_by,
        "decided_on": decided and decided.occurred_on.isoformat(),
        "document": decided and decided.document,
        "findings": [each.model_dump(mode="json") for each in findings],
    }


def _frozen(computed: Report.Computed) -> Document:
    names = {"as_of", "known_at", "definition", "digest", "facts", "computed_by"}
    return computed.model_dump(mode="json", include=names) | {
        "positions": [
            {"ledger": ledger, "position": position}
            for ledger, position in sorted(computed.positions.items())
        ]
    }
