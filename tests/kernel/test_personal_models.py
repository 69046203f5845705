"""Which fields are personal, of models that hold models."""

from typing import Annotated

import pytest
from pydantic import BaseModel

from shared.kernel.personal import DataClass, personal_fields


class Branch(BaseModel):
    """It holds others of its own kind, like the items of a form."""

    name: str
    branches: tuple["Branch", ...] = ()


class Leaf(BaseModel):
    said: Annotated[str, DataClass.IDENTITY]


class Bush(BaseModel):
    bushes: tuple["Bush", ...] = ()
    leaves: tuple[Leaf, ...] = ()


def test_a_model_may_hold_others_of_its_kind() -> None:
    assert dict(personal_fields(Branch)) == {}


def test_a_mark_within_such_a_model_is_refused_all_the_same() -> None:
    with pytest.raises(TypeError, match="Leaf"):
        personal_fields(Bush)
