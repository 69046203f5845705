"""Paper, typefaces and ink of printed documents.

Everything is archivable PDF/A-2u: fonts embedded, text extractable, and, for the same content, the
same bytes. Lengths are millimetres, sizes of type are points.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from itertools import groupby
from math import cos, pi, sin
from typing import Final, Literal
from xml.sax.saxutils import escape

import segno
from fpdf import FPDF
from fpdf.enums import DocumentCompliance
from fpdf.fonts import TTFFont

Ink = tuple[int, int, int]
NAVY: Final[Ink] = (27, 42, 73)
INK: Final[Ink] = (43, 48, 56)
GREY: Final[Ink] = (107, 114, 125)
BRASS: Final[Ink] = (168, 133, 78)
HAIR: Final[Ink] = (205, 209, 215)
MIST: Final[Ink] = (245, 246, 248)
RED: Final[Ink] = (166, 38, 38)
FLAG_BLUE: Final[Ink] = (0, 51, 153)
FLAG_GOLD: Final[Ink] = (255, 204, 0)

Face = Literal["serif", "serif-semibold", "serif-italic", "sans", "sans-semibold"]
Align = Literal["L", "C", "R"]
FACES: Final[Mapping[Face, tuple[str, str]]] = {
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "serif-semibold": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    "serif-italic": ("font_source_serif_pro", "SourceSerifPro-It.ttf"),
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "sans-semibold": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}
"""Package and file of each face (SIL Open Font License)."""
EN_DASH: Final = "\N{EN DASH}"
_ONE_LETTER: Final = re.compile(r"(?<!\S)([aiouwz]) ", re.IGNORECASE)
_POLISH: Final = "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż"
_MONTHS: Final = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)


@dataclass(frozen=True)
class Type:
    """How a text is set. `size` is reduced to `smallest` where the text would not fit."""

    face: Face
    size: float
    ink: Ink = INK
    smallest: float = 6
    tracking: float = 0
    """Points between letters."""


class Paper(FPDF):
    """A document whose bytes follow from what is set on it and the day it is dated."""

    def __init__(
        self,
        orientation: Literal["portrait", "landscape"],
        *,
        title: str,
        author: str,
        on: date,
        language: str = "pl-PL",
    ) -> None:
        super().__init__(
            orientation, unit="mm", format="A4", enforce_compliance=DocumentCompliance.PDFA_2U
        )
        self.set_creation_date(datetime.combine(on, time(), UTC))
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.set_xmp_metadata(_xmp(title, author, on))
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0

    def use(self, setting: Type, text: str, width: float | None = None) -> None:
        """Make a setting current; smaller, if the text would be wider than `width`."""
        face = self._face_for(setting.face, text)
        self._load(face)
        self.set_text_color(*setting.ink)
        self.set_char_spacing(setting.tracking)
        self.set_font(face, size=setting.size)
        if width is not None and (needed := self.get_string_width(text)) > width:
            fitting = int(setting.size * width / needed * 10) / 10
            self.set_font(face, size=max(setting.smallest, fitting))

    def line_of(
        self, text: str, x: float, baseline: float, width: float, setting: Type, align: Align = "L"
    ) -> None:
        """One line on its baseline, made to fit; what cannot even fit in the smallest size is cut."""
        self.use(setting, text, width)
        shown = text
        while shown and self.get_string_width(shown) > width:
            shown = shown.removesuffix("…")[:-1].rstrip() + "…"
        room = width - self.get_string_width(shown)
        self.text(x + {"L": 0, "C": room / 2, "R": room}[align], baseline, shown)

    def lines_for(self, text: str, width: float, setting: Type) -> list[str]:
        """The lines a text breaks into; none ends in a word of one letter, as Polish wants it."""
        self.use(setting, text)
        bound = _ONE_LETTER.sub("\\1\N{NO-BREAK SPACE}", text)
        lines = self.multi_cell(width, text=bound, align="L", dry_run=True, output="LINES")
        return list(lines) if isinstance(lines, list) else [text]

    def block_of(
        self,
        text: str,
        x: float,
        baseline: float,
        width: float,
        setting: Type,
        *,
        leading: float,
        most: int,
        align: Align = "L",
    ) -> float:
        """At most so many lines, smaller if need be; what is still too long ends in an ellipsis.

        Returns the baseline of the last line.
        """
        lines = self.lines_for(text, width, setting)
        while len(lines) > most and setting.size > setting.smallest:
            setting = replace(setting, size=setting.size - 0.5)
            lines = self.lines_for(text, width, setting)
        for line in [*lines[: most - 1], " ".join(lines[most - 1 :])]:
            self.line_of(line, x, baseline, width, setting, align)
            baseline += leading
        return baseline - leading

    def rule(self, x: float, y: float, width: float, ink: Ink = HAIR, weight: float = 0.2) -> None:
        self.set_draw_color(*ink)
        self.set_line_width(weight)
        self.line(x, y, x + width, y)

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code without its quiet zone, as areas; each row's runs are one rectangle each."""
        matrix = segno.make_qr(text, error="m", boost_error=False).matrix
        module = side / len(matrix)
        self.set_fill_color(*NAVY)
        for row, cells in enumerate(matrix):
            column = 0
            for dark, run in groupby(cells):
                length = len(list(run))
                if dark:
                    place = x + column * module, y + row * module
                    self.rect(*place, length * module, module * 1.02, style="F")
                column += length

    def flag_of_europe(self, x: float, y: float, height: float) -> None:
        """Twelve stars on a circle of a third of the height, each of an eighteenth (OJ C 271/2012)."""
        width = height * 1.5
        self.set_fill_color(*FLAG_BLUE)
        self.rect(x, y, width, height, style="F")
        self.set_fill_color(*FLAG_GOLD)
        for hour in range(12):
            angle = hour * pi / 6
            centre = (
                x + width / 2 + height / 3 * sin(angle),
                y + height / 2 - height / 3 * cos(angle),
            )
            self.polygon(_star(*centre, height / 18), style="F")

    def _face_for(self, face: Face, text: str) -> Face:
        """The italic lacks letters that names and titles may have; the upright has them."""
        if face != "serif-italic":
            return face
        self._load(face)
        font = self.fonts[face]
        complete = isinstance(font, TTFFont) and all(ord(letter) in font.cmap for letter in text)
        return face if complete else "serif"

    def _load(self, face: Face) -> None:
        if face not in self.fonts:
            with as_file(typeface(face)) as path:
                self.add_font(face, fname=path)


