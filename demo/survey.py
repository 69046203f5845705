"""A survey of the inhabitants of one county: the questionnaire, what 300 of them answered, and what
public sources say of its communes.

Nobody answered anything: answers are drawn by a fixed seed, figures are made up.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

Json = dict[str, Any]

COUNTY: Final[Mapping[str, str]] = {
    "2611011": "Starachowice",
    "2611022": "Brody",
    "2611032": "Mirzec",
    "2611042": "Pawłów",
    "2611053": "Wąchock",
}
"""Communes by their codes in TERYT."""
SHARES: Final = (50, 16, 11, 15, 8)
"""Of a hundred respondents, by commune."""
RESPONDENTS: Final = 300
SEED: Final = 2026
FIRST_DAY: Final = date(2026, 1, 12)
LAST_DAY: Final = date(2026, 2, 13)
YEAR: Final = 2025
"""That of the communes' figures."""
_PERSONAL_NOTE: Final = "Proszę nie podawać nazwisk."


def _labels(pl: str, en: str) -> Json:
    return {"pl": pl, "en": en}


def _choices(**labels: tuple[str, str]) -> list[Json]:
    return [{"name": name, "label": _labels(*label)} for name, label in labels.items()]


def _question(kind: str, name: str, pl: str, en: str, **facts: Any) -> Json:
    return {"kind": kind, "name": name, "label": _labels(pl, en), **facts}


QUESTIONNAIRE: Final[Json] = {
    "title": _labels("Potrzeby mieszkańców powiatu", "Needs of the county's inhabitants"),
    "choice_lists": {
        "communes": [{"name": code, "label": _labels(name, name)} for code, name in COUNTY.items()],
        "sexes": _choices(woman=("kobieta", "woman"), man=("mężczyzna", "man")),
        "work": _choices(
            works=("tak", "yes"),
            seeks=("nie, szukam pracy", "no, looking for work"),
            neither=("nie i nie szukam", "no, and not looking"),
        ),
        "services": _choices(
            care=("opieki nad osobami starszymi", "care of the elderly"),
            child=("opieki nad dziećmi", "child care"),
            transport=("dowozu", "transport"),
            meals=("posiłków w domu", "meals at home"),
            none=("żadnej", "none"),
        ),
        "yesno": _choices(yes=("tak", "yes"), no=("nie", "no")),
    },
    "items": [
        _question(
            "select_one",
            "commune",
            "W której gminie Pan/Pani mieszka?",
            "In which commune do you live?",
            choices="communes",
            required=True,
        ),
        _question("select_one", "sex", "Płeć", "Sex", choices="sexes", required=True),
        _question(
            "integer",
            "age",
            "Ile ma Pan/Pani lat?",
            "How old are you?",
            required=True,
            constraint=". >= 18 and . <= 110",
            constraint_message=_labels("Od 18 do 110", "From 18 to 110"),
        ),
        _question("select_one", "work", "Czy Pan/Pani pracuje?", "Do you work?", choices="work"),
        _question(
            "select_one",
            "service",
            "Jakiej usługi najbardziej brakuje w okolicy?",
            "Which service is missed most nearby?",
            choices="services",
            required=True,
        ),
        _question(
            "select_one",
            "pay",
            "Czy zapłaciłby Pan/zapłaciłaby Pani za nią część ceny?",
            "Would you pay a part of its price?",
            choices="yesno",
            relevant="${service} != 'none'",
        ),
        _question(
            "select_one",
            "disability",
            "Czy ma Pan/Pani orzeczenie o niepełnosprawności?",
            "Do you have a certified disability?",
            choices="yesno",
            sensitive=True,
        ),
        _question(
            "text",
            "remarks",
            "Co jeszcze warto wiedzieć?",
            "What else should be known?",
            hint=_labels(_PERSONAL_NOTE, "Please name nobody."),
        ),
    ],
}


def questionnaire() -> bytes:
    return json.dumps(QUESTIONNAIRE, ensure_ascii=False).encode()


def answers() -> Iterator[Json]:
    """One respondent after the other, the same whenever asked for."""
    draw = Random(SEED)  # noqa: S311 - a demonstration, not a secret
    days = (LAST_DAY - FIRST_DAY).days
    for number in range(1, RESPONDENTS + 1):
        (commune,) = draw.choices(list(COUNTY), SHARES)
        age = min(94, max(18, round(draw.gauss(49, 17))))
        missed = _missed(draw, age, is_town=commune == "2611011")
        yield {
            "_uuid": f"a{number:04}",
            "today": FIRST_DAY + timedelta(draw.randint(0, days)),
            "commune": commune,
            "sex": draw.choice(("woman", "woman", "man")),
            "age": age,
            "work": _work(draw, age),
            "service": missed,
            "pay": "" if missed == "none" else draw.choices(("yes", "no"), (35, 65))[0],
            "disability": draw.choices(("yes", "no", ""), (14, 80, 6))[0],
            "remarks": "",
        }


def _work(draw: Random, age: int) -> str:
    weights = (5, 3, 92) if age >= 65 else (58, 21, 21)
    return draw.choices(("works", "seeks", "neither"), weights)[0]


def _missed(draw: Random, age: int, *, is_town: bool) -> str:
    care = 55 if age >= 60 else 25
    child = 5 if age >= 50 else 28
    transport = 8 if is_town else 30
    return draw.choices(
        ("care", "child", "transport", "meals", "none"), (care, child, transport, 9, 14)
    )[0]


def responses() -> bytes:
    """The export of a tool for surveys: CSV, a row per respondent."""
    return _csv(list(answers()))


_FIGURES: Final[Mapping[str, Sequence[int]]] = {
    "population": (44_812, 10_644, 8_231, 14_908, 6_702),
    "entities": (41, 7, 4, 6, 5),
    "service_need": (1_930, 560, 430, 905, 310),
    "service_supply": (1_240, 190, 95, 160, 150),
    "unemployed_long": (1_015, 340, 225, 492, 141),
    "procurements": (61, 14, 9, 12, 10),
    "procurements_with_clauses": (7, 1, 0, 0, 1),
    "cohort_12": (6, 2, 1, 2, 1),
    "survived_12": (5, 1, 1, 1, 1),
}
"""In the order of `COUNTY`."""
_SOURCE: Final = "Dane fikcyjne"


def facts() -> bytes:
    """What is known of the communes in the year, as it is uploaded."""
    return _csv(
        [
            {
                "TERYT": teryt,
                "Wskaźnik": name,
                "Rok": YEAR,
                "Wartość": value,
                "Źródło": _SOURCE,
            }
            for name, values in _FIGURES.items()
            for teryt, value in zip(COUNTY, values, strict=True)
        ]
    )


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
