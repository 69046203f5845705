"""What is known of a person, and from which day each fact was true."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel

from shared.contracts.registry.vocabulary import (
    IdentityData,
    MonitoringData,
    PersonalData,
    SpecialData,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, Absent, DataClass, Unreadable

PART: Final[Mapping[DataClass, type[BaseModel]]] = {
    DataClass.IDENTITY: IdentityData,
    DataClass.MONITORING: MonitoringData,
    DataClass.SPECIAL: SpecialData,
}
T = TypeVar("T")


class Parts(NamedTuple):
    """Some facts about a person by data class, as events carry them; None: nothing of this class."""

    identity: IdentityData | Unreadable | None = None
    monitoring: MonitoringData | Unreadable | None = None
    special: SpecialData | Unreadable | None = None


@dataclass(frozen=True)
class Personal:
    """The personal record as it was true on one day."""

    identity: IdentityData | Unreadable
    monitoring: MonitoringData | Unreadable
    special: SpecialData | Unreadable

    @classmethod
    def of(cls, personal: PersonalData) -> "Personal":
        return cls(personal.identity, personal.monitoring, personal.special)

    def value(self, pointer: str) -> Any:
        """The value of a field, or the mark of its data class."""
        data_class, name = split(pointer)
        part = getattr(self, data_class)
        return part if isinstance(part, Absent) else getattr(part, name)


class Fact(NamedTuple):
    """A value and the day from which it was true."""

    true_from: date
    value: Any


class PersonalRecord:
    """The facts of one person, each field with its history.

    An update adds a value from a day on; a correction replaces the value that was in force on a
    day. The first value given also stands for the days before it, since nothing else is known.
    """

    def __init__(self) -> None:
        self._facts: dict[str, list[Fact]] = {}
        self._absent: dict[DataClass, Absent] = {}

    def learn(self, parts: Parts, on: date) -> None:
        """Take over the given values as true from a day on; None gives nothing."""
        for pointer, value in self._readable(parts):
            if value is not None:
                history = self._facts.setdefault(pointer, [])
                history.append(Fact(on, value))
                history.sort(key=lambda fact: fact.true_from)

    def correct(self, parts: Parts, fields: tuple[str, ...], in_force_on: date) -> None:
        """Replace the values of the fields that were in force on a day; None is «unknown»."""
        values = dict(self._readable(parts))
        for pointer in fields:
            history = self._facts.setdefault(pointer, [])
            wrong = self.in_force(pointer, in_force_on)
            right = Fact(wrong.true_from if wrong else in_force_on, values.get(pointer))
            if wrong:
                history[history.index(wrong)] = right
            else:
                history.append(right)

    def in_force(self, pointer: str, day: date) -> Fact | None:
        history = self._facts.get(pointer, [])
        begun = [fact for fact in history if fact.true_from <= day]
        return begun[-1] if begun else next(iter(history), None)

    def on(self, day: date) -> Personal:
        return Personal(*(self._part(data_class, day) for data_class in PART))

    def current(self) -> Personal:
        return self.on(date.max)

    def news(self, personal: PersonalData, day: date) -> Parts:
        """The given values that differ from those in force on a day.

        Raises `Rejected` when a data class that is touched cannot be read.
        """
        known = self.on(day)
        return Parts(
            **{
                data_class: _partial(
                    data_class,
                    {
                        name: value
                        for name, value in given(getattr(personal, data_class))
                        if value != getattr(readable(getattr(known, data_class)), name)
                    },
                )
                for data_class in PART
            }
        )

    def retractable(self, fields: Iterable[str], news: Parts, day: date) -> tuple[str, ...]:
        """Those fields that have a value on a day, which can hence be taken back.

        Raises `Rejected` for a field that is unknown, unreadable, or given a new value as well.
        """
        known = self.on(day)
        if doubled := sorted(set(fields) & set(pointers(news))):
            raise Rejected("registry.retracted_and_given", {"fields": doubled}, "/retracted")
        return tuple(p for p in dict.fromkeys(fields) if self._value(known, p) is not None)

    def facts_in_force(self, fields: Iterable[str], day: date) -> dict[str, Fact | None]:
        return {pointer: self.in_force(pointer, day) for pointer in fields}

    def in_order(self) -> dict[str, list[Any]]:
        """The values of each field one after the other, on whichever days they became true."""
        return {pointer: [fact.value for fact in facts] for pointer, facts in self._facts.items()}

    def require(self, data_class: DataClass) -> None:
        """Refuse to go on when the data class cannot be read, hence not be written either."""
        if absent := self._absent.get(data_class):
            raise unreadable(absent)

    def _value(self, known: Personal, pointer: str) -> Any:
        self.require(split(pointer)[0])
        return known.value(pointer)

    def _part(self, data_class: DataClass, day: date) -> Any:
        if absent := self._absent.get(data_class):
            return absent
        part = PART[data_class]
        facts = {name: self.in_force(f"/{data_class}/{name}", day) for name in part.model_fields}
        return part.model_construct(**{name: fact.value for name, fact in facts.items() if fact})

    def _readable(self, parts: Parts) -> Iterator[tuple[str, Any]]:
        for data_class in PART:
            part = getattr(parts, data_class)
            if isinstance(part, Absent):
                self._absent[data_class] = part
            elif part is not None:
                for name in type(part).model_fields:
                    yield f"/{data_class}/{name}", getattr(part, name)


def split(pointer: str) -> tuple[DataClass, str]:
    """Data class and field name of a pointer. Raises `Rejected` when there is no such field."""
    data_class, _, name = pointer.removeprefix("/").partition("/")
    if data_class not in PART or name not in PART[DataClass(data_class)].model_fields:
        raise Rejected("registry.field_unknown", {"field": pointer})
    return DataClass(data_class), name


def given(part: BaseModel) -> Iterator[tuple[str, Any]]:
    """The fields of a part that hold a value."""
    return ((name, value) for name, value in part if value is not None)


def parts_of(personal: PersonalData) -> Parts:
    return Parts(**{cls: _partial(cls, dict(given(getattr(personal, cls)))) for cls in PART})


def pointers(parts: Parts) -> tuple[str, ...]:
    return tuple(
        f"/{data_class}/{name}"
        for data_class, part in parts._asdict().items()
        if isinstance(part, BaseModel)
        for name, _ in given(part)
    )


def readable(value: T | Unreadable) -> T:
    """The value itself. Raises `Rejected` when it was erased or is withheld."""
    if isinstance(value, Absent):
        raise unreadable(value)
    return value


def unreadable(mark: Absent) -> Rejected:
    return Rejected("subject_erased" if mark is ERASED else "registry.data_withheld")


def _partial(data_class: DataClass, values: dict[str, Any]) -> Any:
    return PART[data_class].model_construct(**values) if values else None
