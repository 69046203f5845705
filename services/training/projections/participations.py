"""What courses led to: tests, stages, qualifications, evaluations, conclusions.

Points and results stay in the boxes they were recorded in.
"""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.training.domain.participation import Participation
from shared.contracts.training.vocabulary import CompetenceStage
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Participation, load)
        replace(writer, "participations", (_document(*each) for each in found))

    return Part({"participations": [IndexModel([("edition_id", ASCENDING)])]}, project)


def _document(participation: Participation, last: Recorded) -> Document:
    qualification = participation.qualification
    return {
        "_id": str(participation.id),
        "position": last.position,
        "version": participation.version,
        "edition_id": str(last.event.edition_id),
        "participant_id": str(last.event.participant_id),
        "tests": [
            {
                "phase": phase.value,
                "taken_on": test.occurred_on.isoformat(),
                "maximum": test.maximum,
                "box": _box(test),
            }
            for phase, test in sorted(participation.tests.items())
        ],
        "stages": [
            {
                "stage": stage.value,
                "reached_on": participation.stages[stage].occurred_on.isoformat(),
                "achieved": list(participation.stages[stage].achieved),
            }
            for stage in CompetenceStage
            if stage in participation.stages
        ],
        "qualification": qualification
        and {
            "gained_on": qualification.occurred_on.isoformat(),
            "body": qualification.body.model_dump(mode="json"),
            "document_number": qualification.document_number,
        },
        "evaluations": [
            {
                "level": each.level,
                "measure": each.measure,
                "observed_on": each.occurred_on.isoformat(),
                "reference": each.reference,
                "box": _box(each),
            }
            for each in participation.evaluations
        ],
    }


def _box(event: Event) -> Document | None:
    box = event.box(DataClass.MONITORING)
    return None if box is None else box.model_dump(mode="json")
