"""Pictures of figures as PNG and SVG: the same figure gives the same bytes.

Drawn without a display and without the state that matplotlib's `pyplot` shares between threads. Colours
are those of Okabe and Ito, told apart also by those who see fewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file
from io import BytesIO
from typing import Final, Literal
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from shared.runtime.typesetting import typeface

COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Okabe and Ito, Color Universal Design, 2008; black is left to text."""
INK: Final = "#2B3038"
GREY: Final = "#6B727D"
HAIR: Final = "#CDD1D7"
DPI: Final = 200

Format = Literal["png", "svg"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Plot:
    """A picture and what it shows, in words, for who does not see it."""

    content: bytes
    alternative: str


def written(figure: Figure, form: Format, title: str, words: str) -> bytes:
    """Without the day and the program's version, which would make other bytes of the same picture."""
    target = BytesIO()
    if form == "png":
        told = {"Software": None, "Title": title, "Description": words}
        figure.savefig(target, format="png", metadata=told)
        return target.getvalue()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(target, format="svg", metadata=nothing)
    return _speaking(target.getvalue().decode(), title, words).encode()


def _speaking(svg: str, title: str, words: str) -> str:
    """The picture with its name and description where readers of screens look for them (SVG 2 §5.7)."""
    start = svg.index("<svg")
    end = svg.index(">", start)
    described = f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
    return f'{svg[:end]} role="img">{described}{svg[end + 1 :]}'


def _style() -> None:
    """What matplotlib keeps for the whole process; only this module sets it."""
    for face in ("sans", "sans-semibold"):
        with as_file(typeface(face)) as path:
            fontManager.addfont(path)
    mpl.rcParams.update(
        {
            "font.family": "Source Sans Pro",
            "svg.fonttype": "path",
            "svg.hashsalt": "platform",
            "hatch.color": GREY,
            "hatch.linewidth": 0.6,
        }
    )


_style()
