"""Of fifty people ten are erased: of these nothing is found or read any more, of the others all."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pymongo import MongoClient

from services.registry.application.erasing import Erasing
from shared.contracts.registry import views
from shared.contracts.registry.vocabulary import Address, IdentityData, PersonalData
from shared.kernel.personal import DataClass, SealedBox
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.provision import Administrator
from tests.driving import COORDINATOR, caller
from tests.registry.conftest import Driven
from tests.registry.domain.people import ZOFIA
from tests.registry.test_erasure import decision, request
from tests.registry.test_registry import application
from tests.stories.traces import flush, found_in_collections, found_in_files

SECOND = caller(min(COORDINATOR.roles), name="second")
WHO = (DataClass.IDENTITY, DataClass.MONITORING, DataClass.SPECIAL)
PEOPLE, ERASED = 50, 10


def canaries(number: int) -> dict[str, str]:
    names = ("given_name", "family_name", "street", "city", "email", "reference", "institution")
    found = {name: f"Canary{number:02d}{name.replace('_', '')}Zq7" for name in names}
    return found | {"email": f"{found['email']}@example.invalid"}


def person(number: int) -> dict[str, Any]:
    told = canaries(number)
    identity = IdentityData(
        given_name=told["given_name"],
        family_name=told["family_name"],
        address=Address(
            street=told["street"],
            house_number="1",
            postal_code="80-001",
            city=told["city"],
            teryt="2261011",
        ),
        email=told["email"],
    )
    monitoring = ZOFIA.monitoring.model_copy(update={"institution_name": told["institution"]})
    personal = PersonalData(identity=identity, monitoring=monitoring, special=ZOFIA.special)
    return {"personal": personal, "reference": told["reference"]}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_of_fifty_are_gone_and_forty_are_whole(
    registry: Driven, administrator: Administrator, mongodb: MongoServer
) -> None:
    people = [registry.command(application(**person(number))).id for number in range(PEOPLE)]
    gone = people[:ERASED]
    for each in gone:
        registry.command(request(each, WHO), by=COORDINATOR)
        registry.command(decision(each), by=SECOND)
    registry.project()
    (loop,) = [each for each in registry.followed.loops if each.name == "erasures"]
    work: Erasing = loop.run.__self__  # type: ignore[attr-defined]
    work.advance()
    registry.project()
    vault = registry.composition.application.vault
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        keys = {document["subject"] for document in client["vault"]["keys"].find()}
        found_by = {document["s"] for document in client["vault"]["registry_lookup"].find()}
        assert not keys & set(map(str, gone))
        assert not found_by & set(map(str, gone))
        assert keys >= set(map(str, people[ERASED:])) <= found_by
        boxes = [
            SealedBox.model_validate(box)
            for commit in client["registry_ledger"]["commits"].find()
            for event in commit["e"]
            for box in json.loads(event["d"]).get("sealed", ())
        ]
    erased = [box for box in boxes if box.subject in gone]
    assert len(erased) >= ERASED * len(WHO)
    for each in gone:
        vault.evict(each)
    assert not any(isinstance(opened, dict) for opened in vault.open_many(erased))
    _nothing_in_clear(administrator.mongodb_uri, mongodb.folder)
    _all_of_the_others(registry, people)


def _nothing_in_clear(uri: str, folder: Path) -> None:
    """Of the erased and of the others alike."""
    sought = {f"{n}/{name}": told for n in range(PEOPLE) for name, told in canaries(n).items()}
    flush(uri)
    assert found_in_collections(uri, sought) == set()
    of_the_erased = {
        name: told for name, told in sought.items() if int(name.split("/")[0]) < ERASED
    }
    assert found_in_files(folder, of_the_erased) == set()


def _all_of_the_others(registry: Driven, people: list[UUID]) -> None:
    answers = {
        each: registry.ask("get_participant", views.ById(id=each)).model_dump_json()
        for each in people
    }
    for number, each in enumerate(people):
        shown = [told in answers[each] for told in canaries(number).values()]
        assert (any(shown), all(shown)) == ((number >= ERASED,) * 2), f"person {number}"
        by_name = views.SearchParticipants(family_name=canaries(number)["family_name"])
        found = registry.ask("search_participants", by_name).items
        assert [one.id for one in found] == ([each] if number >= ERASED else [])
