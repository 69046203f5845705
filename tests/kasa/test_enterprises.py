"""Enterprises through commands, projections and queries, with the people the registry told of."""

from datetime import date
from uuid import UUID

import pytest

from services.kasa.domain.enterprise import Enterprise
from services.kasa.publishing import publish
from shared.contracts.access import Role
from shared.contracts.kasa.commands.enterprises import (
    AdmitMember,
    CloseEnterprise,
    GrantStatus,
    LoseJobPlace,
    RecordMemberLeft,
    RemoveFounder,
    SetIdentifiers,
    WithdrawStatus,
)
from shared.contracts.kasa.views import enterprises as views
from shared.contracts.kasa.vocabulary.enterprises import Identifiers, LostPlace, Nature, Person
from shared.contracts.registry import events as registry
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.driving import caller
from tests.kasa.clients import NIPS, TODAY, add_founder, by_id, employ, found, register
from tests.kasa.conftest import Kasa
from tests.kasa.telling import admitted, registry_of

PEOPLE = [UUID(f"00000000-0000-4000-8000-{number:012}") for number in range(5)]
ELSEWHERE = caller(Role.CASEWORKER, partner="stowarzyszenie-a")
OFFICER = caller(Role.LOAN_OFFICER)


def participant(number: int) -> Person:
    return Person(participant_id=PEOPLE[number])


@pytest.fixture
def cooperative(kasa: Kasa) -> UUID:
    """Founded by three participants."""
    registry_of(kasa).tell(*admitted(*PEOPLE, on=date(2024, 9, 2)))
    enterprise = register(kasa, 1, NIPS[0])
    for number in range(3):
        add_founder(kasa, enterprise, participant(number))
    found(kasa, enterprise)
    return enterprise


def refused(kasa: Kasa, command: object, **options: object) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.do(command, **options)  # type: ignore[arg-type]
    return refusal.value


def test_a_founded_cooperative_has_members_duties_and_numbers(
    kasa: Kasa, cooperative: UUID
) -> None:
    shown = kasa.ask("get_enterprise", by_id(cooperative), OFFICER)
    assert (shown.state, shown.founded_on) == ("active", date(2025, 2, 3))
    assert shown.identifiers == Identifiers(nip=NIPS[0], krs="0000123456")
    assert [each.since for each in shown.members] == [date(2025, 2, 3)] * 3
    assert [(each.kind, each.have, each.required, each.overdue) for each in shown.duties] == [
        ("employ_entitled", 0, 2, True),
        ("admit_members", 3, 5, True),
        ("restore_members", 3, 5, False),
    ]
    due = kasa.ask("list_duties", views.ListDuties(due_by=TODAY)).items
    assert [each.duty.kind for each in due] == ["admit_members", "employ_entitled"]


def test_a_group_can_be_checked_before_it_founds(kasa: Kasa) -> None:
    enterprise = register(kasa, 1)
    add_founder(kasa, enterprise, Person(number="M/1"), entitled=False)
    check = views.CheckFounding(enterprise_id=enterprise, day=TODAY)
    gaps = kasa.ask("check_founding", check).gaps
    assert [(each.kind, each.have, each.required) for each in gaps] == [
        ("founders", 1, 3),
        ("entitled", 0, 1),
    ]


def test_only_who_was_admitted_founds(kasa: Kasa) -> None:
    enterprise = register(kasa, 1)
    with pytest.raises(Rejected, match="participant_unknown"):
        add_founder(kasa, enterprise, participant(0))
    registry_of(kasa).tell(
        *admitted(PEOPLE[0], on=date(2024, 9, 2)),
        registry.ParticipantErased(
            subject=PEOPLE[0], data_classes=(DataClass.IDENTITY,), erased_on=date(2025, 1, 2)
        ),
    )
    with pytest.raises(Rejected, match="participant_erased"):
        add_founder(kasa, enterprise, participant(0))


def test_two_founders_who_are_one_person_count_once_until_the_merge_is_undone(
    kasa: Kasa,
) -> None:
    told = registry_of(kasa)
    told.tell(*admitted(*PEOPLE, on=date(2024, 9, 2)))
    enterprise = register(kasa, 1)
    for number in range(3):
        add_founder(kasa, enterprise, participant(number))
    check = views.CheckFounding(enterprise_id=enterprise, day=TODAY)
    assert kasa.ask("check_founding", check).gaps == ()
    merged = registry.ParticipantMerged(subject=PEOPLE[0], into=PEOPLE[1], decided_on=TODAY)
    told.tell(merged)
    assert [each.kind for each in kasa.ask("check_founding", check).gaps] == ["founders"]
    told.tell(registry.MergeUndone(subject=PEOPLE[0], out_of=PEOPLE[1], decided_on=TODAY))
    assert kasa.ask("check_founding", check).gaps == ()


