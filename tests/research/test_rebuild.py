"""Read models made anew from the ledger are those that were followed, document by document."""

from typing import Any

from shared.runtime.views import FRESH, Projector
from tests.research.conftest import Research
from tests.research.studying import open_wave, opened
from tests.research.telling import began, left, person, registry_of
from tests.research.test_invitations import done, ordered, sampled


def documents(projector: Projector) -> dict[str, list[dict[str, Any]]]:
    return {
        name: list(collection.find().sort("_id"))
        for name, collection in projector.collections.items()
    }


def require_same_anew(research: Research, *names: str) -> None:
    fresh = Projector(research.projector.projection, research.followed.views, FRESH)
    fresh.prepare()
    position = 0
    while (reached := fresh.advance(research.followed.history, position)) != position:
        position = reached
    assert documents(fresh) == documents(research.projector)
    assert all(documents(fresh)[name] for name in names)
    fresh.drop()


def test_studies_are_the_same_anew(research: Research) -> None:
    open_wave(research, opened(research))
    require_same_anew(research, "studies")


def test_participants_samples_and_invitations_too(research: Research) -> None:
    study, wave = sampled(research, 12)
    done(research, ordered(research, study, wave))
    require_same_anew(
        research, "subjects", "samples", "links", "invited_waves", "invitations", "studies"
    )


def test_measurements_after_exits_too(research: Research) -> None:
    registry_of(research).tell(*began(research, person(0), sex="female"), left(person(0)))
    require_same_anew(research, "subjects", "follow_ups")
