"""What a part of the read models is, and what all parts need."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pymongo import IndexModel, ReplaceOne

from shared.kernel.aggregate import Aggregate
from shared.messaging.publication import Recorded
from shared.runtime.views import Writer

Document = dict[str, Any]
AggregateT = TypeVar("AggregateT", bound=Aggregate)
Load = Callable[[UUID, int], Any]
"""An aggregate as it was at a version."""


@dataclass(frozen=True)
class Part:
    """Collections with their indexes, and what a batch of events changes in them.

    A document is rendered anew from its aggregate whenever one of its events comes, so there is one
    evolution of state, in the domain.
    """

    collections: Mapping[str, Sequence[IndexModel]]
    project: Callable[[Sequence[Recorded], Writer], None]


def latest(
    batch: Iterable[Recorded], aggregate_class: type[AggregateT], load: Load
) -> list[tuple[AggregateT, Recorded]]:
    """Each aggregate of a class that the batch touches, as of its last event there."""
    last = {
        each.event.originator_id: each
        for each in batch
        if issubclass(each.event.aggregate_class, aggregate_class)
    }
    return [(load(stream, each.event.originator_version), each) for stream, each in last.items()]


def replace(writer: Writer, collection: str, documents: Iterable[Document]) -> None:
    writes = [ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in documents]
    if writes:
        writer[collection].bulk_write(writes)
