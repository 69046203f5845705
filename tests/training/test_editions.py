"""Editions on a real database: commands, read models, access."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.contracts.access import Role
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import EnrolmentState
from shared.kernel.errors import Rejected
from shared.runtime.rebuild import verify
from tests.driving import CASEWORKER, COORDINATOR, caller
from tests.training.conftest import Driven
from tests.training.domain.courses import FIRST_DAY, TODAY, person, session, sessions
from tests.training.editions import (
    contract_trainer,
    enrolment,
    open_edition,
    scheduled,
    timetable,
)
from tests.training.registry import Registry

ANNA, BARBARA, CELINA = map(person, range(3))


def states(training: Driven, edition: object) -> dict[object, EnrolmentState]:
    shown = training.ask("get_edition", views.ById(id=edition))
    return {each.participant_id: each.state for each in shown.enrolments}


def test_an_edition_is_shown_with_its_roster_and_what_its_timetable_covers(
    training: Driven,
) -> None:
    edition = scheduled(training)
    Registry(training).admit(ANNA, BARBARA, CELINA)
    for each in (ANNA, BARBARA):
        training.do(enrolment(edition, each), by=CASEWORKER)
    training.do(enrolment(edition, CELINA, reserve_if_full=True), by=CASEWORKER)
    shown = training.ask("get_edition", views.ById(id=edition), by=CASEWORKER)
    assert [(each.participant_id, each.state, each.rank) for each in shown.enrolments] == [
        (ANNA, EnrolmentState.ENROLLED, None),
        (BARBARA, EnrolmentState.ENROLLED, None),
        (CELINA, EnrolmentState.RESERVE, 1),
    ]
    assert [(each.topic, each.planned, each.timetabled) for each in shown.topics] == [
        ("T1", 90, 90),
        ("T2", 180, 180),
    ]
    assert (shown.minimum_percent, shown.limits.maximum, shown.version) == (80, 2, 6)
    (summary,) = training.ask("list_editions", views.ListEditions()).items
    assert (summary.enrolled, summary.reserve, summary.first_day) == (2, 1, FIRST_DAY)


def test_a_full_group_names_the_limit_and_its_source(training: Driven) -> None:
    edition = scheduled(training)
    Registry(training).admit(ANNA, BARBARA, CELINA)
    for each in (ANNA, BARBARA):
        training.do(enrolment(edition, each))
    with pytest.raises(Rejected) as full:
        training.do(enrolment(edition, CELINA))
    assert full.value.code == "training.edition_full"
    assert full.value.details == {"maximum": 2, "reserve": 0, "source": "A small kitchen"}


def test_the_place_of_a_substitute_comes_from_the_reserve_list(training: Driven) -> None:
    edition = scheduled(training)
    Registry(training).admit(ANNA, BARBARA, CELINA)
    for each in (ANNA, BARBARA, CELINA):
        training.do(enrolment(edition, each, reserve_if_full=True))
    training.do(
        commands.Substitute(
            edition_id=edition, out=ANNA, into=CELINA, substituted_on=TODAY, reason="Found a job"
        )
    )
    assert states(training, edition) == {
        ANNA: EnrolmentState.SUBSTITUTED,
        BARBARA: EnrolmentState.ENROLLED,
        CELINA: EnrolmentState.ENROLLED,
    }


@pytest.mark.parametrize("what", ["trainer", "room", "participant"])
def test_an_overlap_is_refused_and_the_other_session_named(training: Driven, what: str) -> None:
    registry = Registry(training)
    registry.admit(ANNA)
    first, second = scheduled(training, 0), open_edition(training, 1)
    for trainer in ("trainer-0", "trainer-1"):
        contract_trainer(training, second, trainer)
    same = {"trainer": {"trainer": "trainer-0"}, "room": {"room": "Sala 0"}, "participant": {}}
    if what == "participant":
        for edition in (first, second):
            training.do(enrolment(edition, ANNA))
    with pytest.raises(Rejected) as refusal:
        training.do(timetable(second, (session(5, group=1), *sessions(1, **same[what])[:1])))
    other = session(0)
    assert refusal.value.code == "training.overlap"
    assert refusal.value.pointer == "/sessions/1"
    assert refusal.value.details == {
        "what": what,
        "edition_id": str(first),
        "session_id": str(other.id),
        "day": FIRST_DAY.isoformat(),
        "starts": "09:00:00",
        "ends": "10:30:00",
    }
    assert training.ask("get_timetables", views.ById(id=second)).total == 0


def test_time_that_a_timetable_gives_back_is_free_again(training: Driven) -> None:
    first, second = scheduled(training, 0), open_edition(training, 1)
    contract_trainer(training, second, "trainer-0")
    later = tuple(each.model_copy(update={"day": each.day + timedelta(30)}) for each in sessions())
    training.do(timetable(first, later, "The kitchen is being painted"))
    training.do(timetable(second, sessions(1, trainer="trainer-0", room="Sala 0")))
    versions = training.ask("get_timetables", views.ById(id=first))
    assert [each.number for each in versions.items] == [2, 1]
    assert versions.items[0].reason == "The kitchen is being painted"
    assert versions.items[0].actor == COORDINATOR.subject


def test_only_admitted_participants_are_enrolled(training: Driven) -> None:
    edition = scheduled(training)
    with pytest.raises(Rejected) as unknown:
        training.do(enrolment(edition, ANNA))
    Registry(training).admit(BARBARA, on=TODAY)
    with pytest.raises(Rejected) as early:
        training.do(enrolment(edition, BARBARA, enrolled_on=TODAY - timedelta(1)))
    assert unknown.value.args == ("training.participant_unknown", {}, "/participant_id")
    assert early.value.code == "training.not_admitted"


def test_each_role_reaches_its_own_editions_and_sessions(training: Driven) -> None:
    own, other = scheduled(training, 0), scheduled(training, 1, partner="pcpr-sopot")
    trainer = caller(Role.TRAINER, "mops-gdansk", "trainer")
    trainer = trainer.model_copy(update={"subject": "trainer-1"})
    days = views.ListSessions(first_day=FIRST_DAY, last_day=FIRST_DAY + timedelta(9))
    for by, expected in ((CASEWORKER, {own}), (COORDINATOR, {own, other}), (trainer, {other})):
        page = training.ask("list_editions", views.ListEditions(), by=by)
        assert {each.id for each in page.items} == expected
        listed = training.ask("list_sessions", days, by=by)
        assert {each.edition_id for each in listed.items} == expected
        assert listed.total == 3 * len(expected)
    for refused in (
        lambda: training.ask("get_edition", views.ById(id=other), by=CASEWORKER),
        lambda: training.ask("get_timetables", views.ById(id=own), by=trainer),
        lambda: training.do(enrolment(other, ANNA), by=CASEWORKER),
        lambda: training.ask("get_edition", views.ById(id=uuid4())),
    ):
        with pytest.raises(Rejected) as unseen:
            refused()
        assert unseen.value.code == "not_found"


def test_who_only_teaches_sees_their_own_sessions_of_a_timetable(training: Driven) -> None:
    edition = scheduled(training)
    contract_trainer(training, edition, "guest")
    whole = (*sessions()[:2], session(2, trainer="guest"))
    training.do(timetable(edition, whole, "A guest comes"))
    guest = caller(Role.TRAINER, "mops-gdansk").model_copy(update={"subject": "guest"})
    latest, first = training.ask("get_timetables", views.ById(id=edition), by=guest).items
    assert (latest.sessions, first.sessions) == (whole[2:], ())
    seen = training.ask("get_timetables", views.ById(id=edition), by=CASEWORKER)
    assert seen.items[0].sessions == whole


def test_a_decision_on_an_outdated_version_is_refused(training: Driven) -> None:
    edition = scheduled(training)
    with pytest.raises(Rejected) as stale:
        training.do(timetable(edition, sessions()[:2], "Shorter"), seen=2)
    assert stale.value.args == ("stale_version", {"current": 3}, None)


def test_read_models_made_anew_are_the_same_byte_for_byte(training: Driven) -> None:
    edition = scheduled(training)
    Registry(training).admit(ANNA)
    training.do(enrolment(edition, ANNA))
    training.do(timetable(edition, sessions()[:2], "Shorter"))
    training.do(
        commands.EndEnrolment(
            edition_id=edition, participant_id=ANNA, ended_on=TODAY, reason="Moved away"
        )
    )
    comparison = verify(
        training.projector.projection, training.followed.views, training.followed.history
    )
    assert comparison.drifted == []
    assert comparison.position == training.followed.history.head()
