"""The 420 fictional people, drawn with a fixed seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from demo.names import FEMALE, FOREIGN, MALE, SURNAMES, surname
from demo.partnership import PARTNERS, Partner

SEED = 456
DEPENDENT, STAFF = 250, 170
FIRST_APPLICATION = date(2025, 9, 15)
APPLICATION_DAYS = 200
PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """One row of the file, in the codes of the contracts; empty text is a blank cell."""

    kind: str
    partner: str
    reference: str
    applied_on: date
    given_name: str
    family_name: str
    pesel: str
    document: tuple[str, str, str]
    """Type, number and country of another document; empty for those with a PESEL."""
    address: tuple[str, str, str, str, str]
    """Street, house number, postal code, city, TERYT."""
    phone: str
    email: str
    sex: str
    born_on: date | None
    citizenship: str
    education: str
    labour_status: str
    unemployed_since: date | None
    institution: str
    institution_name: str
    position: str
    grounds: tuple[str, ...]
    disability: str
    minority: str
    foreign_origin: str
    homeless: str


def people(seed: int = SEED) -> tuple[Person, ...]:
    """All 420, without any mistake; the same seed draws the same people."""
    draw = Random(seed)  # noqa: S311 - a demonstration, not a secret
    counters = {partner.id: 0 for partner in PARTNERS}
    kinds = ["dependent"] * DEPENDENT + ["staff"] * STAFF
    draw.shuffle(kinds)
    found = []
    for kind in kinds:
        [partner] = draw.choices(PARTNERS, [p.share for p in PARTNERS])
        counters[partner.id] += 1
        found.append(_person(draw, kind, partner, counters[partner.id]))
    return tuple(_with_gaps(draw, person) for person in found)


def pesel(born_on: date, sex: str, series: int) -> str:
    """A valid number: the month tells the century, the tenth digit the sex (odd: male)."""
    month = born_on.month + {18: 80, 19: 0, 20: 20}[born_on.year // 100]
    tenth = series % 10 // 2 * 2 + (sex == "male")
    digits = f"{born_on:%y}{month:02}{born_on:%d}{series // 10 % 1000:03}{tenth}"
    weighted = sum(int(d) * w for d, w in zip(digits, PESEL_WEIGHTS, strict=True))
    return f"{digits}{-weighted % 10}"


def _person(draw: Random, kind: str, partner: Partner, number: int) -> Person:
    female = draw.random() < (0.58 if kind == "dependent" else 0.74)
    sex = "female" if female else "male"
    foreigner = kind == "dependent" and draw.random() < 0.07
    citizenship = _weighted(draw, {"UA": 7, "BY": 2, "GE": 1, "VN": 1}) if foreigner else "PL"
    given, family = _name(draw, citizenship, female=female)
    applied_on = FIRST_APPLICATION + timedelta(draw.randrange(APPLICATION_DAYS))
    born_on = _birth_date(draw, kind, applied_on)
    has_pesel = citizenship == "PL" or draw.random() < 0.4
    commune = draw.choice(partner.communes)
    grounds = _grounds(draw) if kind == "dependent" else ()
    labour_status = _labour_status(draw, kind, grounds)
    jobless = labour_status.startswith("unemployed")
    months = draw.randint(13, 60) if "long_term_unemployed" in grounds else draw.randint(1, 11)
    asked = kind == "dependent"
    house = f"{draw.randint(1, 120)}" + draw.choice(("", "", f"/{draw.randint(1, 40)}"))
    return Person(
        kind=kind,
        partner=partner.id,
        reference=f"{partner.file_prefix}/{applied_on.year}/{number:03}",
        applied_on=applied_on,
        given_name=given,
        family_name=family,
        pesel=pesel(born_on, sex, draw.randrange(10_000)) if has_pesel else "",
        document=("", "", "") if has_pesel else _document(draw, citizenship),
        address=(
            draw.choice(commune.streets),
            house,
            commune.postal_code,
            commune.city,
            commune.teryt,
        ),
        phone=f"+48 {draw.randint(500, 899)} {draw.randint(100, 999)} {draw.randint(100, 999)}",
        email=f"{partner.file_prefix.lower()}.{number:03}@example.org",
        sex=sex,
        born_on=born_on,
        citizenship=citizenship,
        education=_education(draw, kind),
        labour_status=labour_status,
        unemployed_since=applied_on - timedelta(30 * months) if jobless else None,
        institution=partner.institution if kind == "staff" else "",
        institution_name=partner.name if kind == "staff" else "",
        position=_position(draw) if kind == "staff" else "",
        grounds=grounds,
        disability=_answer(draw, yes="disabled" in grounds) if asked else "",
        minority=_answer(draw, yes=draw.random() < 0.02) if asked else "",
        foreign_origin=_answer(draw, yes=foreigner) if asked else "",
        homeless=("yes" if "homeless" in grounds else "no") if asked else "",
    )


def _weighted(draw: Random, weights: dict[T, int]) -> T:
    return draw.choices(list(weights), list(weights.values()))[0]


def _name(draw: Random, citizenship: str, *, female: bool) -> tuple[str, str]:
    women, men, families = FOREIGN.get(citizenship, (FEMALE, MALE, SURNAMES))
    given: Sequence[str] = women if female else men
    return draw.choice(given), surname(draw.choice(families), female=female)


def _birth_date(draw: Random, kind: str, on: date) -> date:
    youngest, oldest = (19, 63) if kind == "dependent" else (24, 61)
    return on - timedelta(round(365.25 * draw.triangular(youngest, oldest, 38)))


def _document(draw: Random, country: str) -> tuple[str, str, str]:
    kind = draw.choice(("passport", "residence_card"))
    return (
        kind,
        f"{draw.choice('ABFGR')}{draw.choice('BCKX')}{draw.randint(100_000, 999_999)}",
        country,
    )


def _grounds(draw: Random) -> tuple[str, ...]:
    """About half long-term unemployed; a third has more than one ground."""
    weights = {
        "long_term_unemployed": 46,
        "disabled": 17,
        "welfare_client": 14,
        "single_parent": 7,
        "former_prisoner": 5,
        "registered_job_seeker": 5,
        "addicted": 3,
        "homeless": 3,
    }
    drawn = {_weighted(draw, weights)}
    if draw.random() < 0.33:
        drawn.add(_weighted(draw, weights))
    return tuple(ground for ground in weights if ground in drawn)


def _labour_status(draw: Random, kind: str, grounds: tuple[str, ...]) -> str:
    if kind == "staff":
        return "employed"
    if "long_term_unemployed" in grounds:
        return _weighted(draw, {"unemployed_registered": 85, "unemployed_unregistered": 15})
    weights = {
        "unemployed_registered": 40,
        "unemployed_unregistered": 15,
        "inactive": 38,
        "inactive_in_education": 3,
        "employed": 4,
    }
    return _weighted(draw, weights)


def _education(draw: Random, kind: str) -> str:
    if kind == "staff":
        return _weighted(
            draw, {"isced3": 10, "isced4": 12, "isced6": 28, "isced7": 48, "isced8": 2}
        )
    return _weighted(
        draw,
        {
            "isced0": 1,
            "isced1": 14,
            "isced2": 18,
            "isced3": 49,
            "isced4": 8,
            "isced6": 5,
            "isced7": 5,
        },
    )


def _position(draw: Random) -> str:
    return draw.choice(
        (
            "doradca zawodowy",
            "pracownik socjalny",
            "pośrednik pracy",
            "psycholog",
            "kierownik zespołu",
            "koordynator wolontariatu",
            "inspektor",
            "animator lokalny",
            "asystent rodziny",
        )
    )


def _answer(draw: Random, *, yes: bool) -> str:
    """Every question may be refused; few do."""
    if draw.random() < 0.04:
        return "refused"
    return "yes" if yes else "no"


def _with_gaps(draw: Random, person: Person) -> Person:
    """What institutions do not know yet: the record is accepted and reported as incomplete."""
    chance = draw.random()
    if chance < 0.03:
        return replace(person, education="")
    if chance < 0.05:
        return replace(person, phone="", email="")
    if chance < 0.06 and person.kind == "dependent":
        return replace(person, address=("", "", "", "", ""))
    if chance < 0.07:
        return replace(person, position="", minority="")
    return person if chance > 0.10 else replace(person, email="")
