"""The shape of a set of indicators, as its TOML file gives it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    StringConstraints,
    ValidationError,
)

from services.reporting.domain.history.rows import ABOUT_PARTICIPANTS, UNIVERSES
from services.reporting.domain.indicators.conditions import Condition, Parser, Refused
from services.reporting.domain.indicators.vocabulary import (
    AGE_BAND,
    MINIMUM_RECORD,
    PERSONS,
    ROW,
    Type,
    columns_of,
)
from shared.kernel.personal import DataClass

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
MONITORING = frozenset({DataClass.MONITORING})
FROZEN = ConfigDict(frozen=True, extra="forbid")


class Moment(StrEnum):
    """When a person is measured."""

    ENTRY = "entry"
    EXIT = "exit"
    SIX_MONTHS = "six_months"


class Unit(StrEnum):
    PERSONS = "persons"
    ENTITIES = "entities"
    MINUTES = "minutes"
    GROSZ = "grosz"
    HUNDREDTHS = "hundredths"
    """Of full-time jobs."""


SUMS = frozenset({Unit.MINUTES, Unit.GROSZ, Unit.HUNDREDTHS})


class Name(BaseModel):
    model_config = FROZEN

    pl: str
    en: str


class Windows(BaseModel):
    """Days within which a situation is observed, after the exit and after six months."""

    model_config = FROZEN

    outcome_days: NonNegativeInt
    follow_up_days: NonNegativeInt


class AgeBand(BaseModel):
    """Completed years, both included; None: no bound."""

    model_config = FROZEN

    label: str
    first: NonNegativeInt
    last: NonNegativeInt | None = None


class Indicator(BaseModel):
    """`not_counted` says why no number can be computed here; then there is no condition."""

    model_config = FROZEN

    code: Code
    name: Name
    universe: str = PERSONS
    moment: Moment | None = None
    unit: Unit = Unit.PERSONS
    where: Any = None
    breakdowns: tuple[tuple[str, ...], ...] = ()
    subset_of: Code | None = None
    sensitive: bool = False
    grand_total: bool = False
    not_counted: str | None = None
    valid_from: date
    valid_to: date | None = None
    retroactive: bool = False
    """The end of validity acts on the days before it too, from the moment it is law."""
    source: str
    verified: bool


class IndicatorSet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    code: Code
    name: Name
    windows: Windows
    age_bands: tuple[AgeBand, ...] = ()
    conditions: dict[str, Any] = {}
    indicators: tuple[Indicator, ...]

    @classmethod
    def parse(cls, file: str, text: str) -> Self:
        """Raises `ValueError` that names the file, the key and what was expected there."""
        try:
            rules = cls.model_validate(tomllib.loads(text))
            rules.require_consistent()
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{file}: {_path(first['loc'])}: {first['msg']}") from None
        except (tomllib.TOMLDecodeError, Refused) as error:
            raise ValueError(f"{file}: {error}") from None
        return rules

    @cached_property
    def version(self) -> str:
        """Digest of everything the set says: two sets count alike if their versions are equal."""
        canonical = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def compiled(self) -> Mapping[str, Condition]:
        """The condition of each indicator, compiled once."""
        return {
            each.code: self._parser(each.universe).parse(
                each.where, f"indicators.{each.code}.where"
            )
            for each in self.indicators
            if each.where is not None
        }

    def indicator(self, code: str) -> Indicator:
        """Raises `KeyError`."""
        return self.by_code[code]

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        return {each.code: each for each in self.indicators}

    def with_wholes(self, code: str) -> tuple[Indicator, ...]:
        """The indicator and those that it is a part of."""
        indicator = self.indicator(code)
        wholes = self.with_wholes(indicator.subset_of) if indicator.subset_of else ()
        return (*wholes, indicator)

    def classes(self, code: str) -> frozenset[DataClass]:
        """What a look at who is in the number, or in a cell of it, tells of them."""
        parts = self.with_wholes(code)
        read = (columns_of(each.universe)[name] for each in parts for name in self._read(each))
        special = any(column.special for column in read)
        return frozenset(DataClass) - {DataClass.IDENTITY} if special else MONITORING

    def _read(self, indicator: Indicator) -> set[str]:
        read = {name for dimensions in indicator.breakdowns for name in dimensions}
        if AGE_BAND in read:
            read = (read - {AGE_BAND}) | {"age_at_start"}
        condition = self.compiled.get(indicator.code)
        return read | condition.columns if condition else read

    def sources(self, code: str) -> frozenset[str]:
        """The parts of a history or row that the indicator, its wholes and its breakdowns read."""
        indicator = self.indicator(code)
        columns = columns_of(indicator.universe)
        read = self._read(indicator)
        names = {source for name in read for source in columns[name].reads}
        if names - set(ROW):
            names |= {"record", "entry"}
        if indicator.universe == PERSONS:
            names |= {"record", "entry"}
            if not indicator.grand_total:
                names |= {source for name in MINIMUM_RECORD for source in columns[name].reads}
            if indicator.moment is not Moment.ENTRY:
                names.add("stay")
            if indicator.moment is Moment.EXIT:
                names.add("outcome")
            if indicator.moment is Moment.SIX_MONTHS:
                names.add("follow_up")
        if indicator.subset_of:
            names |= self.sources(indicator.subset_of)
        return frozenset(names)

    def _parser(self, universe: str) -> Parser:
        return Parser(columns_of(universe), self.conditions)

    def require_consistent(self) -> None:
        """Raises `Refused`."""
        codes = [each.code for each in self.indicators]
        for each in self.indicators:
            key = f"indicators.{each.code}"
            if codes.count(each.code) > 1:
                raise Refused(key, "the code is given twice")
            _check_indicator(each, key)
            if each.subset_of is not None:
                self._check_part(each, f"{key}.subset_of")
        for name, condition in self.conditions.items():
            self._parser(PERSONS).parse(condition, f"conditions.{name}")
        _ = self.compiled

    def _check_part(self, part: Indicator, key: str) -> None:
        """A chain of wholes ends, and all of them are numbers of the same universe and moment."""
        seen = {part.code}
        code = part.subset_of
        while code is not None:
            whole = self.by_code.get(code)
            if whole is None:
                raise Refused(key, f"there is no indicator {code}")
            if (whole.universe, whole.moment) != (part.universe, part.moment):
                raise Refused(key, f"{code} is not of the same universe and moment")
            if code in seen:
                raise Refused(key, f"{code} would be a part of itself")
            seen.add(code)
            code = whole.subset_of


def _check_indicator(each: Indicator, key: str) -> None:
    if each.universe != PERSONS and each.universe not in UNIVERSES:
        known = ", ".join([PERSONS, *sorted(UNIVERSES)])
        raise Refused(f"{key}.universe", f"unknown; a universe is one of {known}")
    if (each.universe == PERSONS) != (each.moment is not None):
        raise Refused(f"{key}.moment", "persons are measured at a moment, and only persons")
    if each.valid_to is not None and each.valid_to < each.valid_from:
        raise Refused(f"{key}.valid_to", "lies before valid_from")
    if each.retroactive and each.valid_to is None:
        raise Refused(f"{key}.retroactive", "only an end can act backwards; valid_to is missing")
    if each.where is not None and (each.not_counted or each.grand_total):
        raise Refused(f"{key}.where", "a grand total, or what is not counted, has no condition")
    columns = columns_of(each.universe)
    for dimensions in each.breakdowns:
        for name in dimensions:
            aged = each.universe == PERSONS or each.universe in ABOUT_PARTICIPANTS
            if name == AGE_BAND and aged:
                continue
            if name not in columns or columns[name].type not in {Type.CHOICE, Type.TAGS}:
                raise Refused(f"{key}.breakdowns", f"{name!r} is no column with labels")


def _path(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in location)[1:]
