"""Commands on what a course led to: tests, stages, qualification, evaluation, conclusion."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from services.training.application import Training
from services.training.application.reach import edition_for
from services.training.domain.attendance import AttendanceList
from services.training.domain.edition import Edition
from services.training.domain.edition_history import ON_THE_COURSE
from services.training.domain.participation import Course, Minimum, Participation
from services.training.domain.participation_history import participation_id
from services.training.domain.progress import Progress
from services.training.domain.timetable import net_minutes
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.contracts.training.vocabulary import EnrolmentState
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected

Lists = Mapping[UUID, AttendanceList]
CONCLUDED: Final = (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


def record_test(training: Training, command: commands.RecordTest, act: Act) -> Receipt:
    participation, course = _participation(training, command, act)
    participation.take_test(
        course,
        phase=command.phase,
        taken_on=command.taken_on,
        points=command.points,
        maximum=command.maximum,
        today=training.today(),
    )
    return training.commit(act, participation)


def record_competence_stage(
    training: Training, command: commands.RecordCompetenceStage, act: Act
) -> Receipt:
    participation, course = _participation(training, command, act)
    participation.reach_stage(
        course,
        stage=command.stage,
        reached_on=command.reached_on,
        achieved=command.achieved,
        source_document=command.source_document,
        today=training.today(),
    )
    return training.commit(act, participation, source_document=command.source_document)


def record_qualification(
    training: Training, command: commands.RecordQualification, act: Act
) -> Receipt:
    participation, course = _participation(training, command, act)
    participation.gain_qualification(
        course,
        gained_on=command.gained_on,
        document_number=command.document_number,
        today=training.today(),
    )
    return training.commit(act, participation)


def record_evaluation(training: Training, command: commands.RecordEvaluation, act: Act) -> Receipt:
    participation, course = _participation(training, command, act)
    participation.evaluate(
        course,
        level=command.level,
        measure=command.measure,
        value=command.value,
        observed_on=command.observed_on,
        reference=command.reference,
        today=training.today(),
    )
    return training.commit(act, participation)


def close_edition(training: Training, command: commands.CloseEdition, act: Act) -> Receipt:
    """Decide of everybody enrolled, in one commit, once every list is settled and undisputed."""
    edition = edition_for(training, command.edition_id, act)
    edition.require_closable()
    lists = _lists(training, edition)
    _require_settled(lists)
    participations = {who: participation_of(training, edition, who) for who in edition.enrolled}
    for who, participation in participations.items():
        _conclude(edition, who, participation, lists, command.closed_on)
    ends = {
        state: [who for who, each in participations.items() if each.state is state]
        for state in CONCLUDED
    }
    edition.close(
        closed_on=command.closed_on,
        completed=ends[EnrolmentState.COMPLETED],
        not_completed=ends[EnrolmentState.NOT_COMPLETED],
        today=training.today(),
    )
    return training.commit(act, edition, *participations.values())


def abandoned(training: Training, edition: Edition, who: UUID, on: date) -> Iterator[Participation]:
    """The participation of somebody who left a course that had begun."""
    if edition.enrolments[who].state is EnrolmentState.ABANDONED:
        participation = participation_of(training, edition, who)
        participation.abandon(_course(edition, who), abandoned_on=on)
        yield participation


def decide_anew(
    training: Training,
    edition: Edition,
    corrected: AttendanceList,
    correction_id: UUID,
    decided_on: date,
) -> Iterator[Aggregate]:
    """What an approved correction changes for the participant; after closing, the conclusion too.

    The participation takes note of every correction, so that a closing at the same moment meets its
    version and counts again.
    """
    request = corrected.corrections[correction_id].request
    who = edition.person_of(request.participant_id)
    participation = participation_of(training, edition, who)
    participation.correct_attendance(
        _course(edition, who),
        session_id=corrected.id,
        correction_id=correction_id,
        minutes_before=request.minutes_before,
        minutes=request.minutes,
        decided_on=decided_on,
    )
    if edition.enrolments[who].state in CONCLUDED:
        lists = {**_lists(training, edition), corrected.id: corrected}
        _conclude(edition, who, participation, lists, decided_on)
        edition.revise_conclusion(who, participation.state, decided_on)
        yield edition
    yield participation


def _participation(
    training: Training, command: commands.ParticipationCommand, act: Act
) -> tuple[Participation, Course]:
    """Of somebody who was on the course; the caller's version is that of the participation."""
    edition = edition_for(training, command.edition_id, replace(act, expected_version=None))
    who = command.participant_id
    enrolment = edition.enrolments.get(who)
    if enrolment is None or enrolment.state not in ON_THE_COURSE | {EnrolmentState.ABANDONED}:
        raise Rejected("training.not_enrolled", {"edition": edition.terms.code}, "/participant_id")
    participation = participation_of(training, edition, who)
    if act.expected_version not in (None, participation.version):
        raise Rejected("stale_version", {"current": participation.version})
    return participation, _course(edition, who)


def participation_of(training: Training, edition: Edition, who: UUID) -> Participation:
    """The participation, which may have been begun under a record that was merged since."""
    streams = [participation_id(edition.id, each) for each in sorted(edition.records_of(who))]
    begun = (training.find(Participation, stream) for stream in streams)
    own = participation_id(edition.id, who)
    return next((each for each in begun if each is not None), Participation(own))


def _course(edition: Edition, who: UUID) -> Course:
    if edition.first_day is None:
        raise Rejected("training.timetable_missing")
    return Course(edition.id, who, edition.content, edition.first_day)


def _lists(training: Training, edition: Edition) -> Lists:
    return training.load_many(AttendanceList, (session.id for session in edition.sessions))


def _require_settled(lists: Lists) -> None:
    """Every list is confirmed, and nobody disputes it."""
    if unsettled := [str(each.id) for each in lists.values() if each.settled_on is None]:
        raise Rejected("training.sessions_unsettled", {"sessions": unsettled})
    if undecided := [str(one) for each in lists.values() for one in each.undecided]:
        raise Rejected("training.corrections_undecided", {"corrections": undecided})


def _conclude(
    edition: Edition, who: UUID, participation: Participation, lists: Lists, on: date
) -> None:
    records = edition.records_of(who)
    progress = Progress.of(
        (net_minutes(session), lists[session.id].counted(who, records))
        for session in edition.sessions
    )
    participation.conclude(
        _course(edition, who),
        progress,
        Minimum(edition.terms.minimum_percent, edition.terms.minimum_source),
        timetable_version=edition.timetable_version,
        concluded_on=on,
    )
