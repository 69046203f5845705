"""The mistakes that real files have, put into the rows on purpose."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from demo.people import SEED, Person

Overrides = dict[str, str | date]
"""Cells of a row that do not say what is true, by field."""


@dataclass(frozen=True)
class FileRow:
    """One row of the file: a person, and what was written instead of the truth."""

    person: Person
    written: Overrides


@dataclass(frozen=True)
class Mistakes:
    """Who is concerned by which mistake, as file numbers (`Person.reference`)."""

    refused: tuple[str, ...]
    """Their rows are refused; the right values are registered afterwards, one by one."""
    doubled: tuple[tuple[str, str], ...]
    """Two rows of one person, the second by another partner with a slip in the name."""
    twins: tuple[str, str]
    """Two persons who only look like one."""
    swapped_birth_date: str
    """Day and month in the wrong order, which only the PESEL contradicts."""
    wrong_education: str


def rows_of(people: tuple[Person, ...]) -> tuple[list[FileRow], Mistakes]:
    """The rows of the file, with the mistakes, and who they concern."""
    found = _Casting(people)
    first, second = found.twins()
    everyone = tuple(_like_twin(p, first) if p is second else p for p in people)
    written = found.wrong_cells()
    rows = [FileRow(person, written.get(person.reference, {})) for person in everyone]
    refused = tuple(written)
    swapped, education = found.plausible_mistakes()
    rows = [
        _with(row, {"born_on": _swapped(row.person.born_on)}) if row.person is swapped else row
        for row in rows
    ]
    rows = [
        _with(row, {"education": "licencjackie"}) if row.person is education else row
        for row in rows
    ]
    doubled = []
    for number, original in enumerate(found.doubled(), start=1):
        copy = _copied_elsewhere(original, number)
        rows.append(FileRow(copy, {}))
        doubled.append((original.reference, copy.reference))
    rows.append(FileRow(found.repeated(), {}))
    return rows, Mistakes(
        refused,
        tuple(doubled),
        (first.reference, second.reference),
        swapped.reference,
        education.reference,
    )


class _Casting:
    """Picks people for the mistakes, from all over the file and nobody twice."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self._people = Random(SEED).sample(people, len(people))  # noqa: S311 - see people()
        self._taken: set[str] = set()

    def pick(self, fits: Callable[[Person], object]) -> Person:
        person = next(p for p in self._people if p.reference not in self._taken and fits(p))
        self._taken.add(person.reference)
        return person

    def wrong_cells(self) -> dict[str, Overrides]:
        """One row for each way to be refused."""

        def pole(person: Person) -> bool:
            return bool(person.pesel and person.email and person.education)

        wrong_digit = self.pick(pole)
        impossible_day = self.pick(lambda p: pole(p) and p.born_on and p.born_on.day > 12)
        formula = self.pick(pole)
        vague = self.pick(lambda p: pole(p) and p.education == "isced7")
        postal = self.pick(pole)
        future = self.pick(pole)
        number = wrong_digit.pesel
        born_on = impossible_day.born_on or date.min
        return {
            wrong_digit.reference: {"pesel": number[:-1] + str((int(number[-1]) + 1) % 10)},
            impossible_day.reference: {"born_on": f"{born_on:%Y-%d-%m}"},
            formula.reference: {"family_name": f'=PROPER("{formula.family_name.lower()}")'},
            vague.reference: {"education": "wyższe"},
            postal.reference: {"postal_code": postal.address[2].replace("-", "")},
            future.reference: {"applied_on": future.applied_on.replace(year=2062)},
        }

    def twins(self) -> tuple[Person, Person]:
        first = self.pick(lambda p: p.kind == "dependent" and p.sex == "female" and p.pesel)
        second = self.pick(
            lambda p: (
                (p.kind, p.sex, p.partner) == (first.kind, first.sex, first.partner) and p.pesel
            )
        )
        return first, second

    def plausible_mistakes(self) -> tuple[Person, Person]:
        swapped = self.pick(
            lambda p: (
                p.pesel and p.born_on and p.born_on.day <= 12 and p.born_on.day != p.born_on.month
            )
        )
        return swapped, self.pick(lambda p: p.education == "isced7" and p.kind == "staff")

    def doubled(self) -> tuple[Person, Person]:
        def fits(person: Person) -> bool:
            return person.kind == "dependent" and len(person.family_name) > 6 and bool(person.pesel)

        return self.pick(fits), self.pick(fits)

    def repeated(self) -> Person:
        return self.pick(lambda p: p.pesel)


def _with(row: FileRow, written: Overrides) -> FileRow:
    return replace(row, written={**row.written, **written})


def _swapped(day: date | None) -> date:
    day = day or date.min
    return day.replace(month=day.day, day=day.month)


def _like_twin(person: Person, twin: Person) -> Person:
    """The same surname, birth date and address, another given name, and a PESEL not yet shown:
    two numbers that differ would have told the sisters apart.
    """
    name = "Hanna" if twin.given_name == "Anna" else twin.given_name[:-1] + "ia"
    return replace(
        person,
        given_name=name,
        family_name=twin.family_name,
        born_on=twin.born_on,
        pesel="",
        address=twin.address,
    )


def _copied_elsewhere(person: Person, number: int) -> Person:
    """What another partner wrote down about the same person: two letters swapped, no PESEL."""
    name = person.family_name
    slipped = name[:3] + name[4] + name[3] + name[5:]
    prefix = "CIM" if person.partner != "centrum-most" else "FNP"
    partner = "centrum-most" if prefix == "CIM" else "fundacja-prog"
    reference = f"{prefix}/{person.applied_on.year}/9{number:02}"
    return replace(
        person,
        family_name=slipped,
        partner=partner,
        reference=reference,
        pesel="",
        phone="",
        email="",
    )
