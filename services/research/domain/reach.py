"""Who reaches what: the coordinator and the auditor everything, others what their partner does.

Participants are known here by their random ids, so a researcher reaches those of all partners.
"""

from shared.contracts.access import WHOLE_PARTNERSHIP, Role
from shared.contracts.operations import Caller
from shared.contracts.research.vocabulary.disclosure import Audience

INSIDE = frozenset({Role.COORDINATOR, Role.RESEARCHER, Role.AUDITOR})
"""Those who are bound to secrecy about tables that are not for the public."""


def reaches_all(caller: Caller) -> bool:
    return bool(caller.roles & WHOLE_PARTNERSHIP)


def reaches(caller: Caller, partner: str) -> bool:
    return reaches_all(caller) or caller.partner == partner


def reaches_all_participants(caller: Caller) -> bool:
    return reaches_all(caller) or Role.RESEARCHER in caller.roles


def reaches_participant(caller: Caller, partner: str) -> bool:
    return reaches_all_participants(caller) or caller.partner == partner


def is_inside(caller: Caller) -> bool:
    """Whether what is released for inside may be read at all."""
    return bool(caller.roles & INSIDE)


def reads_release(caller: Caller, audience: Audience, partner: str) -> bool:
    return audience is Audience.PUBLIC or (is_inside(caller) and reaches(caller, partner))
