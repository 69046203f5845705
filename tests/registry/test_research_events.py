"""What the registry makes of research's answers: proposed as results, decided by a person."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from shared.contracts.access import Role
from shared.contracts.registry import commands, views
from shared.contracts.registry.vocabulary import (
    ExitReason,
    LabourStatus,
    ResultKind,
    Situation,
    TaskKind,
)
from shared.contracts.research.events import FollowUpAnswered
from shared.contracts.research.vocabulary.followups import FollowUpKind
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.messaging.reactions import replay_tracking
from tests.driving import COORDINATOR, caller
from tests.neighbour import Neighbour
from tests.registry.conftest import Driven
from tests.registry.domain.people import TODAY
from tests.registry.test_registry import enrolled

EXITED = TODAY - timedelta(5)
SITUATION = Situation(labour_status=LabourStatus.EMPLOYED, gained_qualification=True)


@pytest.fixture
def research(registry: Driven) -> Neighbour:
    return Neighbour(registry.composition.to_research, registry.project)


def left(registry: Driven) -> UUID:
    person = enrolled(registry)
    leaving = commands.ExitParticipant(
        participant_id=person, exited_on=EXITED, reason=ExitReason.COMPLETED, as_planned=True
    )
    registry.do(leaving)
    return person


def answered(
    registry: Driven, person: UUID, on: date = TODAY, kind: FollowUpKind = FollowUpKind.FOUR_WEEKS
) -> FollowUpAnswered:
    follow_up = uuid4()
    box = registry.composition.application.vault.seal(
        person,
        DataClass.MONITORING,
        f"research/{follow_up}/2",
        {"situation": SITUATION.model_dump(mode="json")},
    )
    return FollowUpAnswered(
        subject=person,
        follow_up_id=follow_up,
        kind=kind,
        exited_on=EXITED,
        observed_on=on,
        monitoring=box,
    )


def shown(registry: Driven, person: UUID) -> views.Participant:
    found: views.Participant = registry.ask("get_participant", views.ById(id=person))
    return found


def tasks(registry: Driven) -> dict[TaskKind, views.Task]:
    found: views.TaskList = registry.ask("list_tasks", views.ListTasks(as_of=TODAY))
    return {each.kind: each for each in found.items}


def decision(person: UUID, proposal: UUID, *, approve: bool = True) -> commands.DecideResult:
    return commands.DecideResult(
        participant_id=person,
        proposal_id=proposal,
        decided_on=TODAY,
        approve=approve,
        justification="By telephone",
    )


def test_an_answer_is_proposed_and_a_case_worker_confirms_it(
    registry: Driven, research: Neighbour
) -> None:
    person = left(registry)
    assert TaskKind.RECORD_OUTCOME in tasks(registry)
    told = answered(registry, person)
    research.tell(told)
    (proposed,) = shown(registry, person).proposed_results
    assert (proposed.kind, proposed.observed_on) == (ResultKind.OUTCOME, TODAY)
    assert proposed.situation == SITUATION
    assert shown(registry, person).episodes[-1].outcome is None
    due = tasks(registry)
    assert TaskKind.RECORD_OUTCOME not in due
    assert due[TaskKind.CONFIRM_RESULT].proposal_id == told.follow_up_id
    assert due[TaskKind.CONFIRM_RESULT].due_on == TODAY + timedelta(14)
    registry.do(decision(person, told.follow_up_id))
    final = shown(registry, person)
    assert (final.episodes[-1].outcome, final.proposed_results) == (SITUATION, ())
    assert tasks(registry).keys() == {TaskKind.RECORD_FOLLOW_UP}
    with pytest.raises(Rejected) as again:
        registry.do(decision(person, told.follow_up_id))
    assert again.value.code == "registry.result_decided"


def test_a_refused_answer_is_no_result(registry: Driven, research: Neighbour) -> None:
    person = left(registry)
    told = answered(registry, person)
    research.tell(told)
    registry.do(decision(person, told.follow_up_id, approve=False))
    final = shown(registry, person)
    assert (final.episodes[-1].outcome, final.proposed_results) == (None, ())
    assert TaskKind.RECORD_OUTCOME in tasks(registry)
    with pytest.raises(Rejected) as unknown:
        registry.do(decision(person, uuid4()))
    assert unknown.value.code == "registry.result_unknown"


def test_what_cannot_be_a_result_can_be_refused_only(registry: Driven, research: Neighbour) -> None:
    person = left(registry)
    told = answered(registry, person, EXITED - timedelta(1))
    research.tell(told)
    with pytest.raises(Rejected) as refusal:
        registry.do(decision(person, told.follow_up_id))
    assert refusal.value.code == "registry.outside_window"
    assert shown(registry, person).proposed_results != ()
    registry.do(decision(person, told.follow_up_id, approve=False))
    assert shown(registry, person).proposed_results == ()


def test_the_same_answer_again_changes_nothing(registry: Driven, research: Neighbour) -> None:
    person = left(registry)
    research.tell(answered(registry, person))
    head = registry.followed.history.head()
    research.inbox.receive(research.envelopes[0])
    research.restart()
    research.inbox.receive(research.envelopes[0])
    envelope = research.envelopes[0]
    found = registry.composition.to_research.handler(envelope.type)
    assert found is not None
    event_class, handler = found
    handler(event_class.model_validate(envelope.data), envelope, replay_tracking(envelope))
    assert registry.followed.history.head() == head


def test_of_an_erased_person_nothing_is_proposed(registry: Driven, research: Neighbour) -> None:
    person = left(registry)
    told = answered(registry, person)
    registry.composition.application.vault.erase(
        person, [DataClass.MONITORING], basis="art17", approved_by="oidc|dpo"
    )
    head = registry.followed.history.head()
    research.tell(told)
    assert registry.followed.history.head() == head
    assert registry.composition.to_research.parking.count() == 0


def test_the_situation_is_withheld_from_those_who_may_not_see_it(
    registry: Driven, research: Neighbour
) -> None:
    person = left(registry)
    research.tell(answered(registry, person))
    auditor = caller(Role.AUDITOR)
    seen: views.Participant = registry.ask("get_participant", views.ById(id=person), auditor)
    assert [each.situation for each in seen.proposed_results] == [None]
    assert registry.ask("get_participant", views.ById(id=person), COORDINATOR).proposed_results
