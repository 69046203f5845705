"""One recorded personal field, with the proof that the ledger has it and without the others.

A coordinator hands it to an auditor, who verifies it with a pack of the ledger and learns nothing else.
"""

import json
from typing import Any
from uuid import UUID

from pymongo.database import Database

from shared.contracts.registry import keeping
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.eventstore.ledger import Ledger
from shared.eventstore.mapper import SEALED
from shared.eventstore.reads import RecordRead
from shared.eventstore.vault import Vault
from shared.eventstore.vault.fields import FieldProof
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, SealedBox

LEDGER = "registry"


class DisclosureQueries:
    def __init__(
        self,
        database: Database[dict[str, Any]],
        ledger: Ledger,
        vault: Vault,
        record_read: RecordRead,
    ) -> None:
        self._participants = database["participants"]
        self._ledger = ledger
        self._vault = vault
        self._record_read = record_read

    def disclose_field(self, request: keeping.DiscloseField, act: Act) -> keeping.Disclosure:
        """Refused as `registry.field_not_recorded`, `registry.field_erased`."""
        scope = Scope.of(act.caller)
        participant = self._participants.find_one({"_id": str(request.id)}, {"partner": 1})
        if participant is None or not scope.includes(participant["partner"]):
            raise Rejected("not_found", {"id": str(request.id)})
        erased = False
        for box in self._boxes(request.id, request.position):
            if box.data_class not in scope.data_classes:
                continue
            try:
                found = self._vault.disclose(box, request.field)
            except KeyError:
                continue
            if found is ERASED:
                erased = True  # which fields it had is gone too
                continue
            self._record_read(act, [request.id], frozenset({box.data_class}))
            return _disclosure(request, box, found)
        code = "registry.field_erased" if erased else "registry.field_not_recorded"
        raise Rejected(code, {"position": request.position}, "/field")

    def _boxes(self, subject: UUID, position: int) -> list[SealedBox]:
        """Of the participant, in the event at a position."""
        for commit in self._ledger.commits(position, 1):
            for event in commit.events:
                if event.id == position:
                    boxes = json.loads(event.state).get(SEALED, ())
                    found = (SealedBox(**box) for box in boxes)
                    return [box for box in found if box.subject == subject and box.fields]
        return []


def _disclosure(
    request: keeping.DiscloseField, box: SealedBox, proof: FieldProof
) -> keeping.Disclosure:
    return keeping.Disclosure(
        ledger=LEDGER,
        position=request.position,
        subject=request.id,
        data_class=box.data_class,
        field=proof.pointer,
        value=proof.value,
        salt=proof.salt,
        index=proof.index,
        size=proof.size,
        path=proof.path,
    )
