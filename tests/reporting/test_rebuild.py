"""Read models made anew from the ledger are those that were followed, document by document."""

from typing import Any

from shared.runtime.views import FRESH, Projector
from tests.reporting.conftest import Reporting
from tests.reporting.telling import STARTED
from tests.reporting.test_plans import FIRST, agreed
from tests.reporting.test_reports import computed, enter


def documents(projector: Projector) -> dict[str, list[dict[str, Any]]]:
    return {
        name: list(collection.find().sort("_id"))
        for name, collection in projector.collections.items()
    }


def test_facts_plans_and_reports_are_the_same_anew(reporting: Reporting) -> None:
    enter(reporting, STARTED, 1, 2)
    agreed(reporting, FIRST)
    computed(reporting)
    fresh = Projector(reporting.projector.projection, reporting.followed.views, FRESH)
    fresh.prepare()
    position = 0
    while (reached := fresh.advance(reporting.followed.history, position)) != position:
        position = reached
    assert documents(fresh) == documents(reporting.projector)
    assert all(documents(fresh).values())
    fresh.drop()
