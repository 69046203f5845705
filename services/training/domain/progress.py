"""How much of a course somebody attended, and whether the minimum can still be reached.

The denominator are the net minutes of all sessions of the timetable in force, past and future. A
session that is not marked yet is open: it may still be attended in full. Shares are compared as
whole numbers, never as fractions of binary floating point.
"""

from collections.abc import Iterable
from typing import NamedTuple, Self

from shared.contracts.training.vocabulary import WarningKind


class Progress(NamedTuple):
    """Minutes, in `sessions` sessions; `open_minutes` are those of the unmarked ones."""

    attended: int
    planned: int
    open_minutes: int
    sessions: int

    @classmethod
    def of(cls, sessions: Iterable[tuple[int, int | None]]) -> Self:
        """From (net minutes, minutes attended or None while not marked) of each session."""
        known = list(sessions)
        return cls(
            attended=sum(attended or 0 for _, attended in known),
            planned=sum(planned for planned, _ in known),
            open_minutes=sum(planned for planned, attended in known if attended is None),
            sessions=len(known),
        )

    @property
    def percent(self) -> int:
        """Rounded down, for people: 80 is shown only where 80 per cent were attended."""
        return self.attended * 100 // self.planned if self.planned else 0

    def reaches(self, minimum_percent: int) -> bool:
        return self.planned > 0 and self.attended * 100 >= minimum_percent * self.planned

    def can_reach(self, minimum_percent: int) -> bool:
        """With full attendance from now on."""
        return (self.attended + self.open_minutes) * 100 >= minimum_percent * self.planned

    def warning(self, minimum_percent: int) -> WarningKind | None:
        """`unreachable`, or `at_risk` when one more absence of average length makes it so.

        Who has missed nothing yet is not warned, however short the course.
        """
        if not self.can_reach(minimum_percent):
            return "unreachable"
        missed = self.planned - self.attended - self.open_minutes
        if missed == 0 or self.reaches(minimum_percent):
            return None
        spare = (self.attended + self.open_minutes) * 100 - minimum_percent * self.planned
        return "at_risk" if spare * self.sessions < self.planned * 100 else None
