"""Answers to the audit's queries: checkpoints, proofs, tiles, events as they are recorded."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pymongo import DESCENDING

from shared.contracts.audit import views
from shared.contracts.audit.vocabulary import WIDTH
from shared.contracts.operations import NoRequest
from shared.eventstore.acts import Act
from shared.eventstore.transparency import leaf
from shared.eventstore.transparency.merkle import HASH_SIZE, leaf_hash
from shared.eventstore.transparency.mongodb import MongoTiles
from shared.eventstore.transparency.note import Note, to_base64
from shared.eventstore.transparency.proof import EntryProof
from shared.eventstore.transparency.stored import StoredLedger
from shared.eventstore.transparency.tiles import HEIGHT, Tile, Tree, parse_number
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.views import Document, Views


class Queries:
    """`ledgers` are those that may be asked about; `key` gives the verifier key of a log."""

    def __init__(
        self,
        database: Views,
        ledgers: Sequence[StoredLedger],
        key: Callable[[str], str],
    ) -> None:
        self._database: Final = database
        self._checkpoints: Final = database["checkpoints"]
        self._refusals: Final = database["refusals"]
        self._ledgers: Final = {each.name: each for each in ledgers}
        self._key: Final = key

    def list_checkpoints(self, _request: NoRequest, _act: Act) -> views.CheckpointList:
        found = [each for name in sorted(self._ledgers) if (each := self._found(name, None))]
        return views.CheckpointList(
            checkpoints=tuple(map(self._view, found)),
            keys=tuple(self._key(each["ledger"]) for each in found),
        )

    def get_checkpoint(self, request: views.GetCheckpoint, _act: Act) -> views.Checkpoint:
        return self._view(self._require(request.ledger, request.size))

    def prove_inclusion(self, request: views.ProveInclusion, _act: Act) -> views.InclusionProof:
        document = self._require(request.ledger, request.size)
        size = int(document["size"])
        if request.position > size:
            raise Rejected("audit.not_signed_yet", {"size": size}, "/position")
        tree = self._tree(request.ledger, size)
        index = request.position - 1
        hashes = tree.inclusion(index)
        note = Note.parse(document["note"].encode())
        at = index % WIDTH * HASH_SIZE
        tile = self._hashes(request.ledger, Tile(0, index // WIDTH))
        return views.InclusionProof(
            ledger=request.ledger,
            position=request.position,
            size=size,
            leaf_hash=to_base64(tile[at : at + HASH_SIZE]),
            hashes=tuple(map(to_base64, hashes)),
            proof=bytes(EntryProof(index, tuple(hashes), note)).decode(),
        )

    def prove_consistency(
        self, request: views.ProveConsistency, _act: Act
    ) -> views.ConsistencyProof:
        size = int(self._require(request.ledger, None)["size"])
        if not request.first <= request.second:
            raise Rejected("audit.sizes_reversed", None, "/first")
        if request.second > size:
            raise Rejected("audit.not_signed_yet", {"size": size}, "/second")
        tree = self._tree(request.ledger, size)
        return views.ConsistencyProof(
            ledger=request.ledger,
            first=request.first,
            second=request.second,
            first_root=to_base64(self._tree(request.ledger, request.first).root()),
            second_root=to_base64(self._tree(request.ledger, request.second).root()),
            hashes=tuple(map(to_base64, tree.consistency(request.first, request.second))),
        )

    def get_tile(self, request: views.GetTile, _act: Act) -> views.TileHashes:
        """Only what belongs to the signed tree: what the stored tile has more may still change."""
        size = int(self._require(request.ledger, None)["size"])
        subtrees = size >> HEIGHT * request.level
        parsed = parse_number(request.path)
        if parsed is None or parsed[0] * WIDTH + parsed[1] > subtrees:
            raise Rejected("not_found", {"size": size}, "/path")
        number, width = parsed
        hashes = self._hashes(request.ledger, Tile(request.level, number))
        return views.TileHashes(hashes=to_base64(hashes[: width * HASH_SIZE]))

    def list_log_entries(self, request: views.ListEntries, _act: Act) -> views.EntryList:
        ledger = self._ledger(request.ledger)
        head = ledger.head()
        entries = list(_entries(ledger, request.after, request.limit)) if head else []
        return views.EntryList(entries=tuple(fitting(entries)), head=head)

    def _ledger(self, name: str) -> StoredLedger:
        if name not in self._ledgers:
            raise Rejected("not_found", {"ledger": name}, "/ledger")
        return self._ledgers[name]

    def _found(self, ledger: str, size: int | None) -> Document | None:
        condition: dict[str, Any] = {"ledger": ledger} | ({} if size is None else {"size": size})
        return self._checkpoints.find_one(condition, sort=[("size", DESCENDING)])

    def _require(self, ledger: str, size: int | None) -> Document:
        found = self._found(self._ledger(ledger).name, size)
        if found is None:
            raise Rejected(
                "not_found", {"ledger": ledger} | ({} if size is None else {"size": size})
            )
        return found

    def _view(self, document: Document) -> views.Checkpoint:
        refused = self._refusals.find_one({"_id": document["ledger"]})
        return views.Checkpoint(
            ledger=document["ledger"],
            size=document["size"],
            version=document["version"],
            note=document["note"],
            refusal=refused
            and views.Refusal(
                fault=refused["fault"],
                position=refused["position"],
                recorded_at=refused["recorded_at"],
            ),
        )

    def _tree(self, ledger: str, size: int) -> Tree:
        return Tree(MongoTiles(self._database, ledger), size)

    def _hashes(self, ledger: str, tile: Tile) -> bytes:
        return MongoTiles(self._database, ledger).read([tile]).get(tile, b"")


def _entries(ledger: StoredLedger, after: int, limit: int) -> Iterator[views.Entry]:
    """What stands there, whether or not it is what was signed."""
    inside = ledger.at(after + 1)
    for stored in ledger.stored(inside.first if inside else after + 1):
        if stored.commit is None:
            continue
        told = leaf.entries(ledger.name, stored.commit)
        for event, entry in zip(stored.commit.events, told, strict=True):
            if event.id <= after:
                continue
            if limit == 0:
                return
            limit -= 1
            yield views.Entry(
                position=event.id,
                leaf=entry.decode(),
                leaf_hash=to_base64(leaf_hash(entry)),
                payload=_payload(event.state),
            )


def _payload(state: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(state)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
