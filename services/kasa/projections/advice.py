"""Cases of advice with their consultations and the items met."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.advice import AdviceCase
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, AdviceCase, load)
        replace(writer, "advice_cases", (_document(*each) for each in found))

    return Part({"advice_cases": [BY_CHANGE, IndexModel([("enterprise_id", ASCENDING)])]}, project)


def _document(case: AdviceCase, last: Recorded) -> Document:
    terms, closed = case.terms, case.closed
    return {
        "_id": str(case.id),
        "position": last.position,
        "version": case.version,
        "enterprise_id": str(terms.enterprise_id),
        "partner": terms.partner,
        "opened_on": terms.occurred_on.isoformat(),
        "closed_on": closed and closed.occurred_on.isoformat(),
        "end": closed and closed.end.value,
        "consultations": [_consultation(each) for each in case.consultations],
        "met": {
            item: {"met_on": each.occurred_on.isoformat(), "evidence": each.evidence}
            for item, each in sorted(case.met.items())
        },
    }


def _consultation(event: AdviceCase.ConsultationHeld) -> Document:
    facts = event.model_dump(
        mode="json",
        include={"consultation_id", "starts", "minutes", "topic", "adviser", "outcome", "evidence"},
    )
    return facts | {"held_on": event.occurred_on.isoformat()}
