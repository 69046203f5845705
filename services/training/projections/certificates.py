"""Certificates, each with the position of the completion on which it rests."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.training.domain.certificates import Certificate
from services.training.domain.participation import Participation
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "completions", map(_completion, _completions(batch)))
        found = latest(batch, Certificate, load)
        replace(writer, "certificates", (_document(*each, writer) for each in found))

    return Part(
        {
            "certificates": [
                BY_CHANGE,
                IndexModel([("verification_code", ASCENDING)], unique=True),
                IndexModel([("edition_id", ASCENDING)]),
                IndexModel([("participant_id", ASCENDING)]),
            ],
            "completions": [],
        },
        project,
    )


def _completions(batch: Sequence[Recorded]) -> list[Recorded]:
    return [each for each in batch if isinstance(each.event, Participation.Completed)]


def _completion(recorded: Recorded) -> Document:
    event = recorded.event
    return {
        "_id": f"{event.originator_id}/{event.originator_version}",
        "position": recorded.position,
    }


def _document(certificate: Certificate, last: Recorded, writer: Writer) -> Document:
    issued, revoked = certificate.issued, certificate.revoked
    if issued is None:
        raise LookupError(f"certificate {certificate.id} was never issued")
    rests_on = issued.completion
    completion = writer["completions"].find_one({"_id": f"{rests_on.stream}/{rests_on.version}"})
    if completion is None:
        raise LookupError(f"the completion of certificate {certificate.id} is not known")
    holder = issued.box(DataClass.IDENTITY)
    return {
        "_id": str(certificate.id),
        "position": last.position,
        "version": certificate.version,
        "number": issued.number,
        "participant_id": str(issued.participant_id),
        "holder": holder and holder.model_dump(mode="json"),
        **issued.content.model_dump(mode="json", exclude={"attended_minutes", "planned_minutes"}),
        "hours": issued.content.hours,
        "planned_hours": issued.content.planned_hours,
        "issued_on": issued.occurred_on.isoformat(),
        "completion": {
            "ledger": "training",
            "position": completion["position"],
            "stream": str(rests_on.stream),
            "version": rests_on.version,
        },
        "verification_code": issued.verification_code,
        "revoked_on": revoked and revoked.occurred_on.isoformat(),
        "revocation_reason": revoked and revoked.reason.value,
    }
