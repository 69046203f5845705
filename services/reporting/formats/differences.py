"""The explained difference between two reports as a document."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from services.reporting.domain.dataset import Dataset
from services.reporting.domain.indicators.counting import WHOLE
from services.reporting.domain.indicators.explanation import Cause, Movement
from services.reporting.formats.indicators import OfReport, manifest_of, told
from services.reporting.formats.labels import Imprint, Labels
from services.reporting.formats.language import Language
from services.reporting.formats.tables import Column, Document, Kind, Row, Table

Side = tuple[OfReport, Dataset]


def difference_document(
    before: Side,
    after: Side,
    movements: Iterable[Movement],
    language: Language,
    labels: Labels,
    imprint: Imprint,
) -> Document:
    """Of the numbers themselves; their cells are explained one by one on request."""
    by_code: dict[str, Counter[Cause]] = {}
    for each in movements:
        if each.label == WHOLE:
            by_code.setdefault(each.code, Counter())[each.cause] += each.change
    causes = [each for each in Cause if any(each in found for found in by_code.values())]
    word, dataset = language.word, after[1]
    return Document(
        kind="difference",
        title=f"{before[0].number} → {after[0].number}",
        subtitle=word("difference"),
        facts=tuple(_facts(before, after, language)),
        tables=(_table(before[1], dataset, by_code, causes, language, labels),),
        manifest={"before": _manifest(before), "after": _manifest(after)},
        told=tuple(_told(before, after, language)),
        language=language,
        project=imprint.project.on(dataset.known_at),
        on=dataset.known_at,
        notes=(word("note_difference"),),
    )


def _table(
    before: Dataset,
    after: Dataset,
    by_code: dict[str, Counter[Cause]],
    causes: list[Cause],
    language: Language,
    labels: Labels,
) -> Table:
    word = language.word
    columns = (
        Column("code", word("code"), width=19),
        Column("name", word("name")),
        Column("before", word("before"), Kind.NUMBER, 14),
        Column("after", word("after"), Kind.NUMBER, 14),
        *(Column(each.value, language.of(labels.causes[each]), Kind.NUMBER, 15) for each in causes),
        Column("change", word("change"), Kind.NUMBER, 15, sums=tuple(causes)),
    )
    rows = tuple(_rows(before, after, by_code, causes, language))
    return Table("difference", word("difference"), columns, rows)


def _rows(
    before: Dataset,
    after: Dataset,
    by_code: dict[str, Counter[Cause]],
    causes: list[Cause],
    language: Language,
) -> Iterator[Row]:
    for number in after.numbers:
        then = before.number(number.code)
        if number.value is None or then is None or then.value is None:
            continue
        indicator = after.indicator(number.code)
        found = by_code.get(number.code, Counter())
        yield {
            "code": number.code,
            "name": language.of(indicator.name),
            "before": told(indicator.unit, then.value),
            "after": told(indicator.unit, number.value),
            **{each.value: told(indicator.unit, found[each]) for each in causes},
        }


def _facts(before: Side, after: Side, language: Language) -> Iterator[tuple[str, str]]:
    for word, (report, dataset) in (("before", before), ("after", after)):
        days = f"{language.day(dataset.as_of)}, {language.day(dataset.known_at)}"
        yield language.word(word), f"{report.number}/{report.version}: {days}"


def _told(before: Side, after: Side, language: Language) -> Iterator[tuple[str, str]]:
    for side, (report, dataset) in (("before", before), ("after", after)):
        start = language.word(side)
        yield f"{start}: {language.word('report_number')}", f"{report.number} ({report.version})"
        yield f"{start}: {language.word('definition')}", dataset.version
        yield f"{start}: {language.word('as_of')}", dataset.as_of.isoformat()
        yield f"{start}: {language.word('known_at')}", dataset.known_at.isoformat()
        yield f"{start}: {language.word('dataset')}", dataset.digest()


def _manifest(side: Side) -> dict[str, Any]:
    report, dataset = side
    return {"report": report.number, "version": report.version} | manifest_of(dataset)
