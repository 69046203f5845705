"""Erasing against everything that can happen in between."""

import threading
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from pymongo.database import Database

from shared.eventstore.vault import (
    ErasureIncomplete,
    KeyStore,
    MasterKeys,
    SubjectErased,
    Vault,
)
from shared.kernel.personal import ERASED, DataClass, SealedBox
from tests.eventstore.vault.interruptions import Clock, FailingStore, Interrupted

PERSON = UUID("00000000-0000-4000-8000-000000000001")
PLACE = f"registry/{PERSON}/1"
IDENTITY = DataClass.IDENTITY


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("step", ["entomb", "destroy"])
def test_an_erasure_stopped_anywhere_is_an_error_and_can_be_finished(
    database: Database[dict[str, Any]], masters: MasterKeys, step: str, *, done: bool
) -> None:
    def open_elsewhere() -> object:
        return Vault(KeyStore(database), masters).open(box)

    breaking = Vault(FailingStore(database, step, done=done), masters)
    box = breaking.seal(PERSON, IDENTITY, PLACE, {"name": "Jan"})

    with pytest.raises(ErasureIncomplete, match="stopped at"):
        breaking.erase(PERSON, [IDENTITY], basis="x", approved_by="y")

    fenced = step == "destroy" or done
    assert open_elsewhere() == (ERASED if fenced else {"name": "Jan"})
    for vault in (breaking, Vault(KeyStore(database), masters)):
        if fenced:
            with pytest.raises(SubjectErased):
                Vault(KeyStore(database), masters).seal(PERSON, IDENTITY, PLACE, {})
            assert vault.open(box) is ERASED

    repairing = Vault(KeyStore(database), masters)
    repairing.erase(PERSON, [IDENTITY], basis="x", approved_by="y")
    repairing.erase(PERSON, [IDENTITY], basis="again", approved_by="z")

    assert open_elsewhere() is ERASED
    assert database["keys"].count_documents({}) == 0
    assert [t["basis"] for t in database["tombstones"].find()] == ["x"]


@pytest.mark.parametrize("moment", ["before_add", "after_add", "after_keys"])
def test_an_erasure_during_the_creation_of_a_key_wins(
    database: Database[dict[str, Any]], masters: MasterKeys, moment: str
) -> None:
    store = Interrupted(database)
    eraser = Vault(KeyStore(database), masters)
    setattr(store, moment, lambda: eraser.erase(PERSON, [IDENTITY], basis="x", approved_by="y"))

    with pytest.raises(SubjectErased):
        Vault(store, masters).seal(PERSON, IDENTITY, PLACE, {})

    assert database["keys"].count_documents({}) == 0


def test_no_key_is_created_behind_a_tombstone(
    database: Database[dict[str, Any]], masters: MasterKeys
) -> None:
    store, created = Interrupted(database), list[None]()
    store.before_add = lambda: created.append(None)
    vault = Vault(store, masters)
    vault.erase(PERSON, [IDENTITY], basis="x", approved_by="y")

    for sealing in (vault, Vault(store, masters)):
        with pytest.raises(SubjectErased):
            sealing.seal(PERSON, IDENTITY, PLACE, {})

    assert created == []


def test_of_two_creators_both_use_the_key_of_the_first(
    database: Database[dict[str, Any]], masters: MasterKeys
) -> None:
    store, other = Interrupted(database), Vault(KeyStore(database), masters)
    store.before_add = lambda: boxes.append(other.seal(PERSON, IDENTITY, PLACE, {"a": 1}))
    boxes: list[SealedBox] = []

    boxes.append(Vault(store, masters).seal(PERSON, IDENTITY, PLACE, {"a": 1}))

    assert boxes[0].key_id == boxes[1].key_id
    assert other.open_many(boxes) == [{"a": 1}] * 2


@pytest.mark.parametrize("moment", ["after_keys", "after_erased"])
def test_a_read_in_flight_does_not_cache_an_erased_key_again(
    database: Database[dict[str, Any]], masters: MasterKeys, moment: str
) -> None:
    box = Vault(KeyStore(database), masters).seal(PERSON, IDENTITY, PLACE, {"a": 1})
    store = Interrupted(database)
    vault = Vault(store, masters)

    def erase_meanwhile() -> None:
        setattr(store, moment, None)
        vault.erase(PERSON, [IDENTITY], basis="x", approved_by="y")

    setattr(store, moment, erase_meanwhile)
    # Only who had asked before there was a tombstone may still be answered.
    assert vault.open(box) == (ERASED if moment == "after_keys" else {"a": 1})

    assert vault.open(box) is ERASED


def test_no_key_survives_a_race_of_sealing_and_erasing(
    database: Database[dict[str, Any]], masters: MasterKeys
) -> None:
    """Eight writers seal for forty subjects while each subject is erased."""
    subjects = [uuid4() for _ in range(40)]
    sealed: list[SealedBox] = []
    erased = threading.Event()

    def write() -> None:
        vault = Vault(KeyStore(database), masters)
        while not erased.is_set():
            for subject in subjects:
                try:
                    sealed.append(vault.seal(subject, IDENTITY, PLACE, {"a": 1}))
                except SubjectErased:
                    continue

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    try:
        vault = Vault(KeyStore(database), masters)
        while not sealed:
            time.sleep(0.01)
        for subject in subjects:
            vault.erase(subject, [IDENTITY], basis="x", approved_by="y")
    finally:
        erased.set()
        for writer in writers:
            writer.join()

    assert database["keys"].count_documents({}) == 0
    assert sealed
    assert set(Vault(KeyStore(database), masters).open_many(sealed)) == {ERASED}


def test_another_process_forgets_within_its_time_to_live(
    database: Database[dict[str, Any]], masters: MasterKeys
) -> None:
    clock = Clock()
    store = Interrupted(database)
    reader = Vault(store, masters, ttl=60, clock=clock)
    eraser = Vault(KeyStore(database), masters)
    box = eraser.seal(PERSON, IDENTITY, PLACE, {"a": 1})

    def take_long() -> None:
        clock.seconds += 20

    store.after_keys = take_long
    assert reader.open(box) == {"a": 1}  # asked at 0 s, answered at 20 s
    store.after_keys = None
    eraser.erase(PERSON, [IDENTITY], basis="x", approved_by="y")

    clock.seconds = 59.9
    assert reader.open(box) == {"a": 1}
    clock.seconds = 60
    assert reader.open(box) is ERASED


def test_the_cache_is_bounded(database: Database[dict[str, Any]], masters: MasterKeys) -> None:
    vault = Vault(KeyStore(database), masters, cached_keys=2)
    boxes = [vault.seal(uuid4(), IDENTITY, PLACE, {"n": n}) for n in range(4)]
    database["keys"].delete_many({})  # what still opens is in the cache

    opened = []
    for box in boxes:
        try:
            opened.append(vault.open(box))
        except Exception:
            opened.append(ERASED)
    assert opened == [ERASED, ERASED, {"n": 2}, {"n": 3}]


@pytest.mark.parametrize("ttl", [-1, 61])
def test_keys_are_never_cached_longer_than_a_minute(
    store: KeyStore, masters: MasterKeys, ttl: float
) -> None:
    with pytest.raises(ValueError, match="cached for 0 to 60"):
        Vault(store, masters, ttl=ttl)
