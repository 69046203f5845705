"""The registry's commands, read models and queries on a real ledger, vault and views."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.access import Role
from shared.contracts.operations import Caller, FeedRequest, NoRequest
from shared.contracts.registry import commands, views
from shared.contracts.registry.vocabulary import (
    ExitReason,
    IdentityData,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Status,
    StepKind,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.rebuild import verify
from tests.driving import CASEWORKER, COORDINATOR, caller
from tests.registry.conftest import Driven
from tests.registry.domain.people import (
    ADMITTED,
    APPLIED,
    EXITED,
    POINTS,
    SCORED,
    STARTED,
    TODAY,
    ZOFIA,
)

PARTNER = "mops-gdansk"


def application(personal: PersonalData = ZOFIA, **changes: Any) -> commands.RegisterParticipant:
    facts = {"kind": Kind.DEPENDENT, "partner": PARTNER, "applied_on": APPLIED} | changes
    return commands.RegisterParticipant(personal=personal, **facts)


def enrolled(registry: Driven) -> UUID:
    person = registry.do(application()).id
    for purpose in (Purpose.PARTICIPATION, Purpose.SENSITIVE_DATA):
        registry.do(
            commands.GiveConsent(
                participant_id=person, purpose=purpose, text_version="2026-1", given_on=APPLIED
            )
        )
    registry.do(commands.ScoreApplication(participant_id=person, scored_on=SCORED, points=POINTS))
    registry.do(
        commands.DecideRecruitment(
            participant_id=person,
            decided_on=ADMITTED,
            decision=RecruitmentDecision.ADMIT,
            justification="Enough points",
        ),
        by=COORDINATOR,
    )
    registry.do(
        commands.EnrolParticipant(participant_id=person, started_on=STARTED, support="edition 1")
    )
    return person


def test_an_enrolled_participant_is_shown_whole_to_the_coordinator(registry: Driven) -> None:
    person = enrolled(registry)
    shown = registry.ask("get_participant", views.ById(id=person))
    assert shown.status is Status.ENROLLED
    assert shown.identity.family_name == "Wiśniewska"
    assert shown.monitoring is not None
    assert shown.special is not None
    assert shown.countable
    assert [episode.started_on for episode in shown.episodes] == [STARTED]
    assert shown.score.points == POINTS
    assert shown.withheld == ()


def test_each_role_sees_only_its_data_classes(registry: Driven) -> None:
    person = enrolled(registry)
    lender = registry.ask(
        "get_participant", views.ById(id=person), by=caller(Role.LOAN_OFFICER, "mops-gdansk")
    )
    assert (lender.identity.family_name, lender.monitoring) == ("Wiśniewska", None)
    auditor = registry.ask("get_participant", views.ById(id=person), by=caller(Role.AUDITOR))
    assert (auditor.identity, auditor.monitoring, auditor.special) == (None, None, None)
    assert set(auditor.withheld) == set(DataClass)
    assert auditor.episodes[0].started_on == STARTED


def test_names_are_told_to_those_who_teach_and_nothing_else_of_the_person(
    registry: Driven,
) -> None:
    person = enrolled(registry)
    nameless = registry.do(application(PersonalData())).id
    wanted = views.NameParticipants(ids=(person, nameless, uuid4()))
    trainer = caller(Role.TRAINER, "mops-gdansk")
    names = registry.ask("name_participants", wanted, by=trainer)
    zofia = views.ParticipantName(id=person, given_name="Zofia", family_name="Wiśniewska")
    assert names.items == (zofia,)
    last = registry.followed.history.read(registry.followed.history.head() - 1, 1)[0].event
    assert (last.TOPIC, last.actor) == ("platform.Access.PersonalDataRead", trainer.subject)
    assert (last.subjects, last.data_classes) == ((person,), (DataClass.IDENTITY,))
    head = registry.followed.history.head()
    registry.composition.queries._vault.erase(
        person, [DataClass.IDENTITY], basis="art. 17", approved_by="oidc|second"
    )
    assert registry.ask("name_participants", wanted, by=trainer).items == ()
    assert registry.followed.history.head() == head


def test_a_trainer_knows_the_whole_group_and_a_caseworker_the_own_partners_people(
    registry: Driven,
) -> None:
    person = enrolled(registry)
    wanted = views.NameParticipants(ids=(person,))

    def named(role: Role, partner: str) -> list[str]:
        names = registry.ask("name_participants", wanted, by=caller(role, partner=partner))
        return [name.given_name for name in names.items]

    assert named(Role.TRAINER, "pcpr-sopot") == ["Zofia"]
    assert named(Role.CASEWORKER, PARTNER) == ["Zofia"]
    assert named(Role.CASEWORKER, "pcpr-sopot") == []


def test_another_partners_participant_does_not_exist_for_a_caseworker(registry: Driven) -> None:
    person = enrolled(registry)
    stranger = caller(Role.CASEWORKER, partner="pcpr-sopot")
    with pytest.raises(Rejected) as unseen:
        registry.ask("get_participant", views.ById(id=person), by=stranger)
    with pytest.raises(Rejected) as untouched:
        registry.do(
            commands.ResumeParticipant(participant_id=person, resumed_on=TODAY), by=stranger
        )
    with pytest.raises(Rejected) as unknown:
        registry.ask("get_participant", views.ById(id=uuid4()), by=stranger)
    assert unseen.value.code == untouched.value.code == unknown.value.code == "not_found"
    page = registry.ask("list_participants", views.ListParticipants(), by=stranger)
    assert page.items == ()


def test_every_read_of_personal_data_is_recorded_with_its_reader(registry: Driven) -> None:
    person = enrolled(registry)
    registry.ask("get_participant", views.ById(id=person), by=CASEWORKER)
    last = registry.followed.history.read(registry.followed.history.head() - 1, 1)[0].event
    assert last.TOPIC == "platform.Access.PersonalDataRead"
    assert (last.actor, last.subjects) == (CASEWORKER.subject, (person,))
    assert set(last.data_classes) == set(DataClass)


def test_a_repeated_command_gets_its_first_receipt_and_another_body_is_refused(
    registry: Driven,
) -> None:
    key = uuid4()
    first = registry.do(application(), key=key)
    again = registry.do(application(), key=key)
    assert (again.id, again.position, again.repeated) == (first.id, first.position, True)
    with pytest.raises(Rejected) as reused:
        registry.do(application(kind=Kind.STAFF), key=key)
    assert reused.value.code == "command_reused"


def test_a_decision_on_an_outdated_version_is_refused(registry: Driven) -> None:
    person = registry.do(application()).id
    score = commands.ScoreApplication(participant_id=person, scored_on=SCORED, points=POINTS)
    registry.do(score, seen=1)
    with pytest.raises(Rejected) as stale:
        registry.do(score, seen=1)
    assert (stale.value.code, stale.value.details["current"]) == ("stale_version", 2)


def test_the_same_pesel_is_suspected_merged_and_unmerged(registry: Driven) -> None:
    first = enrolled(registry)
    second = registry.do(application()).id
    shown = registry.ask("get_participant", views.ById(id=second))
    (case_id,) = shown.suspected_duplicates
    case = registry.ask("get_duplicate", views.ById(id=case_id))
    assert (case.first.id, case.second.id) == (first, second)
    decision = {"case_id": case_id, "decided_on": TODAY, "justification": "One person"}
    registry.do(commands.MergeDuplicate(kept=first, **decision), by=COORDINATOR)
    merged = registry.ask("get_participant", views.ById(id=second))
    assert (merged.status, merged.merged_into) == (Status.MERGED, first)
    registry.do(commands.UndoMerge(**decision), by=COORDINATOR)
    assert registry.ask("get_participant", views.ById(id=second)).status is Status.APPLIED


def test_a_participant_is_found_by_pesel_and_by_name_and_birth_date(registry: Driven) -> None:
    person = registry.do(application()).id
    identity, monitoring = ZOFIA.identity, ZOFIA.monitoring
    for request in (
        views.SearchParticipants(pesel=identity.pesel),
        views.SearchParticipants(family_name="wisniewska", born_on=monitoring.born_on),
    ):
        found = registry.ask("search_participants", request)
        assert [each.id for each in found.items] == [person]
    with pytest.raises(Rejected) as wide:
        registry.ask("search_participants", views.SearchParticipants())
    assert wide.value.code == "registry.search_too_wide"


@pytest.mark.parametrize(
    ("number", "defect"),
    [
        ("85031512345", "InvalidChecksum"),
        ("85033212341", "InvalidComponent"),
        ("8503151234", "InvalidLength"),
        ("26321212344", "BirthDateInFuture"),
    ],
)
def test_a_search_for_a_pesel_that_nobody_can_have_is_refused(
    registry: Driven, number: str, defect: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        registry.ask("search_participants", views.SearchParticipants(pesel=number))
    assert refusal.value.args == ("registry.pesel_invalid", {"defect": defect}, "/pesel")


def test_lists_go_on_where_they_stopped_and_tell_what_changed(registry: Driven) -> None:
    people = [registry.do(application(PersonalData())).id for _ in range(5)]
    seen: list[UUID] = []
    cursor = None
    while True:
        page = registry.ask("list_participants", views.ListParticipants(limit=2, cursor=cursor))
        seen += [each.id for each in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == people
    registry.do(
        commands.GiveConsent(
            participant_id=people[1],
            purpose=Purpose.IMAGE,
            text_version="1",
            given_on=APPLIED,
        )
    )
    changed = registry.ask("list_participants", views.ListParticipants(changed_since=page.position))
    assert [each.id for each in changed.items] == [people[1]]


def test_the_dashboard_counts_by_kind_and_sex(registry: Driven) -> None:
    enrolled(registry)
    registry.do(application(PersonalData(), kind=Kind.STAFF))
    dashboard = registry.ask("get_dashboard", NoRequest())
    tallies = {tally.kind: tally for tally in dashboard.tallies}
    dependent, staff = tallies[Kind.DEPENDENT], tallies[Kind.STAFF]
    assert (dependent.target, staff.target) == (250, 170)
    assert (dependent.enrolled, dependent.countable, dependent.by_sex) == (1, 1, {"female": 1})
    assert (staff.registered, staff.enrolled) == (1, 0)


def test_tasks_name_what_is_missing_and_when_it_is_due(registry: Driven) -> None:
    registry.do(application(PersonalData()))
    tasks = registry.ask("list_tasks", views.ListTasks(as_of=TODAY), by=CASEWORKER)
    (task,) = tasks.items
    assert task.kind == "complete_record"
    assert "/identity/pesel" in {gap.field for gap in task.gaps}


def test_a_correction_is_shown_with_both_values_and_decided_by_another(registry: Driven) -> None:
    person = enrolled(registry)
    registry.do(
        commands.RequestCorrection(
            participant_id=person,
            requested_on=TODAY - timedelta(1),
            personal=PersonalData(identity=IdentityData(given_name="Zofja")),
            reason="As in the identity card",
            source_document="DOW/12/2026",
        )
    )
    (shown,) = registry.ask("list_corrections", views.ListCorrections(state="requested")).items
    assert shown.before == {"identity": {"given_name": "Zofia"}}
    assert shown.after == {"identity": {"given_name": "Zofja"}}
    assert shown.reason == "As in the identity card"
    decision = commands.DecideCorrection(
        participant_id=person,
        correction_id=shown.id,
        decided_on=TODAY,
        approve=True,
        justification="Seen",
    )
    with pytest.raises(Rejected) as own:
        registry.do(decision)
    assert own.value.code == "four_eyes"
    registry.do(decision, by=COORDINATOR)
    corrected = registry.ask("get_participant", views.ById(id=person))
    assert corrected.identity.given_name == "Zofja"
    told = registry.composition.publication.page(FeedRequest(after=0, limit=100)).envelopes
    boxes = {
        each.type.split(".")[1]: each.data["special"] for each in told if "special" in each.data
    }
    assert boxes.keys() == {"participant_registered", "participant_corrected"}
    assert boxes["participant_corrected"] is None
    assert boxes["participant_registered"]["data_class"] == "special"


def test_a_wrong_start_is_corrected_by_another_and_both_days_stay_visible(
    registry: Driven,
) -> None:
    person = enrolled(registry)
    registry.do(
        commands.ExitParticipant(
            participant_id=person, exited_on=EXITED, reason=ExitReason.OTHER, as_planned=False
        )
    )
    timeline = registry.ask("get_timeline", views.ById(id=person)).entries
    start, left = (entry.version for entry in timeline[-2:])
    registry.do(
        commands.RequestStepCorrection(
            participant_id=person,
            requested_on=TODAY - timedelta(1),
            steps=(
                commands.RightStep(version=start, occurred_on=STARTED + timedelta(3)),
                commands.RightStep(version=left, exit_reason=ExitReason.FOUND_WORK),
            ),
            reason="As in the list of attendance",
            source_document="LO/3/2026",
        )
    )
    (asked,) = registry.ask("list_corrections", views.ListCorrections(state="requested")).items
    assert (asked.fields, asked.before, asked.after) == ((), None, None)
    moved, renamed = asked.steps
    assert (moved.step, moved.version) == (StepKind.START, start)
    assert moved.before == views.StepFacts(occurred_on=STARTED)
    assert moved.after == views.StepFacts(occurred_on=STARTED + timedelta(3))
    assert renamed.before.exit_reason is ExitReason.OTHER
    assert renamed.after.exit_reason is ExitReason.FOUND_WORK
    assert renamed.after.as_planned is False
    auditor = registry.ask("list_corrections", views.ListCorrections(), by=caller(Role.AUDITOR))
    assert auditor.items[0].steps[0] == moved
    assert auditor.items[0].steps[1].before.exit_reason is None
    decision = commands.DecideCorrection(
        participant_id=person,
        correction_id=asked.id,
        decided_on=TODAY,
        approve=True,
        justification="Seen",
    )
    assert refusal(registry, decision) == "four_eyes"
    registry.do(decision, by=COORDINATOR)
    (episode,) = registry.ask("get_participant", views.ById(id=person)).episodes
    assert (episode.started_on, episode.exited_on) == (STARTED + timedelta(3), EXITED)
    assert episode.exit_reason is ExitReason.FOUND_WORK
    after = registry.ask("get_timeline", views.ById(id=person)).entries
    assert after[: len(timeline)] == timeline
    assert [entry.event.rpartition(".")[2] for entry in after[-2:]] == [
        "StepCorrectionRequested",
        "StepsCorrected",
    ]
    told = registry.composition.publication.page(FeedRequest(after=0, limit=100)).envelopes[-1]
    assert told.type == "registry.steps_corrected.v1"
    assert [(each["was_on"], each["is_on"]) for each in told.data["steps"]] == [
        (STARTED.isoformat(), (STARTED + timedelta(3)).isoformat()),
        (EXITED.isoformat(), EXITED.isoformat()),
    ]


def test_the_start_of_a_kept_record_cannot_fall_behind_that_of_a_merged_one(
    registry: Driven,
) -> None:
    kept, merged = enrolled(registry), enrolled(registry)
    (case,) = registry.ask("get_participant", views.ById(id=merged)).suspected_duplicates
    decision = {"case_id": case, "decided_on": TODAY, "justification": "One person"}
    registry.do(commands.MergeDuplicate(kept=kept, **decision), by=COORDINATOR)
    registry.do(
        commands.RequestStepCorrection(
            participant_id=kept,
            requested_on=TODAY,
            steps=(commands.RightStep(version=6, occurred_on=STARTED + timedelta(3)),),
            reason="As in the list of attendance",
            source_document="LO/3/2026",
        )
    )
    (asked,) = registry.ask("list_corrections", views.ListCorrections()).items
    approval = commands.DecideCorrection(
        participant_id=kept,
        correction_id=asked.id,
        decided_on=TODAY,
        approve=True,
        justification="Seen",
    )
    assert refusal(registry, approval, by=COORDINATOR) == "registry.kept_started_later"
    registry.do(commands.UndoMerge(**decision), by=COORDINATOR)
    registry.do(approval, by=COORDINATOR)


def refusal(registry: Driven, command: Any, by: Caller = CASEWORKER) -> str:
    with pytest.raises(Rejected) as refused:
        registry.do(command, by=by)
    return refused.value.code


def test_the_timeline_shows_when_facts_were_true_and_who_recorded_them(registry: Driven) -> None:
    person = enrolled(registry)
    timeline = registry.ask("get_timeline", views.ById(id=person))
    assert [entry.version for entry in timeline.entries] == list(range(1, 7))
    assert timeline.entries[0].occurred_on == APPLIED
    assert timeline.entries[0].late
    assert timeline.entries[-2].actor == COORDINATOR.subject


def test_read_models_made_anew_are_the_same_byte_for_byte(registry: Driven) -> None:
    enrolled(registry)
    registry.do(application())
    comparison = verify(
        registry.projector.projection, registry.followed.views, registry.followed.history
    )
    assert comparison.drifted == []
    assert comparison.position == registry.followed.history.head()


def test_a_record_without_pesel_is_compared_whichever_came_first(registry: Driven) -> None:
    """Who has a PESEL is compared by name and birth date only with those who have none."""
    unnumbered = ZOFIA.model_copy(
        update={"identity": ZOFIA.identity.model_copy(update={"pesel": None})}
    )
    first = registry.do(application(unnumbered)).id
    second = registry.do(application()).id
    third = registry.do(application(unnumbered)).id
    pairs = {
        frozenset((case.first.id, case.second.id))
        for case in registry.ask("list_duplicates", views.ListDuplicates()).items
    }
    assert pairs == {frozenset(pair) for pair in ((first, second), (first, third), (second, third))}


def test_two_pesels_tell_two_persons_apart(registry: Driven) -> None:
    registry.do(application())
    twin = ZOFIA.identity.model_copy(update={"pesel": "85031512368"})
    registry.do(application(ZOFIA.model_copy(update={"identity": twin})))
    assert registry.ask("list_duplicates", views.ListDuplicates()).total == 0
