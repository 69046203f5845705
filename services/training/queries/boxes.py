"""Opening what was sealed, for those who may see it, and recording that it was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.training.queries.reading import Reading
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.personal import Absent, DataClass, SealedBox
from shared.runtime.views import Document


@dataclass(frozen=True)
class Opened:
    """What boxes held, by the place they were sealed for."""

    values: Mapping[str, Mapping[str, Any]]

    def of(self, document: Document) -> Mapping[str, Any]:
        """Nothing where there is no box, or where it was withheld or erased."""
        box = document["box"]
        return {} if box is None else self.values.get(box["bound_to"], {})


def opened(
    reading: Reading, documents: Sequence[Document], data_class: DataClass, act: Act
) -> Opened:
    """The `box` of each document, with one look-up of keys; every read of them is recorded."""
    if data_class not in Scope.of(act.caller).data_classes:
        return Opened({})
    boxes = [SealedBox.model_validate(each["box"]) for each in documents if each["box"]]
    found = {
        box.bound_to: values
        for box, values in zip(boxes, reading.vault.open_many(boxes), strict=True)
        if not isinstance(values, Absent)
    }
    subjects: set[UUID] = {box.subject for box in boxes if box.bound_to in found}
    if subjects:
        reading.record_read(act, subjects, frozenset({data_class}))
    return Opened(found)
