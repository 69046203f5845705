"""One personal field shown without the others, and proven to be what was recorded."""

import json
from collections.abc import Mapping
from typing import Any

from services.audit.formats.verifier.texts import Refused, from_base64, parse_json, told
from services.audit.formats.verifier.trees import included, leaf_hash


class Disclosure:
    """What somebody with the key says of one field; the event it stands in is looked for in a pack."""

    def __init__(self, document: bytes) -> None:
        self.shown = parse_json(document)
        self.ledger = told(self.shown, "ledger", str)
        self.position = told(self.shown, "position", int)
        self._payload: bytes | None = None

    def observe(self, ledger: str, position: int, payload: bytes) -> None:
        if (ledger, position) == (self.ledger, self.position):
            self._payload = payload

    def verified(self) -> dict[str, Any]:
        """The field, of an event that was observed and found to be what was signed.

        The event's box commits to the field by the root of a tree over salted values, of which only this
        one's salt is told. Raises `Refused`.
        """
        if self._payload is None:
            raise Refused("disclosure of an event that is not in the pack")
        salt, leaf = from_base64(told(self.shown, "salt", str)), self._leaf()
        if len(salt) < 16:
            raise Refused("disclosure with a salt that is too short")
        path = [from_base64(str(each)) for each in told(self.shown, "path", list)]
        index, size = told(self.shown, "index", int), told(self.shown, "size", int)
        for box in told(parse_json(self._payload), "sealed", list):
            if not self._is_of(box):
                continue
            root = from_base64(told(box, "fields", str))
            if included(leaf_hash(leaf), index, size, path, root):
                names = ("subject", "data_class", "field", "value")
                return {name: self.shown[name] for name in names}
        raise Refused("disclosure of what was not recorded")

    def _leaf(self) -> bytes:
        if "value" not in self.shown:
            raise Refused("value is missing")
        stated = [
            told(self.shown, "salt", str),
            told(self.shown, "field", str),
            self.shown["value"],
        ]
        try:
            return json.dumps(
                stated, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode()
        except (UnicodeEncodeError, RecursionError):
            raise Refused("not a value") from None

    def _is_of(self, box: Mapping[str, Any]) -> bool:
        names = ("subject", "data_class")
        return all(told(box, name, str) == told(self.shown, name, str) for name in names)
