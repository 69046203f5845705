"""Two states of one record, or two records, side by side."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.registry.queries.participants import Document, Private
from shared.contracts.registry import views
from shared.kernel.personal import Absent, DataClass


def differing(first: views.Participant, second: views.Participant) -> tuple[str, ...]:
    """JSON pointers of the personal fields in which two records differ, as far as both are seen."""
    parts = {name.value for name in DataClass}
    left = dict(_leaves(first.model_dump(include=parts, mode="json")))
    right = dict(_leaves(second.model_dump(include=parts, mode="json")))
    return tuple(
        pointer
        for pointer in sorted(left.keys() | right.keys())
        if left.get(pointer) != right.get(pointer)
    )


def _leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _leaves(part, f"{pointer}/{name}")
    else:
        yield pointer, value


def correction_view(document: Document, private: Private) -> views.Correction:
    """A correction with what was and what shall be, as far as the caller may see it."""
    seen = {name: values for name, values in private.items() if not isinstance(values, Absent)}
    special = seen.get(DataClass.SPECIAL, {})
    return views.Correction(
        id=UUID(document["_id"]),
        **{name: document[name] for name in _CLEAR},
        before=_side(seen, "before"),
        after=_side(seen, "after"),
        steps=tuple(_step(step, seen, index) for index, step in enumerate(document["steps"])),
        reason=special.get("reason"),
    )


_CLEAR = (
    "participant_id",
    "participant_version",
    "requested_on",
    "requested_by",
    "fields",
    "source_document",
    "state",
    "decided_on",
    "decided_by",
)


def _side(seen: Mapping[DataClass, dict[str, Any]], side: str) -> dict[str, Any] | None:
    values = {name.value: parts[side] for name, parts in seen.items() if side in parts}
    return values or None


def _step(
    clear: Document, seen: Mapping[DataClass, dict[str, Any]], index: int
) -> views.StepChange:
    personal = [parts["steps"][index] for parts in seen.values() if "steps" in parts]
    sides = {
        side: ChainMap(clear[side], *(each[side] for each in personal))
        for side in ("before", "after")
    }
    return views.StepChange.model_validate(
        {"version": clear["version"], "step": clear["step"]}
        | {side: dict(facts) for side, facts in sides.items()}
    )
