"""What the ledger will hold, and what of editions and learners others are told."""

from typing import Any
from uuid import UUID

import pytest

from services.training.domain.attendance_history import AttendanceHistory
from services.training.domain.calendar import Calendar
from services.training.domain.certificates import Certificate, CertificateRegister
from services.training.domain.edition import Edition
from services.training.domain.edition_history import AboutParticipant, EditionHistory
from services.training.domain.learner import Learner
from services.training.domain.participation_history import ParticipationHistory
from services.training.domain.programme import Programme
from services.training.publishing import publish
from shared.contracts.training import events as public
from shared.contracts.training.vocabulary import EnrolmentState
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass, personal_fields
from shared.testing.scenario import SUBJECT
from tests.training.domain.courses import TODAY, person
from tests.training.domain.test_edition import enrolled, opened, waiting
from tests.training.domain.test_learner import moved, started

MONITORING, SPECIAL = DataClass.MONITORING, DataClass.SPECIAL
SEALED = {
    "training.Edition.ParticipantSubstituted": {"reason": SPECIAL},
    "training.Edition.EnrolmentEnded": {"reason": SPECIAL},
    "training.AttendanceList.Marked": {"absence": SPECIAL, "note": SPECIAL},
    "training.AttendanceList.CorrectionRequested": {"reason": SPECIAL},
    "training.AttendanceList.Corrected": {"justification": SPECIAL},
    "training.AttendanceList.CorrectionRejected": {"justification": SPECIAL},
    "training.Participation.TestTaken": {"points": MONITORING},
    "training.Participation.EvaluationRecorded": {"value": MONITORING},
    "training.Certificate.Issued": {"holder": DataClass.IDENTITY},
    "training.Certificate.Revoked": {"justification": SPECIAL},
}
"""Nothing else here is personal: people are random ids, trainers pseudonyms."""
NAMES = {
    "Programme": {"Opened", "Revised", "Withdrawn"},
    "Edition": {
        "Opened",
        "TrainerContracted",
        "TimetableSet",
        "ParticipantEnrolled",
        "ParticipantPutOnReserve",
        "ParticipantSubstituted",
        "EnrolmentEnded",
        "ParticipantReplaced",
        "ReplacementUndone",
        "Closed",
        "ConclusionRevised",
    },
    "AttendanceList": {
        "Planned",
        "Dropped",
        "Marked",
        "SessionHeld",
        "TrainerHoursDelivered",
        "Settled",
        "CorrectionRequested",
        "Corrected",
        "CorrectionRejected",
    },
    "Participation": {
        "TestTaken",
        "CompetenceStageReached",
        "CompetenceConfirmed",
        "QualificationGained",
        "EvaluationRecorded",
        "AttendanceCorrected",
        "Completed",
        "NotCompleted",
        "Abandoned",
    },
    "CertificateRegister": {"Entered"},
    "Certificate": {"Issued", "Revoked"},
    "Calendar": {"Booked", "Released"},
    "Learner": {
        "Admitted",
        "AdmissionEnded",
        "Exited",
        "ReEntered",
        "StepsMoved",
        "MergedInto",
        "MergeUndone",
        "Erased",
        "Booked",
        "Released",
        "SupportStarted",
        "SupportStartMoved",
    },
}
ANNA = person(0)


def events_of(aggregate: type) -> list[type[Event]]:
    nested: list[Any] = list(vars(aggregate).values())
    found = [each for each in nested if isinstance(each, type) and issubclass(each, Event)]
    return list(dict.fromkeys(found))


EVENTS = [
    event
    for each in (
        Programme,
        EditionHistory,
        AttendanceHistory,
        ParticipationHistory,
        CertificateRegister,
        Certificate,
        Calendar,
        Learner,
    )
    for event in events_of(each)
]


def test_names_are_permanent() -> None:
    assert {event.TOPIC for event in EVENTS} == {
        f"training.{aggregate}.{name}" for aggregate, names in NAMES.items() for name in names
    }
    assert Edition.Opened.aggregate_class is Edition


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TOPIC)
def test_what_people_write_about_people_is_sealed(event: type[Event]) -> None:
    assert dict(personal_fields(event)) == SEALED.get(event.TOPIC, {})


def test_what_is_written_about_a_participant_is_sealed_for_that_participant() -> None:
    for event in EVENTS:
        if event.TOPIC in SEALED:
            assert issubclass(event, AboutParticipant)
    assert enrolled(ANNA).at(SUBJECT, 1).subject == ANNA


def ended(was: EnrolmentState, how: EnrolmentState) -> Event:
    return Edition.EnrolmentEnded(
        originator_id=SUBJECT,
        originator_version=1,
        occurred_on=TODAY,
        participant_id=ANNA,
        was=was,
        how=how,
    )


def test_others_are_told_of_editions_enrolments_and_the_start_of_support() -> None:
    edition = publish(opened().at(SUBJECT, 1))
    assert isinstance(edition, public.EditionOpened)
    assert (edition.programme_code, edition.planned_minutes) == ("KUCH/1", 270)
    assert publish(enrolled(ANNA).at(SUBJECT, 1)) == public.LearnerEnrolled(
        subject=ANNA, edition_id=SUBJECT, enrolled_on=TODAY
    )
    assert publish(waiting(ANNA).at(SUBJECT, 1)) is None
    start = publish(started(TODAY).at(ANNA, 1))
    assert isinstance(start, public.SupportStarted)
    assert (start.subject, start.started_on) == (ANNA, TODAY)
    assert publish(moved(TODAY, None, None).at(ANNA, 2)) == public.SupportStartMoved(
        subject=ANNA, edition_id=UUID(int=1), was_on=TODAY, started_on=None
    )


@pytest.mark.parametrize("how", [EnrolmentState.WITHDRAWN, EnrolmentState.LAPSED])
def test_an_end_before_the_course_is_told_of_those_who_had_a_place(how: EnrolmentState) -> None:
    assert publish(ended(EnrolmentState.ENROLLED, how)) == public.EnrolmentEnded(
        subject=ANNA, edition_id=SUBJECT, ended_on=TODAY, state=how
    )
    assert publish(ended(EnrolmentState.RESERVE, how)) is None
