"""Who may be counted: a participant with everything the indicators need (F1 of the feature list).

An incomplete record enters only the grand total, never an indicator or a sample.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from services.registry.domain import consents
from services.registry.domain.consents import Consent
from services.registry.domain.participant import Participant
from services.registry.domain.personal_record import Personal, split, unreadable
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import Gap, Kind
from shared.kernel.personal import ERASED, Absent

UNRESOLVED_SAME_PESEL = "unresolved_same_pesel"


def gaps_of(
    participant: Participant, *, today: date, suspected: bool, rules: RegistryRules
) -> tuple[Gap, ...]:
    """What keeps a participant from being counted, as of the first start, or else of today.

    `suspected`: an earlier record with the same PESEL exists and nobody has decided yet.
    """
    day = participant.started_on or today
    personal = participant.personal.on(day)
    return gaps(participant.kind, personal, participant.consents, day, rules, suspected=suspected)


def countable(participant: Participant, found: Sequence[Gap]) -> bool:
    """Counted is who has started support, with a complete record of their own."""
    return not found and participant.started_on is not None and participant.merged_into is None


def gaps(
    kind: Kind,
    personal: Personal,
    given: Sequence[Consent],
    day: date,
    rules: RegistryRules,
    *,
    suspected: bool = False,
) -> tuple[Gap, ...]:
    """The missing fields by the minimum data of a kind that was in force on a day.

    Of a group of alternatives the first is named. A refused answer is an answer (Reg. (EU)
    1304/2013 annex I). An erased class has no gaps: it was complete when it counted, and an
    erasure must not change a total. Raises `Rejected("registry.data_withheld")`.
    """
    return tuple(_gaps(kind, personal, given, day, rules, suspected=suspected))


def _gaps(
    kind: Kind,
    personal: Personal,
    given: Sequence[Consent],
    day: date,
    rules: RegistryRules,
    *,
    suspected: bool,
) -> Iterator[Gap]:
    period = rules.minimum_data[kind].period_on(day)
    rule = f"minimum_data.{kind}/{period.valid_from.isoformat()}"
    for alternatives in period.value.any_of:
        if not any(_answered(personal, pointer) for pointer in alternatives):
            yield Gap(field=alternatives[0], rule=rule)
    for purpose in period.value.consents:
        if not consents.in_force(given, purpose, day):
            yield Gap(field=f"/consents/{purpose}", rule=rule)
    if suspected:
        yield Gap(field="/identity/pesel", rule=UNRESOLVED_SAME_PESEL)


def _answered(personal: Personal, pointer: str) -> bool:
    data_class, _ = split(pointer)
    part = getattr(personal, data_class)
    if isinstance(part, Absent):
        if part is ERASED:
            return True
        raise unreadable(part)
    return personal.value(pointer) is not None
