"""XML read in pieces with bounded memory."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.parsers.expat import ParserCreate, XMLParserType

from shared.runtime.tables.cells import MAX_CELL
from shared.runtime.tables.errors import refused

CHUNK = 1 << 16
TOKEN_LIMIT = 1 << 20
"""Bytes of one tag with its attributes; expat holds a tag whole before it hands it over."""

Attributes = Mapping[str, str]


class Texts:
    """Character data of one cell, collected while `open` and not `muted`.

    Kept is one character more than the limit at most, an ellipsis if there was more.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.open = False
        self.muted = False

    def add(self, piece: str) -> None:
        if not self.open or self.muted or self._length > MAX_CELL:
            return
        kept = piece if self._pieces else piece.lstrip()
        if kept:
            self._pieces.append(kept)
            self._length += len(kept)

    def value(self) -> str:
        text = "".join(self._pieces)
        return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"

    def clear(self) -> None:
        self._pieces.clear()
        self._length = 0


def start_parser(
    start: Callable[[str, Attributes], None], end: Callable[[str], None], texts: Texts
) -> XMLParserType:
    """An expat parser that calls `start` and `end` with local names, whatever the namespace.

    The transitional and the strict form of the format differ in namespaces only.
    """
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    local: dict[str, str] = {}

    def name_of(name: str) -> str:
        return local.get(name) or local.setdefault(name, name.rpartition(" ")[2])

    def refuse_doctype(*_: object) -> None:
        raise refused("unreadable")

    parser.StartElementHandler = lambda name, attributes: start(name_of(name), attributes)
    parser.EndElementHandler = lambda name: end(name_of(name))
    parser.CharacterDataHandler = texts.add
    parser.StartDoctypeDeclHandler = refuse_doctype
    return parser


def pieces(part: IO[bytes], parser: XMLParserType) -> Iterator[int]:
    """Feed a part to its parser piece by piece; yields the bytes fed so far after each."""
    fed = 0
    while chunk := part.read(CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > TOKEN_LIMIT:
            raise refused("unreadable")
        yield fed
    parser.Parse(b"", True)
    yield fed
