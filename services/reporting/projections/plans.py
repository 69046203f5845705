"""Plans with their versions."""

from collections.abc import Sequence

from services.reporting.domain.plan import IndicatorPlan, Version
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "plans", (_document(*each) for each in latest(batch, IndicatorPlan, load)))

    return Part({"plans": [BY_CHANGE]}, project)


def _document(plan: IndicatorPlan, last: Recorded) -> Document:
    return {
        "_id": str(plan.id),
        "position": last.position,
        "version": plan.version,
        "set_code": plan.set_code,
        "versions": [_version(each) for each in plan.versions],
    }


def _version(version: Version) -> Document:
    return {
        "number": version.number,
        "agreed_on": version.agreed_on.isoformat(),
        "document": version.document,
        "targets": [each.model_dump(mode="json") for each in version.targets],
    }
