"""Studies with their reviews and waves."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.research.domain.study import Study, Wave
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "studies", (_document(*each) for each in latest(batch, Study, load)))

    return Part({"studies": [BY_CHANGE, IndexModel([("state", ASCENDING)])]}, project)


def _document(study: Study, last: Recorded) -> Document:
    terms = study.terms
    return {
        "_id": str(study.id),
        "position": last.position,
        "version": study.version,
        "code": terms.code,
        "partner": terms.partner,
        "state": study.state.value,
        "plan": study.plan.model_dump(mode="json"),
        "planned_on": terms.occurred_on.isoformat(),
        "authors": sorted(study.authors),
        "reviews": [_review(each, study.plan_version) for each in study.reviews],
        "opened_on": study.opened_on and study.opened_on.isoformat(),
        "concluded_on": study.concluded_on and study.concluded_on.isoformat(),
        "waves": [_wave(each) for each in study.waves.values()],
    }


def _review(review: Study.EthicsReviewed, plan_version: int) -> Document:
    facts = review.model_dump(
        mode="json", include={"verdict", "reference", "conditions", "reviewed_by"}
    )
    return facts | {
        "reviewed_on": review.occurred_on.isoformat(),
        "void": review.originator_version < plan_version,
    }


def _wave(wave: Wave) -> Document:
    proposed = wave.anonymisation
    return {
        "wave_id": str(wave.id),
        "number": wave.number,
        "state": wave.state.value,
        "plan": wave.plan.model_dump(mode="json"),
        "opened_on": wave.opened_on and wave.opened_on.isoformat(),
        "closed_on": wave.closed_on and wave.closed_on.isoformat(),
        "anonymisation_proposed_on": proposed and proposed.occurred_on.isoformat(),
        "anonymised_on": wave.anonymised_on and wave.anonymised_on.isoformat(),
    }