def typeface(face: Face) -> Traversable:
    """The font file of a face."""
    package, name = FACES[face]
    return files(package) / "files" / name


def _xmp(title: str, author: str, on: date) -> str:
    """The metadata of PDF/A (ISO 19005-2, 6.6). The library's own would tell the time of printing."""
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmp:CreateDate="{on.isoformat()}T00:00:00+00:00" pdfaid:part="2" pdfaid:conformance="U">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>"""


def _star(x: float, y: float, radius: float) -> Sequence[tuple[float, float]]:
    """A five-pointed star, one point upright."""
    inner = radius * 0.381966
    return [
        (
            x + (inner if point % 2 else radius) * sin(point * pi / 5),
            y - (inner if point % 2 else radius) * cos(point * pi / 5),
        )
        for point in range(10)
    ]


def polish_date(day: date) -> str:
    """`7 marca 2026`, with spaces that do not break."""
    return f"{day.day}\N{NO-BREAK SPACE}{_MONTHS[day.month - 1]}\N{NO-BREAK SPACE}{day.year}"


def polish_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key by the Polish alphabet; letters that it lacks stand by the letter they are made from."""
    return tuple(_rank(letter) for letter in unicodedata.normalize("NFC", text.casefold()))


def _rank(letter: str) -> tuple[int, int, str]:
    if letter in _POLISH:
        return 1, _POLISH.index(letter), ""
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _POLISH:
        return 1, _POLISH.index(plain), letter
    return (2 if letter.isalpha() else 0), ord(letter), ""
