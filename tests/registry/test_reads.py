"""Who looks at people's data is recorded, told to the people, and reviewed after an emergency."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.registry import commands, keeping, views
from shared.contracts.registry.vocabulary import TaskKind
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.driving import CASEWORKER, COORDINATOR, act_by, caller
from tests.registry.conftest import Driven
from tests.registry.domain.people import TODAY
from tests.registry.test_registry import application

OTHER = caller(Role.CASEWORKER, "another-partner", "other")


def look(registry: Driven, person: UUID, by: Caller, purpose: str | None) -> Any:
    act = act_by(by, "registry.get_participant")
    stated = replace(act, provenance=act.provenance.model_copy(update={"reason": purpose}))
    return registry.composition.queries.get_participant(views.ById(id=person), stated)


def report(registry: Driven, person: UUID, by: Caller = COORDINATOR) -> keeping.AccessReport:
    registry.project()
    found: keeping.AccessReport = registry.ask(
        "list_accesses", keeping.ListAccesses(id=person), by=by
    )
    return found


def test_a_person_is_told_who_looked_at_what_and_why(registry: Driven) -> None:
    person, stranger = registry.do(application()).id, registry.do(application(reference="2")).id
    look(registry, person, CASEWORKER, "case.follow-up")
    look(registry, stranger, CASEWORKER, None)
    own = Caller(subject="oidc|p", roles=frozenset({Role.PARTICIPANT}), participant_id=person)
    (read,) = report(registry, person, own).items
    assert (read.actor, read.role, read.purpose) == (
        CASEWORKER.subject,
        "caseworker",
        "case.follow-up",
    )
    assert set(read.data_classes) == set(DataClass)
    with pytest.raises(Rejected, match="not_found"):
        report(registry, stranger, own)


def test_out_of_scope_nobody_reads_without_an_emergency_and_another_person_reviews_it(
    registry: Driven,
) -> None:
    person = registry.do(application()).id
    for purpose in (None, "case.follow-up"):
        with pytest.raises(Rejected, match="not_found"):
            look(registry, person, OTHER, purpose)
    assert look(registry, person, OTHER, "emergency.health").identity is not None
    (read,) = report(registry, person).items
    assert (read.actor, read.out_of_scope) == (OTHER.subject, True)
    wanted = views.ListTasks(as_of=TODAY, kind=TaskKind.REVIEW_ACCESS)
    (task,) = registry.ask("list_tasks", wanted).items
    assert (task.participant_id, task.access_id) == (person, read.access_id)
    assert registry.ask("list_tasks", wanted, by=CASEWORKER).items == ()
    review = commands.ReviewAccess(access_id=read.access_id, justified=False)
    with pytest.raises(Rejected, match="four_eyes"):
        registry.do(review, by=OTHER)
    registry.do(review, by=COORDINATOR)
    assert registry.ask("list_tasks", wanted).items == ()
    (read,) = report(registry, person).items
    assert (read.reviewed_by, read.justified) == (COORDINATOR.subject, False)
    with pytest.raises(Rejected, match="no_review_awaited"):
        registry.do(review, by=COORDINATOR)


def test_a_trainer_has_no_emergencies(registry: Driven) -> None:
    person = registry.do(application()).id
    with pytest.raises(Rejected, match="not_found"):
        look(registry, person, caller(Role.LOAN_OFFICER, "another-partner"), "emergency.health")
