"""An aggregate with a field of every kind that the mapper must carry."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import singledispatchmethod
from typing import Any, ClassVar
from uuid import UUID

from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import Identity, Monitoring, Special


class Status(StrEnum):
    UNEMPLOYED = "unemployed"
    EMPLOYED = "employed"


class Person(Aggregate):
    class Registered(Event):
        TOPIC: ClassVar[str] = "trial.Person.Registered"

        kind: str
        share: Decimal = Decimal("0.50")
        partners: tuple[str, ...] = ()
        family_name: Identity[str | None] = None
        pesel: Identity[str | None] = None
        address: Identity[dict[str, str] | None] = None
        born_on: Monitoring[date | None] = None
        status: Monitoring[Status | None] = None
        household: Monitoring[int] = 1
        disability: Special[bool | None] = None

    class Renamed(Event):
        TOPIC: ClassVar[str] = "trial.Person.Renamed"

        family_name: Identity[str]

    class Moved(Event):
        TOPIC: ClassVar[str] = "trial.Person.Moved"

        town: Identity[str | None]
        """None: without an address. It must be said, so it must be recorded."""

    class Noted(Event):
        """Version 1 had `note` and no `language`; `remark` was optional."""

        TOPIC: ClassVar[str] = "trial.Person.Noted"
        class_version: ClassVar[int] = 2

        remark: Identity[str | None] = None
        language: str

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["language"] = "pl"
            if "note" in state:
                state["remark"] = state.pop("note")

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.family_name: Identity[str | None] = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Registered) -> None:
        self.family_name = event.family_name

    @apply.register
    def _(self, event: Renamed) -> None:
        self.family_name = event.family_name

    @apply.register
    def _(self, event: Moved) -> None:
        pass

    @apply.register
    def _(self, event: Noted) -> None:
        pass

    @classmethod
    def register(cls, person_id: UUID, on: date, **facts: Any) -> "Person":
        person = cls(person_id)
        person.record(cls.Registered, occurred_on=on, **facts)
        return person

    def rename(self, family_name: str, on: date) -> None:
        self.record(self.Renamed, occurred_on=on, family_name=family_name)
