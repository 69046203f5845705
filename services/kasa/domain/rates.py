"""Exchange rates as NBP announced them: a stream for each year, in which a day has one rate."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.kasa.vocabulary.undertakings import ExchangeRate
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come
from shared.kernel.errors import Rejected


class RateTable(Aggregate):
    """Zlotys for one euro; the id derives from the year (`id_of("rates", year)`)."""

    class Announced(Event):
        """Rates were taken over from the announcements; the day is that of the latest."""

        TOPIC: ClassVar[str] = "kasa.RateTable.Announced"
        rates: tuple[ExchangeRate, ...]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.rates: dict[date, ExchangeRate] = {}

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Announced) -> None:
        self.rates |= {each.announced_on: each for each in event.rates}

    def announce(self, rates: Sequence[tuple[str, ExchangeRate]], *, today: date) -> None:
        """Each with the pointer to it; known ones are passed over. Raises `kasa.rate_differs`."""
        new: dict[date, ExchangeRate] = {}
        for pointer, rate in rates:
            require_come(rate.announced_on, today, f"{pointer}/announced_on")
            known = (self.rates | new).get(rate.announced_on)
            if known is not None and known != rate:
                raise Rejected("kasa.rate_differs", {"recorded": str(known.rate)}, pointer)
            if known is None:
                new[rate.announced_on] = rate
        if new:
            days = sorted(new)
            self.record(self.Announced, occurred_on=days[-1], rates=tuple(new[day] for day in days))

    def in_force(self, day: date, days: int) -> ExchangeRate | None:
        """The latest announced on the day or in so many days before it."""
        before = (day - timedelta(back) for back in range(days + 1))
        return next((self.rates[each] for each in before if each in self.rates), None)
