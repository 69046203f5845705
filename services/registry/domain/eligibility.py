"""Who may start support: named policies, each a sentence with its source.

A policy answers with the refusal, or None when it is content.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registry.domain import consents
from services.registry.domain.consents import Consent
from services.registry.domain.identifiers import birth_date
from services.registry.domain.personal_record import Personal, readable
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import Kind
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Candidate:
    """An admitted person on the day support starts."""

    kind: Kind
    personal: Personal
    consents: Sequence[Consent]
    starts_on: date


Policy = Callable[[Candidate, RegistryRules], Rejected | None]


def participation_declared(candidate: Candidate, rules: RegistryRules) -> Rejected | None:
    """Support starts after the declaration of participation (recruitment regulations)."""
    for purpose in rules.participation_consents.on(candidate.starts_on):
        if not consents.in_force(candidate.consents, purpose, candidate.starts_on):
            return Rejected("registry.consent_missing", {"purpose": purpose.value})
    return None


def old_enough(candidate: Candidate, rules: RegistryRules) -> Rejected | None:
    """Participants are of the minimum age, in completed years, on the day of first support."""
    minimum = rules.minimum_age[candidate.kind].on(candidate.starts_on)
    born_on = birth_date(candidate.personal)
    if born_on is None:
        readable(candidate.personal.monitoring)
        return Rejected("registry.birth_date_missing", {"field": "/monitoring/born_on"})
    if age_on(candidate.starts_on, born_on) < minimum:
        return Rejected("registry.too_young", {"minimum_age": minimum})
    return None


def belongs_to_a_dependent_group(candidate: Candidate, rules: RegistryRules) -> Rejected | None:
    """A dependent participant shows at least one ground (art. 4, Act on social cooperatives)."""
    grounds = readable(candidate.personal.special).grounds or ()
    if not set(grounds) & set(rules.grounds.on(candidate.starts_on)):
        return Rejected("registry.ground_missing", {"field": "/special/grounds"})
    return None


def works_in_an_institution(candidate: Candidate, rules: RegistryRules) -> Rejected | None:
    """A staff participant works in an institution of the listed kinds (recruitment regulations)."""
    institution = readable(candidate.personal.monitoring).institution
    if institution not in rules.institutions.on(candidate.starts_on):
        return Rejected("registry.institution_missing", {"field": "/monitoring/institution"})
    return None


POLICIES: Final[Mapping[Kind, tuple[Policy, ...]]] = {
    Kind.DEPENDENT: (participation_declared, old_enough, belongs_to_a_dependent_group),
    Kind.STAFF: (participation_declared, old_enough, works_in_an_institution),
}


def require_eligible(candidate: Candidate, rules: RegistryRules) -> None:
    """Raise the refusal of the first policy that is not content."""
    for policy in POLICIES[candidate.kind]:
        if refusal := policy(candidate, rules):
            raise refusal


def age_on(day: date, born_on: date) -> int:
    """Completed years; who was born on 29 February completes one on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
