"""Every public event of the others is noted, each exactly once; what of it, and about what.

One that nothing is counted by yet is noted too: a later definition may ask for it. None is left out,
and a test holds the tables to what is published.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import Tracking

from services.reporting.application import Reporting
from services.reporting.domain.noted import (
    Contract,
    Edition,
    Enterprise,
    Noted,
    Origin,
    Participant,
    Study,
)
from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.kasa import events as kasa
from shared.contracts.registry import events as registry
from shared.contracts.research import events as research
from shared.contracts.training import events as training
from shared.kernel.personal import DataClass
from shared.messaging.erasing import forgetting
from shared.messaging.parking import Parking
from shared.messaging.reactions import Handler, Reactions, provenance_of

BOXES: Final = (DataClass.MONITORING, DataClass.SPECIAL)
"""The classes of which a fact may bring a box, in the field of its name."""


class Noting(NamedTuple):
    """About what a fact is kept, which field names it, and which says when it was true."""

    about: type[Noted]
    day: str
    named_by: str = "subject"


Table = Mapping[type[PublicEvent], Noting]

REGISTRY: Final[Table] = {
    registry.ParticipantRegistered: Noting(Participant, "applied_on"),
    registry.ParticipantUpdated: Noting(Participant, "changed_on"),
    registry.ParticipantCorrected: Noting(Participant, "in_force_on"),
    registry.StepsCorrected: Noting(Participant, "decided_on"),
    registry.ParticipantAdmitted: Noting(Participant, "admitted_on"),
    registry.ParticipantNotAdmitted: Noting(Participant, "decided_on"),
    registry.ParticipantEnrolled: Noting(Participant, "started_on"),
    registry.ParticipantSuspended: Noting(Participant, "suspended_on"),
    registry.ParticipantResumed: Noting(Participant, "resumed_on"),
    registry.ParticipantExited: Noting(Participant, "exited_on"),
    registry.OutcomeRecorded: Noting(Participant, "observed_on"),
    registry.FollowUpRecorded: Noting(Participant, "observed_on"),
    registry.ParticipantReEntered: Noting(Participant, "re_entered_on"),
    registry.ConsentGiven: Noting(Participant, "given_on"),
    registry.ConsentWithdrawn: Noting(Participant, "withdrawn_on"),
    registry.ParticipantMerged: Noting(Participant, "decided_on"),
    registry.MergeUndone: Noting(Participant, "decided_on"),
    registry.ParticipantErased: Noting(Participant, "erased_on"),
    registry.ErasureCertified: Noting(Participant, "certified_on"),
}
TRAINING: Final[Table] = {
    training.EditionOpened: Noting(Edition, "opened_on"),
    training.LearnerEnrolled: Noting(Participant, "enrolled_on"),
    training.EnrolmentEnded: Noting(Participant, "ended_on"),
    training.SupportStarted: Noting(Participant, "started_on"),
    training.SupportStartMoved: Noting(Participant, "was_on"),
    training.SessionHeld: Noting(Edition, "held_on", "edition_id"),
    training.TrainerHoursDelivered: Noting(Edition, "delivered_on", "edition_id"),
    training.AttendanceSettled: Noting(Edition, "held_on", "edition_id"),
    training.AttendanceCorrected: Noting(Participant, "held_on"),
    training.CourseCompleted: Noting(Participant, "completed_on"),
    training.CourseNotCompleted: Noting(Participant, "closed_on"),
    training.CourseAbandoned: Noting(Participant, "abandoned_on"),
    training.CompetenceConfirmed: Noting(Participant, "confirmed_on"),
    training.QualificationGained: Noting(Participant, "gained_on"),
    training.CertificateIssued: Noting(Participant, "issued_on"),
    training.CertificateRevoked: Noting(Participant, "revoked_on"),
    training.SubjectErased: Noting(Participant, "erased_on"),
}
KASA: Final[Table] = {
    kasa.EnterpriseFounded: Noting(Enterprise, "founded_on"),
    kasa.JobPlaceCreated: Noting(Enterprise, "created_on"),
    kasa.JobPlaceLost: Noting(Enterprise, "lost_on"),
    kasa.DeMinimisGranted: Noting(Enterprise, "granted_on"),
    kasa.AdviceDelivered: Noting(Enterprise, "delivered_on"),
    kasa.ApplicationDecided: Noting(Enterprise, "decided_on"),
    kasa.ContractSigned: Noting(Contract, "signed_on", "contract_id"),
    kasa.Disbursed: Noting(Contract, "paid_on", "contract_id"),
    kasa.Repaid: Noting(Contract, "value_on", "contract_id"),
    kasa.RepaymentReversed: Noting(Contract, "reversed_on", "contract_id"),
    kasa.GrantReportAccepted: Noting(Contract, "accepted_on", "contract_id"),
    kasa.ArrearsClassChanged: Noting(Contract, "changed_on", "contract_id"),
    kasa.LoanWrittenOff: Noting(Contract, "written_off_on", "contract_id"),
    kasa.SubjectErased: Noting(Participant, "erased_on"),
}
RESEARCH: Final[Table] = {
    research.StudyOpened: Noting(Study, "opened_on"),
    research.WaveClosed: Noting(Study, "closed_on"),
    research.FollowUpAnswered: Noting(Participant, "observed_on"),
    research.DiagnosisPublished: Noting(Study, "published_on"),
    research.SubjectErased: Noting(Participant, "erased_on"),
}
PUBLISHERS: Final[Mapping[str, Table]] = {
    "registry": REGISTRY,
    "training": TRAINING,
    "kasa": KASA,
    "research": RESEARCH,
}


def reactions_to(publisher: str, reporting: Reporting, parking: Parking) -> Reactions:
    def noting(how: Noting) -> Handler:
        return partial(_note, reporting, how)

    handlers = {event: noting(how) for event, how in PUBLISHERS[publisher].items()}
    if told := handlers.get(registry.ParticipantErased):
        handlers[registry.ParticipantErased] = forgetting(reporting, told)
    return Reactions(reporting.name, publisher, handlers, reporting.recorder, parking)


def _note(
    reporting: Reporting,
    how: Noting,
    event: PublicEvent,
    envelope: Envelope,
    tracking: Tracking,
) -> None:
    identity: UUID = getattr(event, how.named_by)
    noted = reporting.find(how.about, identity) or how.about(identity)
    noted.note(
        kind=event.TYPE,
        origin=Origin(ledger=envelope.source, position=envelope.position, event_id=envelope.id),
        about=event.subject,
        recorded_at=envelope.time,
        data=event.model_dump(mode="json", exclude={"subject", *BOXES}),
        boxes={each: box for each in BOXES if (box := getattr(event, each, None))},
        on=getattr(event, how.day),
    )
    if isinstance(noted, Participant) and isinstance(event, registry.ParticipantErased):
        noted.erase(event.data_classes, event.erased_on)
    reporting.record(noted, provenance=provenance_of(envelope, reporting.name), tracking=tracking)
