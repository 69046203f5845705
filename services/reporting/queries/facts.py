"""What is known, from whom, up to where; and the events about one participant or thing."""

from pymongo import ASCENDING

from services.reporting.queries.reading import Reading
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.views import facts as views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.views import Document

_NEWEST = {
    "$group": {
        "_id": "$ledger",
        "facts": {"$sum": 1},
        "through": {"$max": "$at"},
        "recorded_at": {"$max": "$recorded_at"},
    }
}


class Facts:
    def __init__(self, reading: Reading) -> None:
        self._facts = reading.views["facts"]

    def get_known_facts(self, _request: NoRequest, _act: Act) -> views.KnownFacts:
        found = self._facts.aggregate([_NEWEST, {"$sort": {"_id": ASCENDING}}])
        items = (each | {"ledger": each["_id"]} for each in found)
        names = views.KnownLedger.model_fields
        return views.KnownFacts(
            items=tuple(
                views.KnownLedger.model_validate({name: each[name] for name in names})
                for each in items
            )
        )

    def list_facts(self, request: views.ListFacts, _act: Act) -> views.FactPage:
        """Refused as `not_found` when nothing was told of it."""
        wanted = {"stream": str(request.id)}
        found = list(
            self._facts.find(wanted, {f"boxes.{each}.ciphertext": 0 for each in DataClass})
            .sort([("position", ASCENDING)])
            .skip(request.skip)
            .limit(request.limit + 1)
        )
        if not found and not request.skip:
            raise Rejected("not_found", {"id": str(request.id)})
        shown = found[: request.limit]
        return views.FactPage(
            items=tuple(map(_fact, shown)),
            next_skip=request.skip + request.limit if len(found) > request.limit else None,
        )


def _fact(document: Document) -> views.Fact:
    names = views.Fact.model_fields.keys() & document.keys()
    return views.Fact.model_validate(
        {name: document[name] for name in names}
        | {"noted_at": document["position"], "position": document["at"]}
        | {"sealed": bool(document["boxes"])}
    )
