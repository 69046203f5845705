"""Commands on responses, and how one becomes nobody's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.research.application import Research
from services.research.application.instruments import version_of
from services.research.application.studies import study_within
from services.research.domain.form.answers import Given
from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.domain.response import ANONYMISED, Link, Response
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import responses as commands
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent, SealedBox, Unreadable
from shared.messaging.publication import LedgerHistory
from shared.runtime.views import PROJECTIONS

TAIL: Final = 1_000
"""Events read at once of what the read models do not include yet."""


def edit_response(research: Research, command: commands.EditResponse, act: Act) -> Receipt:
    response = response_within(research, command.response_id, act)
    if act.expected_version not in (None, response.version):
        raise Rejected("stale_version", {"current": response.version})
    pinned = response.asked.instrument
    form = Form(version_of(research, pinned.instrument_id, pinned.version).definition)
    given_on = response.submitted_on or research.today()
    response.edit(
        accepted(form, command.answers, given_on),
        reason=command.reason,
        by=act.caller.subject,
        on=research.today(),
    )
    return research.commit(act, response)


def review_responses(research: Research, command: commands.ReviewResponses, act: Act) -> Receipt:
    """Refused as `not_found` when one of them is of another wave."""
    found = research.load_many(Response, command.responses)
    for response in found.values():
        if response.asked.wave_id != command.wave_id:
            raise Rejected("not_found", {"id": str(response.id)}, "/responses")
        study_within(research, response.asked.study_id, act)
        response.give_verdict(
            command.status, command.note, by=act.caller.subject, on=research.today()
        )
    return research.commit(act, *found.values())


def accepted(form: Form, answers: Mapping[str, Given], on: date) -> Mapping[str, str]:
    """The canonical answers. Raises `Rejected` with the first objection."""
    judged = judge(form, answers, on=on)
    for objection in judged.problems:
        facts = {"problems": len(judged.problems), **objection.facts}
        raise Rejected(objection.code, facts, f"/answers{objection.pointer}")
    return judged.answers


def response_within(research: Research, response_id: UUID, act: Act) -> Response:
    """Refused as `not_found` when it is out of the caller's reach."""
    response = research.load(Response, response_id)
    study_within(research, response.asked.study_id, act)
    return response


def cut_loose(
    research: Research,
    responses: Sequence[Response],
    by: str,
    on: date,
    *,
    basis: str = "gdpr.art17",
) -> None:
    """Make responses nobody's: first the keys of their links are destroyed, then that is recorded by
    whoever calls. What was interrupted in between does both again.
    """
    for response in responses:
        research.forget(response.id, ANONYMISED, basis=basis, approved_by=by)
        response.anonymise(on)


def responses_of(research: Research, unit_id: UUID) -> list[Response]:
    """Those that are linked to a participant; also those which the read models do not know yet, and
    those whose link was destroyed by what was interrupted before it was recorded.
    """
    reached = research.frames.views[PROJECTIONS].find_one({"_id": research.name})
    boxes = [
        SealedBox.model_validate(each["link"])
        for each in research.frames.views["responses"].find({"link": {"$ne": None}}, {"link": 1})
    ]
    links: list[tuple[UUID, Link | Unreadable | None]] = [
        (box.subject, told if isinstance(told, Absent) else Link.model_validate(told["link"]))
        for box, told in zip(boxes, research.vault.open_many(boxes), strict=True)
    ]
    begun = _begun_after(research, int(reached["n"]) if reached else 0)
    links += [(event.originator_id, event.link) for event in begun]
    concerned = {
        response_id
        for response_id, link in links
        if isinstance(link, Absent) or (link is not None and link.unit_id == unit_id)
    }
    return [each for each in research.load_many(Response, concerned).values() if each.is_linked]


def _begun_after(research: Research, position: int) -> Iterator[Response.Begun]:
    history = LedgerHistory(research.recorder.ledger, research.mapper.to_domain_events)
    while recorded := history.read(position, TAIL):
        position = recorded[-1].position
        yield from (each.event for each in recorded if isinstance(each.event, Response.Begun))