def test_job_places_are_told_of_when_created_and_lost(kasa: Kasa, cooperative: UUID) -> None:
    place = employ(kasa, cooperative, participant(0))
    kasa.do(
        LoseJobPlace(
            enterprise_id=cooperative,
            place_id=place,
            cause=LostPlace.EMPLOYEE_LEFT,
            lost_on=date(2025, 9, 1),
        )
    )
    events = kasa.composition.application.events.get(cooperative)
    told = [public for public in map(publish, events) if public is not None]
    assert [each.TYPE for each in told] == [
        "kasa.enterprise_founded.v1",
        "kasa.job_place_created.v1",
        "kasa.job_place_lost.v1",
    ]
    assert told[1].participant_id == told[2].participant_id == PEOPLE[0]  # type: ignore[attr-defined]
    shown = kasa.ask("get_enterprise", by_id(cooperative))
    assert (shown.places[0].lost_on, shown.places[0].cause) == (
        date(2025, 9, 1),
        "employee_left",
    )
    closing = CloseEnterprise(enterprise_id=cooperative, closed_on=TODAY)
    assert refused(kasa, closing, seen=1).code == "stale_version"
    kasa.do(closing)
    assert refused(kasa, closing).code == "kasa.enterprise_state"


def test_a_tax_number_belongs_to_one_enterprise(kasa: Kasa) -> None:
    one, other = register(kasa, 1, NIPS[0]), register(kasa, 2, NIPS[1])
    with pytest.raises(Rejected, match="nip_taken"):
        register(kasa, 3, NIPS[0])
    taking = SetIdentifiers(enterprise_id=other, identifiers=Identifiers(nip=NIPS[0]), set_on=TODAY)
    assert refused(kasa, taking).code == "kasa.nip_taken"
    kasa.do(SetIdentifiers(enterprise_id=one, identifiers=Identifiers(nip=NIPS[2]), set_on=TODAY))
    kasa.do(taking)
    assert kasa.ask("get_enterprise", by_id(other)).identifiers.nip == NIPS[0]


def test_a_case_worker_reaches_the_clients_of_their_partner_only(
    kasa: Kasa, cooperative: UUID
) -> None:
    with pytest.raises(Rejected, match="not_found"):
        kasa.ask("get_enterprise", by_id(cooperative), ELSEWHERE)
    assert kasa.ask("list_enterprises", views.ListEnterprises(), ELSEWHERE).items == ()
    (row,) = kasa.ask("list_enterprises", views.ListEnterprises(state="active"), OFFICER).items
    assert (row.code, row.members, row.employed) == ("SS-1", 3, 0)
    member = kasa.composition.application.load(Enterprise, cooperative)
    leaving = RecordMemberLeft(
        enterprise_id=cooperative, member_id=next(iter(member.members)), left_on=TODAY
    )
    assert refused(kasa, leaving, by=ELSEWHERE).code == "not_found"
    kasa.do(leaving, caller(Role.CASEWORKER, partner="mops-gdansk"))


def test_members_come_and_the_status_comes_and_goes(kasa: Kasa, cooperative: UUID) -> None:
    kasa.do(
        AdmitMember(
            enterprise_id=cooperative,
            person=participant(3),
            nature=Nature.NATURAL,
            entitled=True,
            joined_on=date(2025, 4, 1),
        )
    )
    granting = GrantStatus(
        enterprise_id=cooperative,
        decision="PS/12/2025",
        reintegration=True,
        granted_on=date(2025, 5, 5),
    )
    assert refused(kasa, granting).details["employees_required"] == 3
    for number in range(3):
        employ(kasa, cooperative, participant(number))
    kasa.do(granting)
    assert refused(kasa, granting).code == "kasa.status_granted"
    assert kasa.ask("get_enterprise", by_id(cooperative)).status.decision == "PS/12/2025"
    withdrawing = WithdrawStatus(
        enterprise_id=cooperative, decision="PS/3/2026", withdrawn_on=TODAY
    )
    kasa.do(withdrawing)
    assert refused(kasa, withdrawing).code == "kasa.status_missing"


def test_a_founder_who_goes_before_the_founding_leaves_no_member(kasa: Kasa) -> None:
    enterprise = register(kasa, 1)
    add_founder(kasa, enterprise, Person(number="M/1"))
    (founder,) = kasa.ask("get_enterprise", by_id(enterprise)).members
    removing = RemoveFounder(
        enterprise_id=enterprise, member_id=founder.member_id, removed_on=TODAY
    )
    kasa.do(removing)
    assert kasa.ask("get_enterprise", by_id(enterprise)).members == ()
    assert refused(kasa, removing).code == "kasa.member_unknown"
