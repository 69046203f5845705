"""A person's data end: law is asked, a second person decides, and nothing of it comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pymongo import MongoClient

from services.registry.application import erasing
from services.registry.application.erasing import Erasing
from services.registry.application.erasure import HOLDERS
from services.registry.bootstrap import compose
from services.registry.domain.erasure import Retention, retention_id
from shared.contracts.kasa import events as kasa
from shared.contracts.operations import Caller, FeedRequest
from shared.contracts.registry import commands, keeping, views
from shared.contracts.registry.vocabulary import (
    ErasureGround,
    ErasureState,
    HoldGround,
    PersonalData,
    TaskKind,
)
from shared.contracts.reporting import events as reporting
from shared.contracts.research import events as research
from shared.contracts.training import events as training
from shared.eventstore.vault import KeyStore, Lookup
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.provision import Administrator
from shared.runtime.rebuild import verify
from shared.runtime.settings import ServiceSettings
from tests.driving import CASEWORKER, COORDINATOR, caller
from tests.neighbour import Neighbour
from tests.registry.conftest import Driven
from tests.registry.domain.people import TODAY, ZOFIA
from tests.registry.test_registry import application, enrolled

SECOND = caller(min(COORDINATOR.roles), name="second")
WHO = (DataClass.IDENTITY, DataClass.SPECIAL)


class Clock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(registry: Driven, settings: ServiceSettings, clock: Clock) -> Erasing:
    (loop,) = [each for each in registry.followed.loops if each.name == "erasures"]
    work: Erasing = loop.run.__self__  # type: ignore[attr-defined]
    work._now = clock
    return work


def request(person: UUID, classes: tuple[DataClass, ...] = WHO) -> commands.RequestErasure:
    return commands.RequestErasure(
        participant_id=person,
        requested_on=TODAY,
        ground=ErasureGround.REQUEST,
        data_classes=classes,
        source_document="RODO/1",
    )


def decision(person: UUID, *, approve: bool = True) -> commands.DecideErasure:
    return commands.DecideErasure(
        participant_id=person, decided_on=TODAY, approve=approve, source_document="RODO/1"
    )


def ordered(registry: Driven) -> UUID:
    person = registry.do(application()).id
    registry.do(request(person), by=COORDINATOR)
    registry.do(decision(person), by=SECOND)
    return person


def acknowledge(registry: Driven, person: UUID) -> None:
    told = {"subject": person, "data_classes": WHO, "erased_on": TODAY}
    composition = registry.composition
    for reactions, event in (
        (composition.to_kasa, kasa.SubjectErased(**told)),
        (composition.to_training, training.SubjectErased(**told)),
        (composition.to_research, research.SubjectErased(**told)),
        (composition.to_reporting, reporting.SubjectErased(**told)),
    ):
        Neighbour(reactions, registry.project).tell(event)


def case_of(registry: Driven, person: UUID, by: Caller = COORDINATOR) -> keeping.ErasureCase:
    found = registry.ask("get_retention", views.ById(id=person), by=by).erasure
    assert found is not None
    return found  # type: ignore[no-any-return]


def test_what_law_still_needs_is_restricted_and_the_answer_names_article_and_rule(
    registry: Driven,
) -> None:
    person = enrolled(registry)
    registry.do(request(person), by=COORDINATOR)
    case = case_of(registry, person)
    assert case.state is ErasureState.RESTRICTED
    assert {each.rule for each in case.obstacles} == {"selection_2021_1060", "support_2021_1060"}
    assert {each.article for each in case.obstacles} == {"Regulation (EU) 2021/1060, art. 82(1)"}
    shown = registry.ask("get_participant", views.ById(id=person), by=CASEWORKER)
    assert shown.restricted
    assert (shown.identity, shown.special) == (None, None)
    assert registry.ask("get_participant", views.ById(id=person)).identity is not None
    assert registry.ask("name_participants", views.NameParticipants(ids=(person,))).items == ()
    search = views.SearchParticipants(family_name="Wiśniewska")
    assert registry.ask("search_participants", search, by=CASEWORKER).items == ()
    with pytest.raises(Rejected, match="no_erasure_requested"):
        registry.do(decision(person), by=SECOND)


def test_a_hold_blocks_until_it_is_lifted_also_after_the_request(registry: Driven) -> None:
    person = registry.do(application()).id
    registry.do(request(person), by=COORDINATOR)
    assert case_of(registry, person).state is ErasureState.REQUESTED
    hold = commands.PlaceHold(
        participant_id=person, placed_on=TODAY, ground=HoldGround.AUDIT, source_document="A/1"
    )
    registry.do(hold, by=COORDINATOR)
    with pytest.raises(Rejected) as refused:
        registry.do(decision(person), by=SECOND)
    assert refused.value.code == "registry.erasure_forbidden"
    assert refused.value.details["obstacles"][0]["article"] == "GDPR, art. 17(3)(b)"
    (held,) = registry.ask("get_retention", views.ById(id=person)).holds
    registry.do(
        commands.LiftHold(
            participant_id=person, hold_id=held.hold_id, lifted_on=TODAY, source_document="A/2"
        ),
        by=COORDINATOR,
    )
    registry.do(decision(person), by=SECOND)
    assert case_of(registry, person).state is ErasureState.ORDERED
    with pytest.raises(Rejected, match="erasure_ordered"):
        registry.do(hold, by=COORDINATOR)


def test_nobody_approves_their_own_request_and_the_other_is_told_to_decide(
    registry: Driven,
) -> None:
    person = registry.do(application()).id
    registry.do(request(person), by=COORDINATOR)
    tasks = registry.ask("list_tasks", views.ListTasks(as_of=TODAY, kind=TaskKind.DECIDE_ERASURE))
    assert [each.participant_id for each in tasks.items] == [person]
    with pytest.raises(Rejected, match="four_eyes"):
        registry.do(decision(person), by=COORDINATOR)
    registry.do(decision(person, approve=False), by=SECOND)
    assert case_of(registry, person).state is ErasureState.DISMISSED
    assert not registry.ask("get_participant", views.ById(id=person)).restricted


def test_an_erasure_ends_with_a_certificate_once_all_forgot_and_caches_are_empty(
    registry: Driven, work: Erasing, clock: Clock
) -> None:
    person = ordered(registry)
    work.advance()
    registry.project()
    case = case_of(registry, person)
    assert (case.state, case.awaited) == (
        ErasureState.EXECUTED,
        ("kasa", "reporting", "research", "training"),
    )
    clock.at += timedelta(minutes=5)
    work.advance()
    registry.project()
    assert case_of(registry, person).state is ErasureState.EXECUTED, "nobody has acknowledged"
    acknowledge(registry, person)
    clock.at = datetime.now(UTC)
    work.advance()
    registry.project()
    assert case_of(registry, person).state is ErasureState.EXECUTED, "caches may have keys"
    clock.at += timedelta(seconds=60)
    work.advance()
    registry.project()
    case = case_of(registry, person)
    assert case.state is ErasureState.CERTIFIED
    assert (case.requested_by, case.approved_by) == (COORDINATOR.subject, SECOND.subject)
    assert {each.holder for each in case.acknowledged} == set(HOLDERS)
    told = registry.composition.publication.page(FeedRequest(after=0)).envelopes
    assert [each.type for each in told][-2:] == [
        "registry.participant_erased.v1",
        "registry.erasure_certified.v1",
    ]


def test_afterwards_the_person_is_found_by_nothing_and_reads_as_erased(
    registry: Driven, work: Erasing
) -> None:
    person = ordered(registry)
    other = registry.do(application(PersonalData())).id
    work.advance()
    registry.project()
    shown = registry.ask("get_participant", views.ById(id=person))
    assert set(shown.erased) == set(WHO)
    assert (shown.identity, shown.special) == (None, None)
    assert shown.monitoring is not None
    for search in (
        views.SearchParticipants(pesel=ZOFIA.identity.pesel),
        views.SearchParticipants(family_name="Wiśniewska"),
        views.SearchParticipants(born_on=ZOFIA.monitoring.born_on),
    ):
        assert registry.ask("search_participants", search).items == ()
    assert registry.ask("name_participants", views.NameParticipants(ids=(person,))).items == ()
    page = registry.ask("list_participants", views.ListParticipants())
    assert {each.id for each in page.items} == {person, other}
    events = [each.event for each in registry.ask("get_timeline", views.ById(id=person)).entries]
    assert events[-1] == "registry.Retention.KeysDestroyed"
    comparison = verify(
        registry.projector.projection, registry.followed.views, registry.followed.history
    )
    assert comparison.drifted == []
    with pytest.raises(Rejected, match="nothing_changed"):
        registry.do(
            commands.UpdateParticipant(participant_id=person, changed_on=TODAY, personal=ZOFIA)
        )
    again = registry.do(application()).id
    assert registry.ask("get_participant", views.ById(id=again)).suspected_duplicates == ()


def test_merged_records_and_what_was_written_about_the_pair_go_too(
    registry: Driven, work: Erasing
) -> None:
    kept, ended = registry.do(application()).id, registry.do(application(reference="2")).id
    (case,) = registry.ask("list_duplicates", views.ListDuplicates()).items
    registry.do(
        commands.MergeDuplicate(
            case_id=case.id, kept=kept, decided_on=TODAY, justification="The same Zofia"
        ),
        by=COORDINATOR,
    )
    registry.do(request(kept), by=COORDINATOR)
    registry.do(decision(kept), by=SECOND)
    work.advance()
    registry.project()
    assert set(case_of(registry, kept).records) == {kept, ended}
    vault = registry.composition.application.vault
    assert vault.erased(ended) == set(WHO)
    assert vault.erased(case.id) == {DataClass.SPECIAL}
    with pytest.raises(Rejected, match="subject_erased"):
        registry.do(
            commands.UndoMerge(case_id=case.id, decided_on=TODAY, justification="Two after all"),
            by=COORDINATOR,
        )


class Killed(BaseException):
    """As if the process had died here."""


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (KeyStore, "entomb"),
        (KeyStore, "destroy"),
        (Lookup, "remove"),
        (Erasing, "_purge_files"),
        (Retention, "note_destroyed"),
        (Retention, "certify"),
    ],
)
@pytest.mark.parametrize("done", [False, True])
def test_whatever_step_it_dies_at_it_is_finished_by_whoever_comes_next(
    registry: Driven,
    work: Erasing,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    step: str,
    done: bool,
) -> None:
    person = ordered(registry)
    if step == "certify":
        work.advance()
        registry.project()
        acknowledge(registry, person)
        clock.at += timedelta(seconds=90)
    original = getattr(owner, step)

    def die(*arguments: Any, **named: Any) -> None:
        if done:
            original(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, die)
        with pytest.raises(Killed):
            work.advance()
    registry.project()
    assert case_of(registry, person).state in {ErasureState.ORDERED, ErasureState.EXECUTED}
    work.advance()
    registry.project()
    acknowledge(registry, person)
    clock.at += timedelta(seconds=90)
    work.advance()
    registry.project()
    assert case_of(registry, person).state is ErasureState.CERTIFIED


def test_one_erasure_that_fails_is_seen_and_holds_no_other_up(
    registry: Driven, work: Erasing, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, fine = ordered(registry), ordered(registry)
    destroy = KeyStore.destroy

    def failing(store: KeyStore, names: Any) -> None:
        if any(name.subject == stuck for name in names):
            raise OSError("the disk is gone")
        destroy(store, names)

    monkeypatch.setattr(KeyStore, "destroy", failing)
    with pytest.raises(OSError, match="disk"):
        work.advance()
    registry.project()
    assert case_of(registry, stuck).state is ErasureState.ORDERED
    assert case_of(registry, fine).state is ErasureState.EXECUTED
    assert erasing.UNFINISHED._value.get() == 2


def test_a_restored_vault_serves_nobody_before_the_tombstones_are_back(
    registry: Driven,
    work: Erasing,
    settings: ServiceSettings,
    administrator: Administrator,
) -> None:
    person = registry.do(application()).id
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        copy = {
            name: list(client["vault"][name].find())
            for name in ("keys", "tombstones", "applied", "registry_lookup")
        }
        registry.do(request(person), by=COORDINATOR)
        registry.do(decision(person), by=SECOND)
        work.advance()
        for name, documents in copy.items():
            client["vault"][name].delete_many({})
            if documents:
                client["vault"][name].insert_many(documents)
        assert client["vault"]["keys"].count_documents({"subject": str(person)}) == 3
        restarted = compose(settings, today=lambda: TODAY)
        try:
            assert restarted.application.vault.erased(person) == set(WHO)
            assert client["vault"]["keys"].count_documents({"subject": str(person)}) == 1
        finally:
            restarted.close()


def test_the_stream_of_a_participants_retention_is_known_from_the_id() -> None:
    person = UUID(int=7)
    assert retention_id(person) == retention_id(UUID(int=7)) != retention_id(UUID(int=8))
