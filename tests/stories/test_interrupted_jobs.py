"""The follower is killed in the middle of an import of marks, and of a bulk issue: what it had done
is done, the rest is done when it is back, and nothing is done twice.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.stories.course import LENGTH, Course, course, group
from tests.stories.playground import eventually

PEOPLE, SESSIONS = 14, 30
MARKED = "training.AttendanceList.Marked"
ISSUED = "training.Certificate.Issued"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    with course(tmp_path_factory.mktemp("jobs"), SESSIONS) as made:
        made.begin(group(PEOPLE))
        yield made


def test_an_import_of_marks_is_finished_after_a_crash(held: Course) -> None:
    started = held.coordinator.upload("/attendance/imports", _marks(held))
    _crash_between(held, MARKED, PEOPLE * SESSIONS)
    job = held.coordinator.finished(f"/attendance/imports/{started['id']}")
    assert (job["state"], job["rejected"]) == ("done", 0)
    assert job["recorded"] + job["unchanged"] == PEOPLE * SESSIONS
    assert _count(held, MARKED) == PEOPLE * SESSIONS
    for session in held.sessions:
        sheet = held.coordinator.read(f"/sessions/{session}")
        assert sheet["version"] == 1 + PEOPLE
        assert {mark["minutes"] for mark in sheet["marks"]} == {LENGTH}
    eventually(lambda: held.enrolled() == PEOPLE or None)
    for participant in held.participants:
        [episode] = held.coordinator.read(f"/participants/{participant}")["episodes"]
        assert episode["started_on"] == held.days[0].isoformat()
    assert held.coordinator.read("/corrections")["items"] == []


def test_a_bulk_issue_is_finished_after_a_crash(held: Course) -> None:
    for session in held.sessions:
        held.settle(session, 1 + PEOPLE)
    for participant in held.participants:
        held.confirm(participant)
    held.close()
    path = held.order_certificates()
    _crash_between(held, ISSUED, PEOPLE)
    job = held.coordinator.finished(path)
    assert (job["state"], job["refused"]) == ("done", [])
    assert {each["participant_id"] for each in job["issued"]} == {*held.participants}
    assert _count(held, ISSUED) == PEOPLE
    ordinals = [int(each["number"].rpartition("/")[2]) for each in job["issued"]]
    assert sorted(ordinals) == list(range(1, PEOPLE + 1))


def _marks(held: Course) -> bytes:
    """A file in which everybody was there all the time."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Zajęcia", "Uczestnik", "Minuty"))
    for session in held.sessions:
        writer.writerows((session, participant, LENGTH) for participant in held.participants)
    return text.getvalue().encode()


def _crash_between(held: Course, topic: str, all_of_them: int) -> None:
    """Kill the follower once some of the events are recorded and others are not; start it anew."""
    eventually(lambda: _count(held, topic) or None)
    held.platform.kill("follow")
    assert 0 < _count(held, topic) < all_of_them
    held.platform.launch("follow")
    held.platform.await_ready("follow")


def _count(held: Course, topic: str) -> int:
    """Events of a kind in training's ledger."""
    with MongoClient[dict[str, Any]](held.mongodb.uri) as client:
        commits = client["training_ledger"]["commits"]
        return sum(
            event["t"] == topic
            for commit in commits.find({"e.t": topic}, {"e.t": 1})
            for event in commit["e"]
        )
