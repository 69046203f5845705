"""Public events of training: facts about subjects, never who they are.

`subject` is the participant where the fact is about one, else the session or the programme.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.events import PublicEvent
from shared.contracts.model import Published
from shared.contracts.training.vocabulary import (
    Code,
    EnrolmentState,
    Minutes,
    Mode,
    Result,
    RevocationReason,
    TrainerId,
)
from shared.contracts.vocabulary import PartnerId, Reference, ShortText
from shared.kernel.personal import DataClass


class EditionOpened(PublicEvent):
    """`subject` is the edition."""

    TYPE: ClassVar[str] = "training.edition_opened.v1"

    code: Code
    programme_id: UUID
    programme_code: Code
    result: Result
    partner: PartnerId
    opened_on: date
    planned_minutes: int


class LearnerEnrolled(PublicEvent):
    TYPE: ClassVar[str] = "training.learner_enrolled.v1"

    edition_id: UUID
    enrolled_on: date


class EnrolmentEnded(PublicEvent):
    """Before the course began (`substituted`, `withdrawn`, `lapsed`)."""

    TYPE: ClassVar[str] = "training.enrolment_ended.v1"

    edition_id: UUID
    ended_on: date
    state: EnrolmentState


class SupportStarted(PublicEvent):
    """The participant's first attended minute of all: support begins on this day."""

    TYPE: ClassVar[str] = "training.support_started.v1"

    edition_id: UUID
    edition_code: Code
    session_id: UUID
    started_on: date


class SupportStartMoved(PublicEvent):
    """An attended day before the known start was recorded, or the start proved wrong."""

    TYPE: ClassVar[str] = "training.support_start_moved.v1"

    edition_id: UUID
    was_on: date
    started_on: date | None
    """None when no attended minute is left."""


class SessionHeld(PublicEvent):
    """`subject` is the session."""

    TYPE: ClassVar[str] = "training.session_held.v1"

    edition_id: UUID
    topic: Code
    held_on: date
    mode: Mode
    minutes: Minutes


class TrainerHoursDelivered(PublicEvent):
    """Minutes that a trainer's contract is charged with; `subject` is the session."""

    TYPE: ClassVar[str] = "training.trainer_hours_delivered.v1"

    edition_id: UUID
    trainer: TrainerId
    contract: Reference
    delivered_on: date
    starts: str
    """Local time HH:MM, so that hours that overlap elsewhere can be found."""
    ends: str
    minutes: Minutes


class AttendedMinutes(Published):
    participant_id: UUID
    minutes: Minutes


class AttendanceSettled(PublicEvent):
    """The list of a session was confirmed; `subject` is the session."""

    TYPE: ClassVar[str] = "training.attendance_settled.v1"

    edition_id: UUID
    held_on: date
    minutes: Minutes
    marks: tuple[AttendedMinutes, ...]


class AttendanceCorrected(PublicEvent):
    TYPE: ClassVar[str] = "training.attendance_corrected.v1"

    session_id: UUID
    edition_id: UUID
    held_on: date
    decided_on: date
    minutes_before: Minutes
    minutes: Minutes


class CourseCompleted(PublicEvent):
    TYPE: ClassVar[str] = "training.course_completed.v1"

    edition_id: UUID
    programme_code: Code
    completed_on: date
    attended_minutes: int
    planned_minutes: int
    timetable_version: int
    minimum_percent: int


class CourseNotCompleted(PublicEvent):
    """Attended to the end, and less than the minimum."""

    TYPE: ClassVar[str] = "training.course_not_completed.v1"

    edition_id: UUID
    programme_code: Code
    closed_on: date
    attended_minutes: int
    planned_minutes: int
    timetable_version: int
    minimum_percent: int


class CourseAbandoned(PublicEvent):
    TYPE: ClassVar[str] = "training.course_abandoned.v1"

    edition_id: UUID
    programme_code: Code
    abandoned_on: date


class CompetenceConfirmed(PublicEvent):
    """All four stages, and every learning outcome shown."""

    TYPE: ClassVar[str] = "training.competence_confirmed.v1"

    edition_id: UUID
    programme_code: Code
    confirmed_on: date


class QualificationGained(PublicEvent):
    TYPE: ClassVar[str] = "training.qualification_gained.v1"

    edition_id: UUID
    programme_code: Code
    gained_on: date
    body: ShortText
    register_number: Reference


class CertificateIssued(PublicEvent):
    TYPE: ClassVar[str] = "training.certificate_issued.v1"

    certificate_id: UUID
    number: Reference
    edition_id: UUID
    programme_code: Code
    result: Result
    issued_on: date


class CertificateRevoked(PublicEvent):
    TYPE: ClassVar[str] = "training.certificate_revoked.v1"

    certificate_id: UUID
    number: Reference
    revoked_on: date
    reason: RevocationReason


class SubjectErased(PublicEvent):
    """What training held of a person under these keys can be read no more: acknowledges the registry's
    event. Also told of somebody of whom training knew nothing.
    """

    TYPE: ClassVar[str] = "training.subject_erased.v1"

    data_classes: tuple[DataClass, ...]
    erased_on: date
