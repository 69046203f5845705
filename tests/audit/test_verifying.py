"""Whatever a database's administrator does to a ledger is found, with its place; and nothing else is."""

import random
from collections.abc import Callable

import pytest
from bson import Int64

from services.audit.bootstrap import Tools
from shared.contracts.audit.vocabulary import Fault
from tests.audit.conftest import WATCHED, Auditing

EVENTS = 60


def faults_of(auditing: Auditing) -> dict[tuple[str, Fault], int]:
    with Tools.of(auditing.settings, auditing.ledgers) as tools:
        faults, _ = tools.verifying(lambda _ledger, _count: None).run()
    return faults.first


@pytest.fixture
def signed(auditing: Auditing) -> Auditing:
    """Sixty events, of which the first forty, then all, were signed."""
    for count in (40, 20):
        auditing.append(count)
        auditing.rounds().round()
    return auditing


def flip(auditing: Auditing) -> None:
    auditing.commits.update_one({"_id": 23}, {"$set": {"e.0.d": '{"number":9}'}})


def flip_metadata(auditing: Auditing) -> None:
    auditing.commits.update_one({"_id": 23}, {"$set": {"meta.actor": "somebody else"}})


def drop(auditing: Auditing) -> None:
    auditing.commits.delete_one({"_id": 23})


def swap(auditing: Auditing) -> None:
    one, other = (auditing.commits.find_one_and_delete({"_id": each}) for each in (23, 31))
    auditing.commits.insert_one(one | {"_id": Int64(31), "last": Int64(31)})
    auditing.commits.insert_one(other | {"_id": Int64(23), "last": Int64(23)})


def insert(auditing: Auditing) -> None:
    """Between others, all that follow moved by one."""
    moved = list(auditing.commits.find({"_id": {"$gte": 23}}).sort("_id", -1))
    auditing.commits.delete_many({"_id": {"$gte": 23}})
    for each in moved:
        place = Int64(each["_id"] + 1)
        auditing.commits.insert_one(each | {"_id": place, "last": place})
    event = {
        "o": "11111111-1111-4111-8111-111111111111",
        "v": 1,
        "t": "trial.Thing.Done",
        "d": "{}",
    }
    auditing.commits.insert_one(
        moved[0] | {"_id": Int64(23), "last": Int64(23), "commit_id": "new", "e": [event]}
    )


def truncate(auditing: Auditing) -> None:
    auditing.commits.delete_many({"_id": {"$gte": 55}})


def fork(auditing: Auditing) -> None:
    """Another history from a position on, just as long."""
    auditing.commits.update_many({"_id": {"$gte": 23}}, {"$set": {"meta.role": "other"}})


@pytest.mark.parametrize(
    ("attack", "fault", "position"),
    [
        (flip, Fault.CHANGED, 23),
        (flip_metadata, Fault.CHANGED, 23),
        (drop, Fault.MISSING, 23),
        (swap, Fault.CHANGED, 23),
        (insert, Fault.CHANGED, 23),
        (truncate, Fault.SHORTER, 55),
        (fork, Fault.CHANGED, 23),
    ],
)
def test_an_attack_is_found_and_located(
    signed: Auditing, attack: Callable[[Auditing], None], fault: Fault, position: int
) -> None:
    assert faults_of(signed) == {}
    attack(signed)
    assert faults_of(signed)[WATCHED, fault] == position


def test_a_rewritten_tree_hides_nothing(signed: Auditing) -> None:
    """Who changes the event and its leaf still has another root than the one that was signed."""
    flip(signed)
    signed.views["tiles"].delete_many({"_id.l": WATCHED})
    assert faults_of(signed)[WATCHED, Fault.CHANGED] == 1  # no leaf to compare with any more


def test_a_restored_audit_is_held_to_the_published_file(signed: Auditing) -> None:
    flip(signed)
    signed.stored["audit_ledger"]["commits"].delete_many({})
    signed.views["tiles"].delete_many({})
    found = faults_of(signed)
    assert found[WATCHED, Fault.FORKED] == 1
    assert ("audit", Fault.SHORTER) in found


def test_damaged_tiles_are_not_taken_for_a_damaged_ledger(signed: Auditing) -> None:
    hashes = bytearray(signed.views["tiles"].find_one({"_id.l": WATCHED, "_id.t": 0})["h"])  # type: ignore[index]
    hashes[32 * 10] ^= 1
    signed.views["tiles"].update_one({"_id.l": WATCHED, "_id.t": 0}, {"$set": {"h": bytes(hashes)}})
    assert faults_of(signed) == {(WATCHED, Fault.TILES): 11}
    with Tools.of(signed.settings, signed.ledgers) as tools:
        assert tools.rebuilt(WATCHED) == EVENTS
    assert faults_of(signed) == {}


def test_a_forged_checkpoint_is_named(signed: Auditing) -> None:
    own = signed.stored["audit_ledger"]["commits"]
    document = own.find_one({"e.t": "audit.Checkpoint.Signed"}, sort=[("_id", 1)])
    assert document is not None
    told = document["e"][0]["d"]
    at = told.rindex("=") - 5
    letter = "A" if told[at] != "A" else "B"
    own.update_one(
        {"_id": document["_id"]}, {"$set": {"e.0.d": told[:at] + letter + told[at + 1 :]}}
    )
    found = faults_of(signed)
    assert found["audit", Fault.SIGNATURE] == document["_id"]
    assert found["audit", Fault.CHANGED] == document["_id"]


@pytest.mark.parametrize(
    ("cause", "sound"),
    [
        ({"ledger": WATCHED, "position": 60}, True),
        ({"ledger": WATCHED, "position": 61}, False),
        ({"ledger": WATCHED, "position": 99}, False),
        ({"ledger": "nowhere", "position": 1}, False),
    ],
)
def test_a_cause_must_exist_and_come_before(
    signed: Auditing, cause: dict[str, object], *, sound: bool
) -> None:
    signed.append(1, {"actor": "a", "role": "b", "causation": cause})
    assert faults_of(signed) == ({} if sound else {(WATCHED, Fault.CAUSE): 61})


def test_versions_of_a_stream_count_from_one(signed: Auditing) -> None:
    signed.versions[next(iter(signed.versions))] += 1
    signed.append(1)
    assert faults_of(signed) == {(WATCHED, Fault.VERSION): 61}


def test_no_single_flipped_bit_gets_through(signed: Auditing) -> None:
    lot = random.Random(7)
    for _ in range(12):
        position = lot.randint(1, EVENTS)
        document = signed.commits.find_one({"_id": position})
        text = document["e"][0]["d"]
        at = lot.randrange(len(text))
        changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        signed.commits.update_one({"_id": position}, {"$set": {"e.0.d": changed}})
        assert faults_of(signed) == {(WATCHED, Fault.CHANGED): position}
        signed.commits.replace_one({"_id": position}, document)
    assert faults_of(signed) == {}
