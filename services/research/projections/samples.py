"""Samples, links and invitations; what is sealed of them goes on as it was recorded."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.research.domain.invitation import Invitation, Invitations
from services.research.domain.sample import Link, Sample
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        drawn = [(each, each.event) for each in batch if isinstance(each.event, Sample.Drawn)]
        replace(writer, "samples", (_sample(*each) for each in drawn))
        links = [each.event for each in batch if isinstance(each.event, Link.Made)]
        replace(writer, "links", map(_link, links))
        waves = latest(batch, Invitations, load)
        replace(writer, "invited_waves", (_wave(*each) for each in waves))
        invitations = latest(batch, Invitation, load)
        replace(writer, "invitations", (_invitation(each) for each, _ in invitations))

    return Part(
        {
            "samples": [],
            "links": [IndexModel([("study_id", ASCENDING)])],
            "invited_waves": [],
            "invitations": [IndexModel([("wave_id", ASCENDING)])],
        },
        project,
    )


def _link(made: Link.Made) -> Document:
    box = made.box(DataClass.IDENTITY)
    return {
        "_id": str(made.originator_id),
        "study_id": str(made.study_id),
        "unit_id": str(made.unit_id),
        "box": box and box.model_dump(mode="json"),
    }


def _wave(invitations: Invitations, last: Recorded) -> Document:
    terms = invitations.terms
    return {
        "_id": str(terms.wave_id),
        "position": last.position,
        "study_id": str(terms.study_id),
        "partner": terms.partner,
        "mode": terms.mode.value,
        "reminded": {str(day): on.isoformat() for day, on in invitations.reminded.items()},
    }


def _invitation(invitation: Invitation) -> Document:
    terms = invitation.terms
    box = terms.box(DataClass.IDENTITY)
    return {
        "_id": str(invitation.id),
        "wave_id": str(terms.wave_id),
        "pseudonym": box and box.model_dump(mode="json"),
        "state": invitation.state.value,
    }


def _sample(last: Recorded, drawn: Sample.Drawn) -> Document:
    box = drawn.box(DataClass.MONITORING)
    facts = drawn.model_dump(
        mode="json",
        include={
            "study_id",
            "partner",
            "choice",
            "rule",
            "seed",
            "size",
            "frame_size",
            "frame_position",
            "frame_digest",
            "age_bands",
        },
    )
    return facts | {
        "_id": str(drawn.originator_id),
        "position": last.position,
        "version": drawn.originator_version,
        "drawn_on": drawn.occurred_on.isoformat(),
        "box": box and box.model_dump(mode="json"),
    }
