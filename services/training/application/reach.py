"""Editions as far as the caller reaches them; what is out of reach does not exist for them."""

from uuid import UUID

from services.training.application import Training
from services.training.domain.edition import Edition
from services.training.domain.reach import Reach
from shared.contracts.training.vocabulary import Session
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def edition_for(training: Training, edition_id: UUID, act: Act) -> Edition:
    """Refused as `not_found`; as `stale_version` when the caller decided on another version."""
    edition = training.find(Edition, edition_id)
    if edition is None or not _reaches(act, edition):
        raise Rejected("not_found", {"id": str(edition_id)})
    if act.expected_version not in (None, edition.version):
        raise Rejected("stale_version", {"current": edition.version})
    return edition


def session_for(
    training: Training, edition_id: UUID, session_id: UUID, act: Act
) -> tuple[Edition, Session]:
    """A session of the timetable in force with its edition; a trainer's own only. The version that
    the caller decided on is the attendance list's, and not looked at here.
    """
    edition = training.find(Edition, edition_id)
    session = edition.session(session_id) if edition is not None else None
    if edition is None or session is None:
        raise Rejected("not_found", {"id": str(session_id)})
    if not Reach.of(act.caller).includes(edition.terms.partner, {session.trainer}):
        raise Rejected("not_found", {"id": str(session_id)})
    return edition, session


def _reaches(act: Act, edition: Edition) -> bool:
    return Reach.of(act.caller).includes(edition.terms.partner, edition.trainers)
