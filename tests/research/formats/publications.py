"""A publication about a fictional county, with everything that its files have to show."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.research.domain.need.index import need_index
from services.research.domain.rules.indicators import NeedIndexRule
from services.research.formats.publication import Paragraph, Publication
from shared.contracts.research.vocabulary.diagnoses import Contents, Licence, Publisher
from shared.contracts.research.vocabulary.publication import (
    TOTAL,
    CellStatus,
    Measure,
    PublishedTable,
    TableAxis,
    TableCategory,
    TableCell,
)
from shared.contracts.research.vocabulary.tables import Dimension, Filter, Label
from tests.research.domain.rules import RULES

COMMUNES = {
    "2611011": "Ostrowiec Świętokrzyski",
    "2611022": "Bałtów",
    "2611032": "Bodzechów",
    "2611043": "Ćmielów",
    "2611053": "Kunów",
    "2611062": "Waśniów",
}
VALUES = {
    "2611011": ("4.21", "3.10", "5.52", "12.5", "90.0"),
    "2611022": ("18.90", "5.75", "1.90", "0.0", "50.0"),
    "2611032": ("9.75", "4.40", "3.12", "4.0", None),
    "2611043": ("12.02", "6.31", "2.44", "2.1", "66.7"),
    "2611053": ("11.11", "3.98", "3.90", "7.7", "100.0"),
    "2611062": ("21.30", None, None, "0.0", None),
}
PER_CENT = Label(pl="%", en="%")
SEX = TableAxis(
    name="sex",
    label=Label(pl="Płeć", en="Sex"),
    categories=(
        TableCategory(code="woman", label=Label(pl="kobieta", en="woman")),
        TableCategory(code="man", label=Label(pl="mężczyzna", en="man")),
        TableCategory(code=TOTAL, label=Label(pl="Razem", en="Total")),
    ),
)
SERVICE = TableAxis(
    name="service",
    label=Label(pl="Jakiej usługi najbardziej brakuje?", en="Which service is missed most?"),
    categories=(
        TableCategory(
            code="care", label=Label(pl="opieka nad starszymi", en="care of the elderly")
        ),
        TableCategory(code="child", label=Label(pl="opieka nad dziećmi", en="child care")),
        TableCategory(code="transport", label=Label(pl="dowóz", en="transport")),
        TableCategory(code="other", label=Label(pl="inne", en="other")),
    ),
)


def cell(at: tuple[str, ...], n: int, value: str, low: str = "", high: str = "") -> TableCell:
    return TableCell(
        at=at,
        status=CellStatus.SHOWN,
        n=n,
        value=Decimal(value),
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
    )


def suppressed(*at: str) -> TableCell:
    return TableCell(at=at, status=CellStatus.SUPPRESSED)


def single() -> PublishedTable:
    """One axis, intervals, a suppressed cell and one without anybody."""
    return PublishedTable(
        number=1,
        title=Label(
            pl="Czego brakuje mieszkańcom powiatu ostrowieckiego",
            en="What the inhabitants of Ostrowiec county miss",
        ),
        measure=Measure.SHARE,
        unit=PER_CENT,
        axes=(SERVICE,),
        cells=(
            cell(("care",), 141, "47.0", "41.4", "52.7"),
            cell(("child",), 96, "32.0", "27.0", "37.5"),
            suppressed("transport"),
            TableCell(at=("other",), status=CellStatus.EMPTY, n=0),
        ),
        level=Decimal(95),
    )


def stacked() -> PublishedTable:
    rows = {
        "woman": (("care", 90, "56.3"), ("child", 41, "25.6"), ("transport", 21, "13.1")),
        "man": (("care", 51, "36.4"), ("child", 55, "39.3"), ("transport", 24, "17.1")),
        TOTAL: (("care", 141, "47.0"), ("child", 96, "32.0"), ("transport", 45, "15.0")),
    }
    rest = {"woman": (8, "5.0"), "man": (10, "7.2"), TOTAL: (18, "6.0")}
    cells = [
        cell((sex, code), n, value)
        for sex, parts in rows.items()
        for code, n, value in (*parts, ("other", *rest[sex]))
    ]
    return PublishedTable(
        number=2,
        title=Label(pl="Czego brakuje kobietom i mężczyznom", en="What women and men miss"),
        measure=Measure.SHARE,
        unit=PER_CENT,
        axes=(SEX, SERVICE),
        cells=tuple(cells),
        filters=(Filter(dimension=Dimension(variable="adult"), any_of=("yes",)),),
    )


def grouped() -> PublishedTable:
    """Two axes, means, suppressed cells in both of their directions."""
    return PublishedTable(
        number=3,
        title=Label(
            pl="Minuty drogi do najbliższej usługi", en="Minutes on the way to the nearest service"
        ),
        measure=Measure.MEAN,
        variable="minutes",
        unit=Label(pl="minuty", en="minutes"),
        axes=(SERVICE, SEX),
        cells=(
            cell(("care", "woman"), 90, "34.2", "31.0", "37.4"),
            cell(("care", "man"), 51, "28.9", "24.6", "33.2"),
            cell(("care", TOTAL), 141, "32.3", "29.8", "34.8"),
            cell(("child", "woman"), 41, "18.0", "15.1", "20.9"),
            cell(("child", "man"), 55, "21.7", "18.2", "25.2"),
            cell(("child", TOTAL), 96, "20.1", "17.8", "22.4"),
            suppressed("transport", "woman"),
            suppressed("transport", "man"),
            cell(("transport", TOTAL), 45, "1234.5", "1100.0", "1369.0"),
            suppressed("other", "woman"),
            suppressed("other", "man"),
            TableCell(at=("other", TOTAL), status=CellStatus.EMPTY, n=0),
        ),
        level=Decimal(95),
    )


def need_rule() -> NeedIndexRule:
    return RULES.need_index.on(date(2026, 1, 1))


def publication() -> Publication:
    rule = need_rule()
    values = {
        teryt: {
            each.indicator: Decimal(value) if value is not None else None
            for each, value in zip(rule.components, row, strict=True)
        }
        for teryt, row in VALUES.items()
    }
    contents = Contents(
        code="DIAG/2026/1",
        report_version=2,
        study_id=UUID(int=1),
        title=Label(
            pl="Potrzeby mieszkańców powiatu ostrowieckiego i możliwości ekonomii społecznej",
            en="Needs of the inhabitants of Ostrowiec county and what the social economy can do",
        ),
        summary_pl=(
            "Najbardziej brakuje opieki nad osobami starszymi: wskazuje ją 47% badanych, wśród kobiet "
            "56%. Największe potrzeby ma gmina Waśniów, gdzie luka w usługach sięga 21 miejsc na 1000 "
            "mieszkańców, a podmioty ekonomii społecznej są nieliczne.\nW gminach wiejskich zamówienia "
            "z klauzulami społecznymi prawie nie występują."
        ),
        summary_en=(
            "Care of the elderly is missed most: by 47% of those asked, by 56% of the women.\n"
            "Procurements with social clauses hardly occur in rural communes."
        ),
        territory=tuple(COMMUNES),
        as_of=4711,
        releases=(UUID(int=2), UUID(int=3), UUID(int=4)),
        need=need_index(rule, values, 2025),
    )
    return Publication(
        diagnosis_id=UUID(int=9),
        contents=contents,
        tables=(single(), stacked(), grouped()),
        publisher=Publisher.model_validate(
            {
                "name": {"pl": "Partnerstwo „Tu jest praca”", "en": "Partnership “Tu jest praca”"},
                "homepage": "https://example.org/",
                "contact_name": "Biuro badań",
                "contact_email": "badania@example.org",
            }
        ),
        licence=Licence.CC_BY_4_0,
        keywords_pl=("ekonomia społeczna", "usługi społeczne"),
        keywords_en=("social economy", "social services"),
        first_day=date(2026, 1, 12),
        last_day=date(2026, 2, 13),
        published_on=date(2026, 3, 20),
        project="D0456",
        funding=Label(
            pl="Projekt realizowany przy udziale środków Europejskiego Funduszu Społecznego",
            en="Project co-financed by the European Union from the European Social Fund",
        ),
        method=Paragraph(
            pl=(
                "Ankieta wśród 300 dorosłych mieszkańców, losowanych warstwowo według gmin. Wyniki "
                "zważono do struktury losowania. Przedziały ufności: Wilsona dla udziałów, t-Studenta "
                "dla średnich."
            ),
            en=(
                "A survey of 300 adult inhabitants, drawn in strata by commune. Results are weighted "
                "to the frame. Intervals: Wilson's for shares, Student's t for means."
            ),
        ),
        disclosure_rule="2004-05-01",
        components={
            each.indicator: RULES.indicators[each.indicator].on(date(2026, 1, 1)).name
            for each in rule.components
        },
        communes=COMMUNES,
    )
