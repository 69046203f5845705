"""The facts of others, one document each, so that the histories of many can be read at once.

`facts`: `{_id: publisher's ledger/position, position, stream, kept_by, kind, about, ledger, at,
event_id, recorded_at, occurred_on, data, boxes}`, where `position` and `stream` are of the own ledger
and `at` is the place in the publisher's. Boxes go on as they came,
by their class: nothing personal is in clear.
"""

from collections.abc import Sequence
from typing import Final

from pymongo import ASCENDING, IndexModel

from services.reporting.domain.noted import FactNoted
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Part, replace
from shared.runtime.views import Writer

FACTS: Final = "facts"


def part() -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        noted = [(each, each.event) for each in batch if isinstance(each.event, FactNoted)]
        replace(writer, FACTS, (_document(*each) for each in noted))

    by_stream = IndexModel([("stream", ASCENDING), ("recorded_at", ASCENDING)])
    by_place = IndexModel([("ledger", ASCENDING), ("at", ASCENDING)])
    return Part({FACTS: [by_stream, by_place]}, project)


def _document(recorded: Recorded, fact: FactNoted) -> Document:
    origin = fact.origin
    return {
        "_id": f"{origin.ledger}/{origin.position}",
        "position": recorded.position,
        "stream": str(fact.originator_id),
        "kept_by": fact.aggregate_class.__name__.lower(),
        "kind": fact.kind,
        "about": str(fact.about),
        "ledger": origin.ledger,
        "at": origin.position,
        "event_id": str(origin.event_id),
        "recorded_at": fact.recorded_at,
        "occurred_on": fact.occurred_on.isoformat(),
        "data": fact.data,
        "boxes": {
            name: box.model_dump(mode="json")
            for name, box in (("monitoring", fact.monitoring), ("special", fact.special))
            if box
        },
    }
