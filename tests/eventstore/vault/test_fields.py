"""Each field of a box can be shown and proven by itself, and nothing else follows from it."""

import base64
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eventstore.canonical import canonical_json
from shared.eventstore.transparency.merkle import ProofRefused, leaf_hash, verify_inclusion
from shared.eventstore.vault.errors import BoxDamaged
from shared.eventstore.vault.fields import LEAST, FieldProof, pointers
from shared.eventstore.vault.keys import KeyName, SubjectKey, _place
from shared.kernel.personal import DataClass, SealedBox

PERSON = UUID("00000000-0000-4000-8000-000000000001")
NAME = KeyName(PERSON, DataClass.IDENTITY)
KEY, OTHER = SubjectKey(PERSON, bytes(32)), SubjectKey(PERSON, b"x" * 32)
PLACE = f"registry/{PERSON}/1"
VALUES: dict[str, Any] = {
    "identity": {"given_name": "Zofia", "pesel": "44051401359", "address": {"city": "Łódź"}},
    "sex": "female",
    "children": [1, 2],
    "a/b~c": None,
}

json_values = st.dictionaries(
    st.text("abc/~ą", max_size=4),
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text("xyż", max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3)
        ),
        max_leaves=12,
    ),
)


def require(box: SealedBox, proof: FieldProof, value: Any) -> None:
    """As a verifier does it, who has the box and not its key."""
    assert box.fields
    leaf = leaf_hash(canonical_json([proof.salt, proof.pointer, value]))
    path = [base64.b64decode(each) for each in proof.path]
    verify_inclusion(leaf, proof.index, proof.size, path, base64.b64decode(box.fields))


@settings(max_examples=60)
@given(values=json_values)
def test_every_field_of_any_box_is_proven(values: dict[str, Any]) -> None:
    box = KEY.seal(NAME, PLACE, values)
    assert KEY.open(box) == values
    for pointer, value in pointers(values):
        proof = KEY.disclose(box, pointer)
        assert proof.value == value
        require(box, proof, value)
        with pytest.raises(ProofRefused):
            require(box, proof, [value])


def test_what_is_not_in_the_box_cannot_be_shown() -> None:
    box = KEY.seal(NAME, PLACE, VALUES)
    shown = {pointer: KEY.disclose(box, pointer) for pointer, _ in pointers(VALUES)}
    assert set(shown) == {
        "/identity/given_name",
        "/identity/pesel",
        "/identity/address/city",
        "/sex",
        "/children",
        "/a~1b~0c",
    }
    for pointer in ("/identity", "/identity/street", "/", "sex", "/children/0"):
        with pytest.raises(KeyError):
            KEY.disclose(box, pointer)
    for one, other in combinations(shown.values(), 2):
        with pytest.raises(ProofRefused):
            require(box, one, other.value)


def test_what_is_not_shown_cannot_be_guessed() -> None:
    """Neither another field's value, nor how many there are, from all that a disclosure tells."""
    box = KEY.seal(NAME, PLACE, VALUES)
    proof = KEY.disclose(box, "/identity/pesel")
    told = {base64.b64decode(each) for each in proof.path}
    for value in ("female", "male", None, True):
        for salt in (proof.salt, "", base64.b64encode(bytes(32)).decode()):
            assert leaf_hash(canonical_json([salt, "/sex", value])) not in told
    assert len(base64.b64decode(proof.salt)) == 32
    sizes = {
        KEY.disclose(KEY.seal(NAME, PLACE, each), "/sex").size for each in (VALUES, {"sex": 1})
    }
    assert sizes == {LEAST}


def test_the_same_values_elsewhere_or_under_another_key_commit_to_something_else() -> None:
    boxes = (
        KEY.seal(NAME, PLACE, VALUES),
        KEY.seal(NAME, PLACE[:-1] + "2", VALUES),
        OTHER.seal(NAME, PLACE, VALUES),
    )
    assert len({box.fields for box in boxes}) == 3
    assert KEY.seal(NAME, PLACE, VALUES) == boxes[0]


def test_a_box_with_other_commitments_does_not_open() -> None:
    box = KEY.seal(NAME, PLACE, VALUES)
    elsewhere = KEY.seal(NAME, PLACE, {"sex": "male"}).fields
    for fields in (None, elsewhere):
        with pytest.raises(BoxDamaged):
            KEY.open(box.model_copy(update={"fields": fields}))


def test_a_box_that_never_committed_opens_and_proves_nothing() -> None:
    place = _place(NAME, KEY.id, PLACE)
    nonce = bytes(12)
    ciphertext = KEY._cipher.encrypt(nonce, b'{"sex":"male"}', place)
    box = KEY.seal(NAME, PLACE, {}).model_copy(
        update={
            "fields": None,
            "nonce": base64.b64encode(nonce).decode(),
            "ciphertext": base64.b64encode(ciphertext).decode(),
        }
    )
    assert KEY.open(box) == {"sex": "male"}
    with pytest.raises(BoxDamaged):
        KEY.disclose(box, "/sex")
