"""From admission to the verified certificate, through the gateway, with the real broker and the real
processes: some of them die on the way, and every event is delivered twice.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient
from pypdf import PdfReader

from demo.people import Person, people
from demo.player import NOT_HEARD_YET
from demo.records import registration
from shared.contracts.access import Role
from shared.kernel.days import POLAND
from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from tests.stories.playground import SERVICES, Playground, Refused, User, eventually
from tests.stories.traces import flush, found_in_collections, found_in_files

PARTNER = "mops-kamienna"
TODAY = datetime.now(POLAND).date()
DAYS = [TODAY - timedelta(back) for back in (12, 11, 10, 9, 8)]
SESSIONS = [str(uuid4()) for _ in DAYS]
LENGTH = 90
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
    """The platform, its users, and what the story has come to."""

    platform: Playground
    mongodb: MongoServer
    broker: BrokerServer
    coordinator: User
    other_coordinator: User
    caseworker: User
    trainer: User
    people: list[Person]
    ids: list[str]
    edition: str = ""
    certificate: str = ""

    def version(self) -> int:
        return int(self.coordinator.read(f"/editions/{self.edition}")["version"])

    def heads(self) -> dict[str, int]:
        """How many commits each ledger has."""
        with MongoClient[dict[str, Any]](self.mongodb.uri) as client:
            return {
                name: client[f"{name}_ledger"]["commits"].count_documents({}) for name in SERVICES
            }

    def enrolled(self) -> int:
        """The participants whose support the registry counts as started."""
        tallies = self.coordinator.read("/dashboard")["tallies"]
        return sum(tally["enrolled"] for tally in tallies)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Played to the issue of the certificate."""
    folder = tmp_path_factory.mktemp("story")
    mongodb = MongoServer(folder / "mongodb", find_mongod())
    broker = BrokerServer(folder / "rabbitmq", find_rabbitmq())
    mongodb.launch()
    broker.launch()
    platform = None
    try:
        mongodb.wait_ready()
        broker.wait_ready()
        platform = Playground(folder, mongodb, broker)
        platform.start()
        yield _played(platform, mongodb, broker)
    finally:
        if platform is not None:
            platform.end()
        broker.kill()
        mongodb.kill()


def _played(platform: Playground, mongodb: MongoServer, broker: BrokerServer) -> Story:
    anna, bolek = [p for p in people() if p.kind == "dependent" and p.pesel][:2]
    names = CANARIES["given name"], CANARIES["family name"]
    anna = replace(anna, given_name=names[0], family_name=names[1], partner=PARTNER)
    story = Story(
        platform,
        mongodb,
        broker,
        platform.user(Role.COORDINATOR, "lead"),
        platform.user(Role.COORDINATOR, "second"),
        platform.user(Role.CASEWORKER, PARTNER),
        platform.user(Role.TRAINER, PARTNER),
        [anna, replace(bolek, partner=PARTNER)],
        [],
    )
    story.ids = [_admitted(story, person) for person in story.people]
    _open_edition(story)
    for participant in story.ids:
        eventually(partial(_enrolled, story, participant))
    _attend(story)
    _conclude(story)
    return story


def _admitted(story: Story, person: Person) -> str:
    """Registered, with consents and points, and admitted by the coordinator."""
    applied, scored, decided = (TODAY - timedelta(back) for back in (60, 55, 50))
    person = replace(person, applied_on=applied, unemployed_since=None)
    receipt = story.caseworker.give("/participants", registration_json(person))
    path, version = f"/participants/{receipt['id']}", receipt["version"]
    consent = {"text_version": "1", "given_on": applied.isoformat()}
    points = {
        "distance_from_labour_market": 30,
        "multiple_disadvantage": 14,
        "motivation": 20,
        "availability": 15,
    }
    decision = {
        "decided_on": decided.isoformat(),
        "decision": "admit",
        "justification": "Enough points",
    }
    steps: list[tuple[User, str, dict[str, Any]]] = [
        (story.caseworker, "/consents", {"purpose": "participation", **consent}),
        (story.caseworker, "/consents", {"purpose": "sensitive_data", **consent}),
        (story.caseworker, "/score", {"scored_on": scored.isoformat(), "points": points}),
        (story.coordinator, "/decision", decision),
    ]
    for user, end, body in steps:
        version = user.give(path + end, body, version=version)["version"]
    return str(receipt["id"])


def registration_json(person: Person) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return value.isoformat() if isinstance(value, date) else value

    return dict(plain(registration(person)))


