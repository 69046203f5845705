"""Names joined at the edge: services tell of participants by id, the registry says who they are.

Whoever asks for a page is not to lose it because names are missing: when the registry does not answer
in time, the page goes out without them and says so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import structlog

from gateway.problems import Problem
from shared.contracts.model import Published
from shared.contracts.operations import Caller, Operation
from shared.contracts.registry.operations import NAME_PARTICIPANTS

HEADER: Final = "Participant-Names"
AT_ONCE: Final = 100
"""Participants named by one call."""
SECONDS: Final = 2.0
"""How long a page waits for its names."""
ReplyT = TypeVar("ReplyT", bound=Published)
Told = Literal["joined", "unavailable", "withheld"]
Ask = Callable[[Operation[Any, Any], dict[str, Any]], Awaitable[Any]]

log = structlog.get_logger(__name__)


async def joined(reply: ReplyT, caller: Caller, ask: Ask) -> tuple[ReplyT, Told]:
    """The reply with each `participant_name` filled that stands beside a `participant_id`.

    `withheld` from callers who may not ask for names; null also for those who have none.
    """
    if caller.roles.isdisjoint(NAME_PARTICIPANTS.roles):
        return reply, "withheld"
    document = reply.model_dump(mode="json")
    places = list(_places(document))
    try:
        async with asyncio.timeout(SECONDS):
            names = await names_of((UUID(place["participant_id"]) for place in places), ask)
    except (Problem, TimeoutError) as error:
        code = error.code if isinstance(error, Problem) else "too_late"
        log.warning("names_unavailable", code=code)
        return reply, "unavailable"
    for place in places:
        place["participant_name"] = names.get(UUID(place["participant_id"]))
    return type(reply).model_validate(document), "joined"


async def names_of(participants: Iterable[UUID], ask: Ask) -> dict[UUID, dict[str, str]]:
    """Given and family names by participant, of those that the registry tells the caller.

    Raises `Problem`.
    """
    wanted = sorted({str(participant) for participant in participants})
    answers = await asyncio.gather(
        *(
            ask(NAME_PARTICIPANTS, {"ids": wanted[start : start + AT_ONCE]})
            for start in range(0, len(wanted), AT_ONCE)
        )
    )
    return {
        name.id: {"given_name": name.given_name, "family_name": name.family_name}
        for answer in answers
        for name in answer.items
    }


def _places(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        if "participant_name" in document and document["participant_id"] is not None:
            yield document
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from _places(part)
