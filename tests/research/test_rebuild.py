"""Read models made anew from the ledger are those that were followed, document by document."""

from typing import Any

from shared.runtime.views import FRESH, Projector
from tests.research.conftest import Research
from tests.research.studying import open_wave, opened


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