def _open_edition(story: Story) -> None:
    """A competence of five sessions; eighty per cent are four of them."""
    early = (TODAY - timedelta(100)).isoformat()
    content = {
        "code": "KUCH",
        "title_pl": "Kucharz żywienia zbiorowego",
        "title_en": "Canteen cook",
        "result": "competence",
        "hour": "didactic",
        "outcomes": [{"code": "E1", "text": "Gotuje żurek"}],
        "topics": [{"code": "T1", "title": "Zupy", "planned_minutes": LENGTH * len(DAYS)}],
        "scope_on": early,
        "standard_on": early,
    }
    give = story.coordinator.give
    programme = give("/programmes", {"content": content, "approved_on": early})
    opened = (TODAY - timedelta(45)).isoformat()
    edition = give(
        "/editions",
        {
            "programme_id": programme["id"],
            "code": "KUCH/1",
            "partner": PARTNER,
            "place": "Skarżysko-Kamienna",
            "opened_on": opened,
        },
    )
    story.edition = edition["id"]
    contract = {
        "trainer": f"trainer@{PARTNER}",
        "contract": "UM/1",
        "first_day": DAYS[0].isoformat(),
        "last_day": DAYS[-1].isoformat(),
        "agreed_minutes": LENGTH * len(DAYS),
    }
    signed = give(
        f"/editions/{story.edition}/contracts",
        {"contract": contract, "signed_on": opened},
        version=edition["version"],
    )
    sessions = [
        {
            "id": session,
            "topic": "T1",
            "day": day.isoformat(),
            "starts": "09:00",
            "ends": "10:30",
            "room": "7",
            "trainer": f"trainer@{PARTNER}",
        }
        for session, day in zip(SESSIONS, DAYS, strict=True)
    ]
    give(
        f"/editions/{story.edition}/timetable",
        {"sessions": sessions, "decided_on": opened},
        version=signed["version"],
        method="PUT",
    )


def _enrolled(story: Story, participant: str) -> dict[str, Any] | None:
    """None while training has not heard of the admission."""
    body = {
        "participant_id": participant,
        "enrolled_on": (TODAY - timedelta(44)).isoformat(),
    }
    try:
        return story.caseworker.give(f"/editions/{story.edition}/enrolments", body)
    except Refused as refused:
        if refused.code in NOT_HEARD_YET:
            return None
        raise


def _attend(story: Story) -> None:
    """Anna misses one session, Bolek two; the broker dies after the first marks."""
    assert story.enrolled() == 0
    anna, bolek = story.ids
    for number, session in enumerate(SESSIONS):
        marks = [_mark(anna, absent=number == 1), _mark(bolek, absent=number in {1, 2})]
        receipt = story.trainer.give(
            f"/sessions/{session}/attendance", {"marks": marks}, version=1, key=f"mark/{number}"
        )
        if number == 0:
            story.broker.kill()
            story.broker.start()
            eventually(partial(_repeated, story, session, marks))
        story.trainer.give(
            f"/sessions/{session}/settlement",
            {"confirmed_on": DAYS[-1].isoformat()},
            version=receipt["version"],
        )
    eventually(lambda: story.enrolled() == 2 or None)


def _repeated(story: Story, session: str, marks: list[dict[str, Any]]) -> bool | None:
    """The first marks once more, under their key, as soon as the platform answers again."""
    with suppress(Refused, httpx.TransportError):
        again = story.trainer.give(
            f"/sessions/{session}/attendance", {"marks": marks}, version=1, key="mark/0"
        )
        assert again["repeated"]
        return True
    return None


def _mark(participant: str, *, absent: bool) -> dict[str, Any]:
    if absent:
        note = CANARIES["absence note"]
        return {"participant_id": participant, "minutes": 0, "absence": "care", "note": note}
    return {"participant_id": participant, "minutes": LENGTH}


def _conclude(story: Story) -> None:
    anna, _ = story.ids
    version = 0
    for stage in ("assessment", "comparison"):
        body = {
            "stage": stage,
            "reached_on": DAYS[-1].isoformat(),
            "achieved": ["E1"],
            "source_document": "PROT/1",
        }
        path = f"/participations/{story.edition}/{anna}/stages"
        version = story.coordinator.give(path, body, version=version)["version"]
    closing = {"closed_on": DAYS[-1].isoformat()}
    story.coordinator.give(f"/editions/{story.edition}/closing", closing, version=story.version())
    job = _issue(story)
    [issued] = job["issued"]
    assert issued["participant_id"] == anna
    story.certificate = issued["certificate_id"]


