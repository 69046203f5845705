"""The need index as a ranking of communes: what each bar is made of, and how dark the need is."""

from typing import Final

from services.research.formats.language import EMPTY, Language
from services.research.formats.publication import Publication
from shared.contracts.research.vocabulary.diagnoses import CommuneNeed
from shared.runtime.flow import BREADTH, LEFT, SMALL, Flow
from shared.runtime.typesetting import GREY, INK, NAVY, Ink, Type

PARTS: Final[tuple[Ink, ...]] = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (213, 94, 0),
    (240, 228, 66),
)
"""Okabe and Ito, as in the plots."""
NAMES: Final = 46.0
FIGURES: Final = 14.0
BARS: Final = BREADTH - NAMES - FIGURES - 8
LINE: Final = 7.0


def ranking(flow: Flow, publication: Publication, language: Language) -> None:
    """The greatest need first; communes without an index last."""
    _legend(flow, publication, language)
    needs = publication.contents.need.communes
    for need in sorted(needs, key=lambda each: (each.rank is None, each.rank or 0, each.teryt)):
        flow.room(LINE)
        _line(flow, publication, language, need)
    flow.space(3)


def _order(publication: Publication) -> list[str]:
    """Every indicator that adds to some index, in the order of the definition."""
    return list(publication.components)


def _legend(flow: Flow, publication: Publication, language: Language) -> None:
    for place, code in enumerate(_order(publication)):
        column, row = place % 2, place // 2
        x, y = LEFT + column * BREADTH / 2, flow.y + 4 + row * 4.4
        flow.bar(x, y - 2.3, 2.8, 2.8, PARTS[place % len(PARTS)])
        name = language.of(publication.components[code])
        flow.paper.line_of(name, x + 4.2, y, BREADTH / 2 - 6, Type("sans", 8, INK, 6))
    flow.space(4.4 * ((len(publication.components) + 1) // 2) + 3.5)


def _line(flow: Flow, publication: Publication, language: Language, need: CommuneNeed) -> None:
    baseline = flow.y + 4.7
    paper = flow.paper
    rank = EMPTY if need.rank is None else str(need.rank)
    paper.line_of(rank, LEFT, baseline, 7, Type("sans-semibold", 8.5, NAVY))
    name = publication.commune(need.teryt)
    paper.line_of(name, LEFT + 9, baseline, NAMES - 10, Type("sans", 9, INK, 6))
    start = LEFT + NAMES
    if need.index is None:
        paper.line_of(language.word("empty"), start, baseline, BARS, SMALL)
        flow.space(LINE)
        return
    flow.bar(start, flow.y + 1.4, BARS, LINE - 2.8, (240, 242, 245))
    points = {each.indicator: float(each.points) for each in need.contributions}
    x = start
    for place, code in enumerate(_order(publication)):
        width = BARS * points.get(code, 0.0) / 100
        flow.bar(x, flow.y + 1.4, width, LINE - 2.8, PARTS[place % len(PARTS)])
        x += width
    _shade(flow, float(need.index), LEFT + BREADTH - FIGURES - 5)
    figure = language.number(need.index)
    paper.line_of(
        figure, LEFT + BREADTH - FIGURES, baseline, FIGURES, Type("sans-semibold", 9, INK), "R"
    )
    if need.missing:
        note = f"*{len(need.missing)}"
        paper.line_of(note, LEFT + BREADTH + 1, baseline - 1.2, 6, Type("sans", 6, GREY))
    flow.space(LINE)


def _shade(flow: Flow, index: float, x: float) -> None:
    """As on a map: the more need, the darker the field."""
    light, dark = (236, 231, 242), (3, 78, 123)
    ink = tuple(round(a + (b - a) * index / 100) for a, b in zip(light, dark, strict=True))
    flow.bar(x, flow.y + 1.4, LINE - 2.8, LINE - 2.8, (ink[0], ink[1], ink[2]))
