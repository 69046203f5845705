"""Sealing, opening, and the ways in which a box does not open."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pymongo
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from shared.eventstore.vault import (
    BoxDamaged,
    KeyMissing,
    KeyStore,
    KeyUnusable,
    MasterKey,
    MasterKeys,
    SubjectErased,
    Unsealed,
    Vault,
    VaultUnavailable,
)
from shared.eventstore.vault.keys import BLOCK, KeyName, SubjectKey
from shared.kernel.personal import ERASED, DataClass, SealedBox

PERSON = UUID("00000000-0000-4000-8000-000000000001")
PLACE = "registry/00000000-0000-4000-8000-000000000001/1"
VALUES = {"family_name": "Łoś", "pesel": "44051401359", "children": [1, 2], "none": None}
IDENTITY = DataClass.IDENTITY

json_values = st.dictionaries(
    st.text("abcdefgh_ąż", min_size=1),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
        max_leaves=6,
    ),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(values=json_values, data_class=st.sampled_from(DataClass), subject=st.uuids())
def test_what_is_sealed_opens(
    vault: Vault, values: dict[str, Any], data_class: DataClass, subject: UUID
) -> None:
    box = vault.seal(subject, data_class, PLACE, values)

    assert vault.open(SealedBox.model_validate_json(box.model_dump_json())) == values


def test_another_process_with_the_master_key_opens(
    vault: Vault, store: KeyStore, masters: MasterKeys
) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)

    assert Vault(store, masters).open(box) == VALUES


def test_there_is_one_key_per_subject_and_class(
    vault: Vault, database: Database[dict[str, Any]]
) -> None:
    places = [f"registry/{PERSON}/{version}" for version in (1, 2)]
    wanted = [Unsealed(PERSON, name, place, VALUES) for name in DataClass for place in places]

    boxes = vault.seal_many(wanted)

    assert [(box.data_class, box.bound_to) for box in boxes] == [w[1:3] for w in wanted]
    assert len({box.key_id for box in boxes}) == database["keys"].count_documents({}) == 3
    assert vault.open_many(boxes) == [VALUES] * 6


def test_keys_are_stored_wrapped(database: Database[dict[str, Any]], masters: MasterKeys) -> None:
    Vault(KeyStore(database), masters).seal(PERSON, IDENTITY, PLACE, VALUES)
    stored = database["keys"].find_one({})
    assert stored is not None

    with pytest.raises(KeyUnusable, match="master key"):
        Vault(KeyStore(database), MasterKeys(MasterKey(b"x" * 32))).seal(
            PERSON, IDENTITY, PLACE, VALUES
        )
    assert len(stored["wrapped"]) == 12 + 32 + 16  # nonce, key, tag


def test_a_key_moved_to_another_subject_does_not_unwrap(
    vault: Vault, database: Database[dict[str, Any]], masters: MasterKeys
) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    database["keys"].update_one({}, {"$set": {"subject": str(uuid4())}})
    moved = database["keys"].find_one({})
    assert moved is not None

    with pytest.raises(KeyUnusable):
        Vault(KeyStore(database), masters).open(
            box.model_copy(update={"subject": UUID(moved["subject"])})
        )


def test_the_length_does_not_tell_true_from_false(vault: Vault) -> None:
    lengths = {
        len(vault.seal(PERSON, DataClass.SPECIAL, PLACE, {"disability": value}).ciphertext)
        for value in (True, False, None, "prefers not to say")
    }

    assert lengths == {len(base64.b64encode(bytes(BLOCK + 16)))}


def flip(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[len(raw) // 2] ^= 1
    return base64.b64encode(raw).decode()


DAMAGES: dict[str, Callable[[SealedBox], dict[str, Any]]] = {
    "a bit of the ciphertext": lambda box: {"ciphertext": flip(box.ciphertext)},
    "a bit of the nonce": lambda box: {"nonce": flip(box.nonce)},
    "a bit of the commitment": lambda box: {"commitment": flip(box.commitment)},
    "an empty ciphertext": lambda _: {"ciphertext": ""},
    "an empty nonce": lambda _: {"nonce": ""},
    "no base64": lambda _: {"ciphertext": "ż"},
    "moved to another version": lambda _: {"bound_to": f"registry/{PERSON}/2"},
    "moved to another ledger": lambda _: {"bound_to": f"kasa/{PERSON}/1"},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_box_is_refused(vault: Vault, damage: str) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)

    with pytest.raises(BoxDamaged) as caught:
        vault.open(box.model_copy(update=DAMAGES[damage](box)))

    assert "44051401359" not in str(caught.value)
    assert vault.open(box) == VALUES


def test_a_box_of_one_class_does_not_open_as_another(vault: Vault) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    other = vault.seal(PERSON, DataClass.SPECIAL, PLACE, VALUES)

    with pytest.raises(KeyMissing):
        vault.open(box.model_copy(update={"data_class": DataClass.SPECIAL}))
    with pytest.raises(BoxDamaged):
        vault.open(box.model_copy(update={"data_class": DataClass.SPECIAL, "key_id": other.key_id}))


def test_the_commitment_is_checked_before_the_ciphertext(vault: Vault) -> None:
    """A ciphertext can be built that two keys of AES-GCM accept; two commitments cannot agree."""
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    key = SubjectKey(box.key_id, b"k" * 32)
    valid_under_key = key.seal(KeyName(PERSON, IDENTITY), PLACE, VALUES)

    with pytest.raises(BoxDamaged, match="another key"):
        key.open(valid_under_key.model_copy(update={"commitment": box.commitment}))
    assert key.open(valid_under_key) == VALUES


def test_a_key_that_is_simply_gone_is_not_an_erasure(
    vault: Vault, store: KeyStore, masters: MasterKeys, database: Database[dict[str, Any]]
) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    database["keys"].delete_many({})

    with pytest.raises(KeyMissing, match="neither its key nor a tombstone"):
        Vault(store, masters).open(box)


def test_only_exact_json_is_sealed(vault: Vault) -> None:
    with pytest.raises(TypeError, match=r"^/points/1: JSON without fractions expected, got float$"):
        vault.seal(PERSON, IDENTITY, PLACE, {"points": [1, 1.5]})


def test_an_erased_subject_reads_as_erased_and_is_not_sealed_for(
    vault: Vault, store: KeyStore, masters: MasterKeys, database: Database[dict[str, Any]]
) -> None:
    elsewhere = Vault(store, masters)
    identity = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    special = vault.seal(PERSON, DataClass.SPECIAL, PLACE, VALUES)
    neighbour = vault.seal(uuid4(), IDENTITY, PLACE, VALUES)
    assert elsewhere.seal(PERSON, IDENTITY, PLACE, VALUES).key_id == identity.key_id

    vault.erase(PERSON, [IDENTITY], basis="retention_ended", approved_by="second")

    for reader in (vault, Vault(store, masters)):
        assert reader.open_many([identity, special, neighbour]) == [ERASED, VALUES, VALUES]
    for writer in (vault, elsewhere, Vault(store, masters)):  # also one that still has the key
        with pytest.raises(SubjectErased, match="identity"):
            writer.seal(PERSON, IDENTITY, PLACE, VALUES)
        with pytest.raises(SubjectErased):
            writer.seal_many(
                [Unsealed(uuid4(), IDENTITY, PLACE, {}), Unsealed(PERSON, IDENTITY, PLACE, {})]
            )
    assert not database["keys"].count_documents({"subject": str(PERSON), "class": "identity"})
    tombstone = database["tombstones"].find_one({"_id": f"{PERSON}/identity"}, {"at": 0})
    assert tombstone == {
        "_id": f"{PERSON}/identity",
        "subject": str(PERSON),
        "class": "identity",
        "basis": "retention_ended",
        "approved_by": "second",
    }


def test_a_subject_without_keys_can_be_erased_beforehand(vault: Vault) -> None:
    vault.erase(PERSON, list(DataClass), basis="objection", approved_by="second")

    with pytest.raises(SubjectErased):
        vault.seal(PERSON, IDENTITY, PLACE, VALUES)


def test_a_key_restored_from_a_backup_serves_nobody(
    vault: Vault, store: KeyStore, masters: MasterKeys, database: Database[dict[str, Any]]
) -> None:
    box = vault.seal(PERSON, IDENTITY, PLACE, VALUES)
    backup = list(database["keys"].find({}))
    vault.erase(PERSON, [IDENTITY], basis="retention_ended", approved_by="second")
    database["keys"].insert_many(backup)

    restored = Vault(store, masters)
    assert restored.open(box) is ERASED
    with pytest.raises(SubjectErased):
        restored.seal(PERSON, IDENTITY, PLACE, VALUES)
    restored.erase(PERSON, [IDENTITY], basis="retention_ended", approved_by="second")
    assert database["keys"].count_documents({}) == 0


def test_the_vault_is_given_up_after_a_limit(masters: MasterKeys) -> None:
    with pymongo.MongoClient[dict[str, Any]](
        "127.0.0.1", 1, serverSelectionTimeoutMS=30_000
    ) as nowhere:
        vault = Vault(KeyStore(nowhere["vault"], time_limit=0.2), masters)

        with pytest.raises(VaultUnavailable, match=r"look up keys within 0\.2 s"):
            vault.seal(PERSON, IDENTITY, PLACE, VALUES)


def test_rewrapping_under_a_new_master_key(vault: Vault, store: KeyStore) -> None:
    boxes = [vault.seal(uuid4(), IDENTITY, PLACE, VALUES) for _ in range(3)]
    old, new = MasterKey(b"m" * 32), MasterKey(b"n" * 32)
    with pytest.raises(KeyUnusable):
        Vault(store, MasterKeys(new)).open_many(boxes)

    rotating = Vault(store, MasterKeys(new, old))
    assert rotating.open_many(boxes) == [VALUES] * 3
    assert (rotating.rewrap(), rotating.rewrap()) == (3, 0)

    assert Vault(store, MasterKeys(new)).open_many(boxes) == [VALUES] * 3
    with pytest.raises(KeyUnusable):
        Vault(store, MasterKeys(old)).open_many(boxes)


@pytest.mark.parametrize("text", ["", "short", "ż", base64.b64encode(b"1" * 31).decode()])
def test_a_master_key_is_32_bytes_of_base64(text: str) -> None:
    with pytest.raises(ValueError, match="base64 of 32 random bytes") as caught:
        MasterKey.from_base64(text)

    assert text == "" or text not in str(caught.value)
