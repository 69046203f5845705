"""The tiles of logs in MongoDB.

`tiles`: `{_id: {l: ledger, t: level, n: number}, h: hashes}`; levels and numbers of C2SP tlog-tiles.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pymongo
from bson import Binary, Int64
from pymongo import ReplaceOne
from pymongo.database import Database

from shared.eventstore.transparency.tiles import Tile

TILES: Final = "tiles"
CALL_SECONDS: Final = 30.0


class MongoTiles:
    """The tiles of one log."""

    def __init__(self, database: Database[dict[str, Any]], ledger: str) -> None:
        self._tiles = database[TILES]
        self._ledger = ledger

    def read(self, tiles: Iterable[Tile]) -> Mapping[Tile, bytes]:
        wanted = [self._id(tile) for tile in tiles]
        if not wanted:
            return {}
        with pymongo.timeout(CALL_SECONDS):
            found = list(self._tiles.find({"_id": {"$in": wanted}}))
        return {Tile(each["_id"]["t"], each["_id"]["n"]): bytes(each["h"]) for each in found}

    def put(self, tiles: Mapping[Tile, bytes]) -> None:
        if not tiles:
            return
        writes = [
            ReplaceOne({"_id": self._id(tile)}, {"h": Binary(hashes)}, upsert=True)
            for tile, hashes in tiles.items()
        ]
        with pymongo.timeout(CALL_SECONDS):
            self._tiles.bulk_write(writes, ordered=False)

    def _id(self, tile: Tile) -> dict[str, Any]:
        return {"l": self._ledger, "t": tile.level, "n": Int64(tile.number)}
