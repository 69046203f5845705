"""From admission to the verified certificate, through the gateway, with the real broker and the real
processes: some of them die on the way, and every event is delivered twice.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pypdf import PdfReader

from demo.people import Person
from shared.runtime.development.rabbitmq import BrokerServer
from tests.stories.course import LENGTH, TODAY, Course, course, group
from tests.stories.playground import SERVICES, Refused, eventually
from tests.stories.traces import flush, found_in_collections, found_in_files

CANARIES = {
    "given name": "Łucja-Canary-Tq8wR",
    "family name": "Świerszcz-Canary-Mz4kD",
    "absence note": "Her Canary-Lp7xG was ill",
    "reason": "The Canary-Yb2nF list says so",
    "justification": "A Canary-Wd6jS in the name",
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@dataclass
class Story:
    """A course of Anna, who misses one of five sessions, and Bolek, who misses two."""

    course: Course
    people: list[Person]
    certificate: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Played to the issue of Anna's certificate."""
    with course(tmp_path_factory.mktemp("story"), sessions=5) as held:
        anna, bolek = group(2)
        anna = replace(anna, given_name=CANARIES["given name"], family_name=CANARIES["family name"])
        held.begin([anna, bolek])
        _attend(held)
        held.confirm(held.participants[0])
        held.close()
        [issued] = held.coordinator.finished(held.order_certificates())["issued"]
        assert issued["participant_id"] == held.participants[0]
        yield Story(held, [anna, bolek], issued["certificate_id"])


def _attend(held: Course) -> None:
    """The broker dies after the first marks; the same marks are sent again when it is back."""
    assert held.enrolled() == 0
    anna, bolek = held.participants
    for number, session in enumerate(held.sessions):
        marks = [_mark(anna, absent=number == 1), _mark(bolek, absent=number in {1, 2})]
        receipt = _given(held, session, marks)
        if number == 0:
            held.broker.kill()
            held.broker.start()
            eventually(partial(_repeated, held, session, marks))
        held.settle(session, receipt["version"])
    eventually(lambda: held.enrolled() == 2 or None)


def _given(held: Course, session: str, marks: list[dict[str, Any]]) -> dict[str, Any]:
    path, body = f"/sessions/{session}/attendance", {"marks": marks}
    return held.trainer.give(path, body, version=1, key=f"mark/{session}")


def _repeated(held: Course, session: str, marks: list[dict[str, Any]]) -> bool | None:
    """None while the platform does not answer."""
    with suppress(Refused, httpx.TransportError):
        assert _given(held, session, marks)["repeated"]
        return True
    return None


def _mark(participant: str, *, absent: bool) -> dict[str, Any]:
    if absent:
        note = CANARIES["absence note"]
        return {"participant_id": participant, "minutes": 0, "absence": "care", "note": note}
    return {"participant_id": participant, "minutes": LENGTH}


def test_the_registry_counts_support_from_the_first_attended_minute(story: Story) -> None:
    for participant in story.course.participants:
        record = story.course.coordinator.read(f"/participants/{participant}")
        assert record["status"] == "enrolled"
        assert [each["started_on"] for each in record["episodes"]] == [
            story.course.days[0].isoformat()
        ]


def test_below_the_minimum_there_is_no_certificate_and_the_rule_is_named(story: Story) -> None:
    path = story.course.order_certificates()
    [refused] = story.course.coordinator.finished(path)["refused"]
    assert refused["participant_id"] == story.course.participants[1]
    assert refused["code"] == "training.attendance_below_minimum"
    assert refused["details"]["percent"] == 60
    assert refused["details"]["minimum_percent"] == 80
    assert refused["details"]["rule"]


def test_the_document_says_whose_it_is(story: Story) -> None:
    path = f"/certificates/{story.certificate}/document.pdf"
    document = story.course.coordinator.fetch(path)
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages).split()
    )
    certificate = story.course.coordinator.read(f"/certificates/{story.certificate}")
    for said in (
        CANARIES["given name"],
        CANARIES["family name"],
        "Kucharz żywienia zbiorowego",
        "Gotuje żurek",
        certificate["number"],
        certificate["verification_code"],
    ):
        assert said in text


