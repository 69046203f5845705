"""Personal data marked where it is declared, so that no handler can forget it.

A field annotated `Identity[str]`, `Monitoring[date]` or `Special[bool]` is sealed under the key of
its subject and its data class before it is recorded. In memory it is the plain value, or one of two
marks that stand in its place: `ERASED` when the key was destroyed, `WITHHELD` when the reader holds
no key or may not see it. The two are told apart because only the first is final.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class DataClass(StrEnum):
    """What a field tells about a person; each class has a key of its own per subject."""

    IDENTITY = "identity"
    """Name, PESEL, address, contact: who the person is."""
    MONITORING = "monitoring"
    """Sex, birth date, education, labour status: what the indicators count."""
    SPECIAL = "special"
    """Health, disability, conviction, addiction, origin: GDPR art. 9 and 10."""


class Absent(Enum):
    """Why a personal value cannot be read."""

    ERASED = "erased"
    WITHHELD = "withheld"


ERASED: Final = Absent.ERASED
WITHHELD: Final = Absent.WITHHELD

T = TypeVar("T")
Unreadable = Literal[Absent.ERASED, Absent.WITHHELD]

Identity = Annotated[T | Unreadable, DataClass.IDENTITY]
Monitoring = Annotated[T | Unreadable, DataClass.MONITORING]
Special = Annotated[T | Unreadable, DataClass.SPECIAL]


class SealedBox(BaseModel):
    """The personal values of one subject and one data class, as recorded and as they travel.

    `bound_to` names the place the box was sealed for (`ledger/stream/version`); it is part of the
    associated data, so a box moved elsewhere does not open. `commitment` commits to the key, because
    AES-GCM alone does not; `fields` commits to each value by itself, so that one can be disclosed. Binary
    values are base64.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: UUID
    data_class: DataClass
    key_id: UUID
    commitment: str
    bound_to: str
    nonce: str
    ciphertext: str
    fields: str | None = None


@cache
def personal_fields(model: type[BaseModel]) -> Mapping[str, DataClass]:
    """The personal fields of a model by name, in order of declaration.

    Raises `TypeError` when a nested model carries marks of its own: sealing works on the fields of
    the event itself, so the mark belongs on the field that holds the nested model.
    """
    return MappingProxyType(_marked(model, frozenset()))


def _marked(model: type[BaseModel], outer: frozenset[type[BaseModel]]) -> dict[str, DataClass]:
    """`outer` are the models that hold this one: a model may hold others of its own kind."""
    found: dict[str, DataClass] = {}
    for name, field in model.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, DataClass)]
        if marks:
            found[name] = marks[0]
        elif nested := _marked_model_within(field.annotation, outer | {model}):
            raise TypeError(
                f"{model.__qualname__}.{name} holds {nested.__qualname__}, whose fields are marked "
                "personal; mark the field that holds it instead"
            )
    return found


def _marked_model_within(
    annotation: object, outer: frozenset[type[BaseModel]]
) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if annotation not in outer and _marked(annotation, outer) else None
    if get_origin(annotation) is not None:
        for argument in get_args(annotation):
            if nested := _marked_model_within(argument, outer):
                return nested
    return None
