"""Consents of one participant: per purpose and version of the text, withdrawn on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.contracts.registry.vocabulary import Purpose


@dataclass(frozen=True)
class Consent:
    purpose: Purpose
    text_version: str
    given_on: date
    withdrawn_on: date | None = None

    def in_force(self, day: date) -> bool:
        """Withdrawal works from its day on and leaves what was done before lawful (GDPR 7(3))."""
        return self.given_on <= day and (self.withdrawn_on is None or day < self.withdrawn_on)


def in_force(consents: Sequence[Consent], purpose: Purpose, day: date) -> Consent | None:
    """The latest consent to a purpose that is in force on a day."""
    valid = [c for c in consents if c.purpose is purpose and c.in_force(day)]
    return valid[-1] if valid else None


def withdrawn(consents: Sequence[Consent], purpose: Purpose, day: date) -> tuple[Consent, ...]:
    """The consents after one purpose was withdrawn on a day, in all versions of its text."""
    return tuple(
        replace(c, withdrawn_on=day) if c.purpose is purpose and c.in_force(day) else c
        for c in consents
    )
