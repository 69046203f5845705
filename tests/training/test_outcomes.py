"""What courses lead to, on a real database: progress, warnings, closing, tests, qualifications."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.registry import events as registry
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import (
    CompetenceStage,
    EnrolmentState,
    Outcome,
)
from shared.contracts.training.vocabulary import TestPhase as Phase
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.rebuild import verify
from tests.driving import CASEWORKER, COORDINATOR, caller
from tests.training.attending import (
    LAST_DAY,
    LENGTH,
    attended,
    closing,
    correct,
    course,
    later,
    marking,
    published,
    settling,
    trainer,
)
from tests.training.conftest import Driven
from tests.training.domain.courses import FIRST_DAY, person, qualification, session
from tests.training.registry import Registry

ANNA, BARBARA, CELINA = map(person, range(3))
FULL, ABSENT = {ANNA: LENGTH, BARBARA: LENGTH}, {ANNA: LENGTH, BARBARA: 0}


def participation(
    training: Driven, edition: UUID, who: UUID, by: Caller = COORDINATOR
) -> views.Participation:
    request = views.GetParticipation(edition_id=edition, participant_id=who)
    shown: views.Participation = training.ask("get_participation", request, by=by)
    return shown


def refusal(training: Driven, command: object, by: Caller = COORDINATOR) -> Rejected:
    with pytest.raises(Rejected) as refused:
        training.do(command, by=by)
    return refused.value


def warned(training: Driven) -> dict[UUID, str]:
    items = training.ask("list_warnings", views.ListWarnings(), by=CASEWORKER).items
    return {each.participant_id: each.progress.warning for each in items}


def test_a_course_from_enrolment_to_completion(training: Driven) -> None:
    """Three sessions of 90 minutes: who misses one can no longer reach 80 per cent."""
    edition = course(training, (ANNA, BARBARA, CELINA))
    training.do(
        commands.EndEnrolment(
            edition_id=edition,
            participant_id=CELINA,
            ended_on=FIRST_DAY + timedelta(1),
            reason="Moved away",
        )
    )
    attended(training, ABSENT | {CELINA: LENGTH}, FULL)
    assert warned(training) == {BARBARA: "unreachable"}
    early = refusal(training, closing(edition))
    assert early.code == "training.sessions_unsettled"
    assert early.details == {"sessions": [str(session(2).id)]}
    training.do(marking(2, FULL), by=trainer())
    training.do(settling(2), by=trainer())
    before = training.followed.history.head()
    receipt = training.do(closing(edition))
    commits = training.followed.history.read(before, 100)
    assert {each.meta["command_id"] for each in commits} == {str(receipt.command_id)}
    shown = training.ask("get_edition", views.ById(id=edition))
    assert {each.participant_id: each.state for each in shown.enrolments} == {
        ANNA: EnrolmentState.COMPLETED,
        BARBARA: EnrolmentState.NOT_COMPLETED,
        CELINA: EnrolmentState.ABANDONED,
    }
    assert warned(training) == {}
    (completed,) = published(training, "training.course_completed.v1")
    (missed,) = published(training, "training.course_not_completed.v1")
    (left,) = published(training, "training.course_abandoned.v1")
    assert (completed["subject"], completed["attended_minutes"]) == (str(ANNA), 3 * LENGTH)
    assert (missed["attended_minutes"], missed["minimum_percent"]) == (2 * LENGTH, 80)
    assert left["subject"] == str(CELINA)
    assert refusal(training, closing(edition)).code == "training.edition_closed"


def test_progress_shows_each_session_and_what_has_passed(training: Driven) -> None:
    edition = course(training, (ANNA,))
    later(training, FIRST_DAY)
    attended(training, {ANNA: 60})
    shown = participation(training, edition, ANNA)
    assert [(each.minutes, each.settled) for each in shown.sessions] == [
        (60, True),
        (None, False),
        (None, False),
    ]
    progress = shown.progress
    assert (progress.attended_minutes, progress.planned_minutes) == (60, 270)
    assert (progress.passed_minutes, progress.percent) == (90, 22)
    assert (progress.still_reachable, progress.warning) == (True, "at_risk")
    (summary,) = training.ask("list_editions", views.ListEditions()).items
    assert summary.warnings == 1


def test_a_dispute_is_decided_before_an_edition_is_closed(training: Driven) -> None:
    edition = course(training, (ANNA,))
    attended(training, *[{ANNA: LENGTH}] * 3)
    training.do(
        commands.RequestAttendanceCorrection(
            session_id=session(0).id,
            participant_id=ANNA,
            minutes=0,
            requested_on=LAST_DAY,
            reason="Not there",
            source_document="LISTA/7",
        ),
        by=trainer(),
    )
    assert refusal(training, closing(edition)).code == "training.corrections_undecided"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_correction_leaves_what_the_right_mark_would_have_left(
    training: Driven, when: str
) -> None:
    edition = course(training, (ANNA, BARBARA))
    attended(training, FULL, FULL, ABSENT)
    if when == "before":
        correct(training, 2, BARBARA, LENGTH)
        training.do(closing(edition))
    else:
        training.do(closing(edition))
        correct(training, 2, BARBARA, LENGTH)
    for who in (ANNA, BARBARA):
        shown = participation(training, edition, who)
        assert shown.state is EnrolmentState.COMPLETED
        assert shown.progress.percent == 100
    completed = published(training, "training.course_completed.v1")
    assert {each["subject"]: each["attended_minutes"] for each in completed} == {
        str(ANNA): 3 * LENGTH,
        str(BARBARA): 3 * LENGTH,
    }
    correct(training, 2, ANNA, 0)
    assert participation(training, edition, ANNA).state is EnrolmentState.NOT_COMPLETED


def test_a_correction_at_the_moment_of_closing_is_counted(training: Driven) -> None:
    edition = course(training, (ANNA,))
    attended(training, *[{ANNA: LENGTH}] * 2, {ANNA: 0})
    asked = commands.RequestAttendanceCorrection(
        session_id=session(2).id,
        participant_id=ANNA,
        minutes=LENGTH,
        requested_on=LAST_DAY,
        reason="She was there",
        source_document="LISTA/7",
    )
    training.do(asked, by=trainer())
    requests = training.ask("list_attendance_corrections", views.ListAttendanceCorrections())
    decided = commands.DecideAttendanceCorrection(
        session_id=session(2).id,
        correction_id=requests.items[0].id,
        decided_on=LAST_DAY,
        approve=True,
        justification="Compared",
    )

    def attempt(command: Any) -> str:
        try:
            training.command(command)
        except Rejected as refused:
            return refused.code
        return "recorded"

    with ThreadPoolExecutor(2) as pool:
        closed, corrected = pool.map(attempt, [closing(edition), decided])
    assert corrected == "recorded"
    if closed == "training.corrections_undecided":
        assert attempt(closing(edition)) == "recorded"
    training.project()
    assert participation(training, edition, ANNA).state is EnrolmentState.COMPLETED


def test_test_results_are_opened_for_those_who_may_see_them(training: Driven) -> None:
    edition = course(training, (ANNA,))
    about = {"edition_id": edition, "participant_id": ANNA, "maximum": 20}
    for phase, points in ((Phase.PRE, 8), (Phase.POST, 15)):
        training.do(
            commands.RecordTest(phase=phase, taken_on=LAST_DAY, points=points, **about),
            by=trainer(),
        )
    training.do(
        commands.RecordEvaluation(
            edition_id=edition,
            participant_id=ANNA,
            level=3,
            measure="APPLIES",
            value=4,
            observed_on=LAST_DAY,
        ),
        by=CASEWORKER,
    )
    shown = participation(training, edition, ANNA, by=CASEWORKER)
    assert [(each.phase, each.points) for each in shown.tests] == [
        (Phase.POST, 15),
        (Phase.PRE, 8),
    ]
    assert (shown.learning_gain, shown.evaluations[0].value) == (35, 4)
    head = training.followed.history.head()
    (read,) = training.followed.history.read(head - 1, 1)
    assert read.event.data_classes == (DataClass.MONITORING,)
    blind = participation(training, edition, ANNA, by=caller(Role.AUDITOR))
    assert [each.points for each in blind.tests] == [None, None]
    assert (blind.learning_gain, blind.evaluations[0].value) == (None, None)
    assert training.followed.history.head() == head


def test_participants_reach_their_own_course_only(training: Driven) -> None:
    edition = course(training, (ANNA, BARBARA))
    anna = Caller(subject="oidc|anna", roles=frozenset({Role.PARTICIPANT}), participant_id=ANNA)
    assert participation(training, edition, ANNA, by=anna).participant_id == ANNA
    stranger = caller(Role.CASEWORKER, partner="pcpr-sopot")
    for who, by in ((BARBARA, anna), (ANNA, stranger), (CELINA, COORDINATOR)):
        with pytest.raises(Rejected) as unseen:
            participation(training, edition, who, by=by)
        assert unseen.value.code == "not_found"


def test_four_dated_stages_confirm_a_competence(training: Driven) -> None:
    edition = course(training, (ANNA,))
    for stage in (CompetenceStage.ASSESSMENT, CompetenceStage.COMPARISON):
        training.do(
            commands.RecordCompetenceStage(
                edition_id=edition,
                participant_id=ANNA,
                stage=stage,
                reached_on=LAST_DAY,
                achieved=("E1",),
                source_document="EGZ/1",
            )
        )
    shown = participation(training, edition, ANNA)
    assert [each.stage for each in shown.stages] == list(CompetenceStage)
    (told,) = published(training, "training.competence_confirmed.v1")
    assert (told["subject"], told["confirmed_on"]) == (str(ANNA), LAST_DAY.isoformat())
    refused = refusal(
        training,
        commands.RecordQualification(
            edition_id=edition, participant_id=ANNA, gained_on=LAST_DAY, document_number="C/77"
        ),
    )
    assert refused.code == "training.not_a_qualification"


def test_a_qualification_names_the_certifying_body_of_the_programme(training: Driven) -> None:
    edition = course(
        training, (ANNA,), content=qualification(outcomes=(Outcome(code="E1", text="Cooks"),))
    )
    training.do(
        commands.RecordQualification(
            edition_id=edition, participant_id=ANNA, gained_on=LAST_DAY, document_number="C/77"
        )
    )
    (told,) = published(training, "training.qualification_gained.v1")
    assert (told["subject"], told["register_number"]) == (str(ANNA), "ZRK/12")
    shown = participation(training, edition, ANNA)
    assert shown.qualification is not None
    assert shown.qualification.body.name == "Izba Rzemieślnicza"


def test_minutes_of_a_merged_record_count_for_the_person(training: Driven) -> None:
    known = Registry(training)
    edition = course(training, (ANNA, BARBARA), registry=known)
    training.do(marking(0, {ANNA: LENGTH, BARBARA: 60}), by=trainer())
    known.tell(registry.ParticipantMerged(subject=BARBARA, into=CELINA, decided_on=LAST_DAY))
    training.do(settling(0), by=trainer())
    shown = participation(training, edition, CELINA)
    assert [each.minutes for each in shown.sessions] == [60, None, None]
    sheet = training.ask("get_session", views.ById(id=session(0).id))
    assert {each.participant_id: each.minutes for each in sheet.marks} == {
        ANNA: LENGTH,
        CELINA: 60,
    }


def test_a_correction_asked_for_before_a_merge_is_decided_for_the_person(
    training: Driven,
) -> None:
    known = Registry(training)
    edition = course(training, (ANNA,), registry=known)
    attended(training, *[{ANNA: LENGTH}] * 2, {ANNA: 0})
    training.do(
        commands.RequestAttendanceCorrection(
            session_id=session(2).id,
            participant_id=ANNA,
            minutes=LENGTH,
            requested_on=LAST_DAY,
            reason="She was there",
            source_document="LISTA/7",
        ),
        by=trainer(),
    )
    known.admit(CELINA)
    known.tell(registry.ParticipantMerged(subject=ANNA, into=CELINA, decided_on=LAST_DAY))
    requests = training.ask("list_attendance_corrections", views.ListAttendanceCorrections())
    training.do(
        commands.DecideAttendanceCorrection(
            session_id=session(2).id,
            correction_id=requests.items[0].id,
            decided_on=LAST_DAY,
            approve=True,
            justification="Compared",
        )
    )
    training.do(closing(edition))
    assert participation(training, edition, CELINA).state is EnrolmentState.COMPLETED


def test_read_models_made_anew_are_the_same_byte_for_byte(training: Driven) -> None:
    edition = course(training, (ANNA, BARBARA))
    attended(training, FULL, ABSENT, FULL)
    correct(training, 1, BARBARA, 30)
    correct(training, 0, ANNA, 30, approve=False)
    training.do(
        commands.RecordTest(
            edition_id=edition,
            participant_id=ANNA,
            phase=Phase.PRE,
            taken_on=FIRST_DAY,
            points=3,
            maximum=20,
        )
    )
    training.do(closing(edition))
    correct(training, 1, ANNA, 0)
    comparison = verify(
        training.projector.projection, training.followed.views, training.followed.history
    )
    assert comparison.drifted == []
    assert comparison.position == training.followed.history.head()
