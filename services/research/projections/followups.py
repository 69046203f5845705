"""Measurements after the exit: who, when, how far; the answers stay in the ledger, sealed."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.research.domain.followup import FollowUp
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "follow_ups", (_document(*each) for each in latest(batch, FollowUp, load)))

    indexes = [BY_CHANGE, IndexModel([("state", ASCENDING), ("due_from", ASCENDING)])]
    return Part({"follow_ups": indexes}, project)


def _document(follow_up: FollowUp, last: Recorded) -> Document:
    about = follow_up.about
    return {
        "_id": str(follow_up.id),
        "position": last.position,
        "version": follow_up.version,
        "participant_id": str(about.participant_id),
        "partner": about.partner,
        "kind": about.kind.value,
        "state": follow_up.state.value,
        "exited_on": follow_up.exited_on.isoformat(),
        "due_from": follow_up.due_from.isoformat(),
        "due_on": follow_up.due_on.isoformat(),
        "rule": follow_up.rule,
        "observed_on": follow_up.observed_on and follow_up.observed_on.isoformat(),
        "cancelled": follow_up.cancelled and follow_up.cancelled.value,
    }
