"""What became of participants in the registry, and what follows for the measurements after exits.

Nothing here is refused: the facts of others are facts. Each function records all that follows from
one event in one commit, together with the place of that event (`tracking`).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID, uuid5

from eventsourcing.persistence import Tracking

from services.research.application import Research
from services.research.application.responses import cut_loose, responses_of
from services.research.domain.enterprise import Enterprise
from services.research.domain.followup import Asked, FollowUp, follow_up_id
from services.research.domain.response import Response
from services.research.domain.subject import Episode, Subject
from shared.contracts.research.vocabulary.followups import Cancellation, FollowUpKind
from shared.kernel.personal import DataClass
from shared.kernel.provenance import Provenance


def learn(
    research: Research,
    participant_id: UUID,
    note: Callable[[Subject], None],
    on: date,
    provenance: Provenance,
    tracking: Tracking,
    *,
    also: Sequence[Response] = (),
) -> None:
    subject = research.find(Subject, participant_id) or Subject(participant_id)
    before = subject.episodes, subject.can_be_asked
    note(subject)
    changed = (subject.episodes, subject.can_be_asked) != before
    measured = _measured(research, subject, on) if changed else []
    research.record(subject, *measured, *also, provenance=provenance, tracking=tracking)


def forget(
    research: Research,
    participant_id: UUID,
    data_classes: Collection[DataClass],
    on: date,
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    """All that is linked to a participant becomes nobody's.

    That an erasure was heard of is recorded first: a response that begins later finds it out by
    itself, one that began earlier is found here. That the participant is erased, which tells the
    registry that all is forgotten, is recorded last, with the place of the event. Interrupted in
    between, all is done again.
    """
    subject = research.find(Subject, participant_id) or Subject(participant_id)
    subject.hear_of_erasure(on)
    heard = provenance.model_copy(update={"command_id": uuid5(provenance.command_id, "heard")})
    research.record(subject, provenance=heard)
    responses = responses_of(research, participant_id)
    cut_loose(research, responses, provenance.actor, on)
    learn(
        research,
        participant_id,
        lambda subject: subject.erase(data_classes, on),
        on,
        provenance,
        tracking,
        also=responses,
    )


def learn_of_enterprise(
    research: Research,
    enterprise_id: UUID,
    note: Callable[[Enterprise], None],
    provenance: Provenance,
    tracking: Tracking,
) -> None:
    enterprise = research.find(Enterprise, enterprise_id) or Enterprise(enterprise_id)
    note(enterprise)
    research.record(enterprise, provenance=provenance, tracking=tracking)


def _measured(research: Research, subject: Subject, on: date) -> list[FollowUp]:
    """The measurements after every exit, as they are due now: those of the final one only."""
    if subject.registered is None:
        return []
    found = []
    for number, episode in enumerate(subject.episodes, start=1):
        if episode.exited_on is None:
            continue
        for kind in FollowUpKind:
            identity = follow_up_id(subject.id, number, kind)
            follow_up = research.find(FollowUp, identity) or FollowUp(identity)
            cause = _why_not(subject, episode)
            if cause is None:
                asked = Asked(subject.id, subject.registered.partner, number, kind)
                follow_up.ask(asked, episode.exited_on, research.rules.followups, on)
            else:
                follow_up.cancel(cause, on)
            found.append(follow_up)
    return found


def _why_not(subject: Subject, episode: Episode) -> Cancellation | None:
    """Why nobody is asked about an exit; None when it is asked about."""
    if subject.merged_into is not None:
        return Cancellation.MERGED
    if not subject.can_be_asked:
        return Cancellation.ERASED
    return None if episode is subject.episodes[-1] else Cancellation.RE_ENTRY