def _issue(story: Story) -> dict[str, Any]:
    """The same request whenever it is made."""
    body = {"issued_on": TODAY.isoformat()}
    path = f"/editions/{story.edition}/certificates"
    started = story.coordinator.give(path, body, key="issue")
    return story.coordinator.finished(f"/certificates/issues/{started['id']}")


def test_the_registry_counts_support_from_the_first_attended_minute(story: Story) -> None:
    for participant in story.ids:
        record = story.coordinator.read(f"/participants/{participant}")
        assert record["status"] == "enrolled"
        assert [each["started_on"] for each in record["episodes"]] == [DAYS[0].isoformat()]


def test_below_the_minimum_there_is_no_certificate_and_the_rule_is_named(story: Story) -> None:
    [refused] = _issue(story)["refused"]
    assert refused["participant_id"] == story.ids[1]
    assert refused["code"] == "training.attendance_below_minimum"
    assert refused["details"]["percent"] == 60
    assert refused["details"]["minimum_percent"] == 80
    assert refused["details"]["rule"]


def test_the_document_says_whose_it_is(story: Story) -> None:
    path = f"/certificates/{story.certificate}/document.pdf"
    document = story.coordinator.fetch(path)
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages).split()
    )
    certificate = story.coordinator.read(f"/certificates/{story.certificate}")
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
    before = story.heads(), story.enrolled()
    story.platform.kill("follow")
    with MongoClient[dict[str, Any]](story.mongodb.uri) as client:
        for name in SERVICES:
            client[f"{name}_views"]["relay"].delete_many({})
        story.platform.launch("follow")
        story.platform.await_ready("follow")
        for name in SERVICES:
            past = {"position": {"$gte": _head(client, name)}}
            eventually(partial(client[f"{name}_views"]["relay"].find_one, past))
    eventually(lambda: _waiting(story.broker) == 0 or None)
    assert (story.heads(), story.enrolled()) == before


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
    code = story.coordinator.read(f"/certificates/{story.certificate}")["verification_code"]
    address = f"/certificates/verification/{code}"
    verified = story.platform.http.get(address).raise_for_status().json()
    assert verified["valid"]
    assert verified["holder"]["family_name"] == CANARIES["family name"]
    revocation = {
        "revoked_on": TODAY.isoformat(),
        "reason": "wrong_content",
        "justification": CANARIES["justification"],
    }
    path = f"/certificates/{story.certificate}/revocation"
    with pytest.raises(Refused) as same_person:
        story.coordinator.give(path, revocation)
    assert same_person.value.code == "four_eyes"
    position = story.other_coordinator.give(path, revocation)["position"]
    told = story.platform.http.get(address, params={"at_least": position}).json()
    assert not told["valid"]
    assert told["revoked_on"] == TODAY.isoformat()
    page = story.platform.http.get(f"/verify/{code}", headers={"Accept-Language": "en"})
    assert "revoked" in page.text.lower()
    assert CANARIES["justification"] not in page.text


def test_a_correction_by_another_person_completes_the_course(story: Story) -> None:
    _, bolek = story.ids
    path = f"/sessions/{SESSIONS[2]}"
    version = story.coordinator.read(path)["version"]
    asked = {
        "participant_id": bolek,
        "minutes": LENGTH,
        "requested_on": TODAY.isoformat(),
        "reason": CANARIES["reason"],
        "source_document": "LISTA/3",
    }
    receipt = story.trainer.give(f"{path}/corrections", asked, version=version)
    listed = story.coordinator.read("/attendance/corrections", at_least=receipt["position"])
    [request] = listed["items"]
    decision = {
        "decided_on": TODAY.isoformat(),
        "approve": True,
        "justification": CANARIES["reason"],
    }
    decided = story.coordinator.give(
        f"{path}/corrections/{request['id']}/decision", decision, version=receipt["version"]
    )
    course = story.coordinator.read(
        f"/participations/{story.edition}/{bolek}", at_least=decided["position"]
    )
    assert course["state"] == "completed"
    assert course["progress"]["percent"] == 80


def test_nothing_personal_lies_in_clear_anywhere(story: Story) -> None:
    secrets = CANARIES | {f"PESEL of {n}": p.pesel for n, p in enumerate(story.people)}
    flush(story.mongodb.uri)
    assert found_in_collections(story.mongodb.uri, secrets) == set()
    for folder in (story.mongodb.folder, story.broker.folder, story.platform.logs):
        assert any(folder.rglob("*"))
        assert found_in_files(folder, secrets) == set()
