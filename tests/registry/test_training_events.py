"""What the registry makes of training's events: support starts with the first attended minute."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.registry.domain.participant import Participant
from shared.contracts.registry import commands, views
from shared.contracts.registry.vocabulary import Purpose, RecruitmentDecision, Status
from shared.contracts.training.events import SupportStarted, SupportStartMoved
from tests.driving import COORDINATOR
from tests.neighbour import Neighbour
from tests.registry.conftest import Driven
from tests.registry.domain.people import ADMITTED, APPLIED, POINTS, SCORED, STARTED, TODAY
from tests.registry.test_registry import application, enrolled

DAY = timedelta(days=1)


@pytest.fixture
def training(registry: Driven) -> Neighbour:
    return Neighbour(registry.composition.to_training, registry.project)


def admitted(registry: Driven) -> UUID:
    person = registry.do(application()).id
    for purpose in (Purpose.PARTICIPATION, Purpose.SENSITIVE_DATA):
        consent = commands.GiveConsent(
            participant_id=person, purpose=purpose, text_version="2026-1", given_on=APPLIED
        )
        registry.do(consent)
    registry.do(commands.ScoreApplication(participant_id=person, scored_on=SCORED, points=POINTS))
    decision = commands.DecideRecruitment(
        participant_id=person,
        decided_on=ADMITTED,
        decision=RecruitmentDecision.ADMIT,
        justification="Enough points",
    )
    registry.do(decision, by=COORDINATOR)
    return person


def started(person: UUID, on: date = STARTED) -> SupportStarted:
    return SupportStarted(
        subject=person,
        edition_id=uuid4(),
        edition_code="K1/2026",
        session_id=uuid4(),
        started_on=on,
    )


def moved(person: UUID, was_on: date, started_on: date | None) -> SupportStartMoved:
    return SupportStartMoved(
        subject=person, edition_id=uuid4(), was_on=was_on, started_on=started_on
    )


def parked(registry: Driven) -> list[str]:
    found = registry.composition.to_training.parking.list()
    return [str(each.reason["code"]) for each in found]


def starts(registry: Driven, person: UUID) -> list[date]:
    shown = registry.ask("get_participant", views.ById(id=person))
    return [episode.started_on for episode in shown.episodes]


def test_who_attends_a_first_minute_is_enrolled_as_of_that_day(
    registry: Driven, training: Neighbour
) -> None:
    person = admitted(registry)
    training.tell(started(person))
    last = registry.followed.history.read(registry.followed.history.head() - 1, 1)[0]
    assert last.meta["actor"] == "service:registry"
    assert last.meta["causation"] == {"ledger": "training", "position": 1}
    shown = registry.ask("get_participant", views.ById(id=person))
    assert shown.status is Status.ENROLLED
    assert [(each.started_on, each.support) for each in shown.episodes] == [(STARTED, "K1/2026")]


def test_the_same_event_again_changes_nothing(registry: Driven, training: Neighbour) -> None:
    person = admitted(registry)
    training.tell(started(person))
    head = registry.followed.history.head()
    training.inbox.receive(training.envelopes[0])
    training.restart()
    training.inbox.receive(training.envelopes[0])
    assert registry.followed.history.head() == head


def test_who_started_before_stays_as_recorded(registry: Driven, training: Neighbour) -> None:
    person = enrolled(registry)
    training.tell(started(person, STARTED + DAY))
    assert starts(registry, person) == [STARTED]
    corrections = registry.ask("list_corrections", views.ListCorrections(participant_id=person))
    assert corrections.items == ()


def test_an_earlier_start_is_proposed_and_a_person_decides(
    registry: Driven, training: Neighbour
) -> None:
    person = enrolled(registry)
    training.tell(started(person, STARTED - DAY))
    assert starts(registry, person) == [STARTED]
    (correction,) = registry.ask(
        "list_corrections", views.ListCorrections(participant_id=person)
    ).items
    assert correction.requested_by == "service:registry"
    assert correction.source_document == "training/1"
    registry.do(
        commands.DecideCorrection(
            participant_id=person,
            correction_id=correction.id,
            decided_on=correction.requested_on,
            approve=True,
            justification="Signed list",
        ),
        by=COORDINATOR,
    )
    assert starts(registry, person) == [STARTED - DAY]


def test_a_start_that_training_moves_is_proposed(registry: Driven, training: Neighbour) -> None:
    person = admitted(registry)
    training.tell(started(person), moved(person, STARTED, STARTED + DAY))
    (correction,) = registry.ask(
        "list_corrections", views.ListCorrections(participant_id=person)
    ).items
    assert [(each.before, each.after) for each in correction.steps] != []
    assert correction.source_document == "training/3"


def test_the_move_of_another_start_changes_nothing(registry: Driven, training: Neighbour) -> None:
    person = enrolled(registry)
    training.tell(moved(person, STARTED + DAY, STARTED + 2 * DAY))
    corrections = registry.ask("list_corrections", views.ListCorrections(participant_id=person))
    assert corrections.items == ()
    assert parked(registry) == []


def test_what_only_a_person_can_solve_is_parked_and_the_others_go_on(
    registry: Driven, training: Neighbour
) -> None:
    unknown, applied = uuid4(), registry.do(application()).id
    person = admitted(registry)
    training.tell(started(unknown), started(applied), started(person), moved(person, STARTED, None))
    assert starts(registry, person) == [STARTED]
    assert sorted(parked(registry)) == [
        "not_found",
        "registry.start_unproven",
        "registry.wrong_status",
    ]


def test_the_record_that_goes_on_is_the_one_that_starts(
    registry: Driven, training: Neighbour
) -> None:
    kept, ended = admitted(registry), registry.do(application()).id
    (case,) = registry.ask("list_duplicates", views.ListDuplicates()).items
    registry.do(
        commands.MergeDuplicate(
            case_id=case.id, kept=kept, decided_on=TODAY, justification="One person"
        ),
        by=COORDINATOR,
    )
    training.tell(started(ended))
    assert starts(registry, kept) == [STARTED]
    application_of = registry.composition.application
    assert application_of.load(Participant, ended).started_on is None
