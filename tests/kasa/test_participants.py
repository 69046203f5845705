"""What the registry and training tell of people: taken once, and nothing more than that."""

from datetime import date
from uuid import UUID

from services.kasa.domain.participant import Participant
from shared.contracts.operations import FeedRequest
from shared.contracts.registry import events as registry
from shared.contracts.training import events as training
from shared.contracts.training.vocabulary import Result, RevocationReason
from shared.kernel.personal import DataClass
from tests.kasa.conftest import Kasa
from tests.kasa.telling import admitted, registry_of, training_of

DAY = date(2026, 1, 12)
LATER = date(2026, 2, 2)
ANNA, BARBARA, EDITION, CERTIFICATE = (
    UUID(f"00000000-0000-4000-8000-{number:012}") for number in range(4)
)


def participant(kasa: Kasa, who: UUID) -> Participant:
    return kasa.composition.application.load(Participant, who)


def test_kasa_learns_of_admission_merge_and_erasure(kasa: Kasa) -> None:
    registered = registry_of(kasa)
    registered.tell(
        *admitted(ANNA, BARBARA, on=DAY),
        registry.ParticipantExited(subject=ANNA, exited_on=LATER, as_planned=True),
        registry.ParticipantMerged(subject=ANNA, into=BARBARA, decided_on=LATER),
    )
    assert participant(kasa, ANNA).admitted_on == DAY
    assert participant(kasa, ANNA).exited_on == LATER
    assert participant(kasa, ANNA).merged_into == BARBARA
    registered.tell(
        registry.MergeUndone(subject=ANNA, out_of=BARBARA, decided_on=LATER),
        registry.ParticipantNotAdmitted(subject=ANNA, decided_on=LATER),
        registry.ParticipantErased(
            subject=BARBARA, data_classes=(DataClass.IDENTITY,), erased_on=LATER
        ),
    )
    assert participant(kasa, ANNA).merged_into is None
    assert participant(kasa, ANNA).admitted_on is None
    assert participant(kasa, BARBARA).erased_on == LATER
    told = kasa.composition.publication.page(FeedRequest(after=0)).envelopes[-1]
    assert (told.type, told.subject) == ("kasa.subject_erased.v1", BARBARA)


def test_kasa_learns_of_courses_and_valid_certificates(kasa: Kasa) -> None:
    trained = training_of(kasa)
    trained.tell(
        training.CourseCompleted(
            subject=ANNA,
            edition_id=EDITION,
            programme_code="SP1",
            completed_on=DAY,
            attended_minutes=400,
            planned_minutes=480,
            timetable_version=1,
            minimum_percent=80,
        ),
        training.CertificateIssued(
            subject=ANNA,
            certificate_id=CERTIFICATE,
            number="TJP/1/2026",
            edition_id=EDITION,
            programme_code="SP1",
            result=Result.QUALIFICATION,
            issued_on=DAY,
        ),
    )
    assert participant(kasa, ANNA).completed == {"SP1"}
    assert participant(kasa, ANNA).certificates == {CERTIFICATE: "SP1"}
    trained.tell(
        training.CertificateRevoked(
            subject=ANNA,
            certificate_id=CERTIFICATE,
            number="TJP/1/2026",
            revoked_on=LATER,
            reason=next(iter(RevocationReason)),
        )
    )
    assert participant(kasa, ANNA).certificates == {}
    assert participant(kasa, ANNA).completed == {"SP1"}