def test_every_event_delivered_again_changes_nothing(story: Story) -> None:
    before = story.course.commits(), story.course.enrolled()
    story.course.platform.kill("follow")
    with MongoClient[dict[str, Any]](story.course.mongodb.uri) as client:
        for name in SERVICES:
            client[f"{name}_views"]["relay"].delete_many({})
        story.course.platform.launch("follow")
        story.course.platform.await_ready("follow")
        for name in SERVICES:
            past = {"position": {"$gte": _head(client, name)}}
            eventually(partial(client[f"{name}_views"]["relay"].find_one, past))
    eventually(lambda: _waiting(story.course.broker) == 0 or None)
    assert (story.course.commits(), story.course.enrolled()) == before


def _head(client: MongoClient[dict[str, Any]], name: str) -> int:
    last = client[f"{name}_ledger"]["commits"].find_one(sort=[("_id", -1)])
    assert last is not None
    return int(last["last"])


def _waiting(broker: BrokerServer) -> int:
    """Messages in inboxes; -1 while the broker's figures are not there."""
    queues = httpx.get(f"{broker.management_url}/api/queues", timeout=10).json()
    inboxes = [each for each in queues if ".inbox." in each["name"]]
    assert len(inboxes) >= 2
    return sum(each.get("messages", -1) for each in inboxes)


def test_anybody_verifies_the_certificate_until_it_is_revoked(story: Story) -> None:
    code = story.course.coordinator.read(f"/certificates/{story.certificate}")["verification_code"]
    address = f"/certificates/verification/{code}"
    verified = story.course.platform.http.get(address).raise_for_status().json()
    assert verified["valid"]
    assert verified["holder"]["family_name"] == CANARIES["family name"]
    revocation = {
        "revoked_on": TODAY.isoformat(),
        "reason": "wrong_content",
        "justification": CANARIES["justification"],
    }
    path = f"/certificates/{story.certificate}/revocation"
    with pytest.raises(Refused) as same_person:
        story.course.coordinator.give(path, revocation)
    assert same_person.value.code == "four_eyes"
    position = story.course.other_coordinator.give(path, revocation)["position"]
    told = story.course.platform.http.get(address, params={"at_least": position}).json()
    assert not told["valid"]
    assert told["revoked_on"] == TODAY.isoformat()
    page = story.course.platform.http.get(f"/verify/{code}", headers={"Accept-Language": "en"})
    assert "revoked" in page.text.lower()
    assert CANARIES["justification"] not in page.text


def test_a_correction_by_another_person_completes_the_course(story: Story) -> None:
    _, bolek = story.course.participants
    path = f"/sessions/{story.course.sessions[2]}"
    version = story.course.coordinator.read(path)["version"]
    asked = {
        "participant_id": bolek,
        "minutes": LENGTH,
        "requested_on": TODAY.isoformat(),
        "reason": CANARIES["reason"],
        "source_document": "LISTA/3",
    }
    receipt = story.course.trainer.give(f"{path}/corrections", asked, version=version)
    listed = story.course.coordinator.read("/attendance/corrections", at_least=receipt["position"])
    [request] = listed["items"]
    decision = {
        "decided_on": TODAY.isoformat(),
        "approve": True,
        "justification": CANARIES["reason"],
    }
    decided = story.course.coordinator.give(
        f"{path}/corrections/{request['id']}/decision", decision, version=receipt["version"]
    )
    course = story.course.coordinator.read(
        f"/participations/{story.course.edition}/{bolek}", at_least=decided["position"]
    )
    assert course["state"] == "completed"
    assert course["progress"]["percent"] == 80


def test_nothing_personal_lies_in_clear_anywhere(story: Story) -> None:
    secrets = CANARIES | {f"PESEL of {n}": p.pesel for n, p in enumerate(story.people)}
    flush(story.course.mongodb.uri)
    assert found_in_collections(story.course.mongodb.uri, secrets) == set()
    for folder in (
        story.course.mongodb.folder,
        story.course.broker.folder,
        story.course.platform.logs,
    ):
        assert any(folder.rglob("*"))
        assert found_in_files(folder, secrets) == set()
