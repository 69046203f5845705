"""An example of what was recorded once must be read for ever.

`frozen/person.json` holds commit entries and vault documents as they were written by the first
version of this code, under a master key of 32 times `m` (`wrapped` in base64). It is never edited.
"""

import base64
import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from pymongo.database import Database

from shared.eventstore.mapper import LedgerMapper
from shared.eventstore.vault import Vault
from shared.kernel.aggregate import Event
from shared.kernel.personal import ERASED, WITHHELD, DataClass
from tests.eventstore.people import Person, Status

FILE = Path(__file__).parent / "frozen" / "person.json"
FROZEN: dict[str, Any] = json.loads(FILE.read_text())
PERSON = UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture
def restored(vault: Vault, database: Database[dict[str, Any]]) -> Vault:
    for key in FROZEN["keys"]:
        database["keys"].insert_one({**key, "wrapped": base64.b64decode(key["wrapped"])})
    return vault


def read(vault: Vault | None) -> list[Event]:
    return LedgerMapper(FROZEN["ledger"], vault).to_domain_events(
        [StoredEvent(UUID(e["o"]), e["v"], e["t"], e["d"].encode()) for e in FROZEN["events"]]
    )


def test_the_first_recorded_form_is_read(restored: Vault) -> None:
    registered, noted = read(restored)

    assert registered.model_dump() == {
        "originator_id": PERSON,
        "originator_version": 1,
        "occurred_on": date(2006, 5, 4),
        "kind": "dependent",
        "partners": ("A",),
        "share": Decimal("0.50"),
        "family_name": "Łoś",
        "pesel": "44051401359",
        "address": {"town": "Wąchock"},
        "born_on": date(1944, 5, 14),
        "status": Status.UNEMPLOYED,
        "household": 1,
        "disability": True,
    }
    assert isinstance(noted, Person.Noted)
    assert (noted.remark, noted.language) == ("moved to Wąchock", "pl")


def test_an_old_version_is_brought_up_also_when_its_box_stays_closed(restored: Vault) -> None:
    _, withheld = read(None)
    restored.erase(PERSON, [DataClass.IDENTITY], basis="x", approved_by="y")
    _, erased = read(restored)

    assert isinstance(withheld, Person.Noted)
    assert isinstance(erased, Person.Noted)
    assert (withheld.remark, withheld.language) == (WITHHELD, "pl")
    assert (erased.remark, erased.language) == (ERASED, "pl")


def test_the_example_is_the_one_that_was_frozen() -> None:
    assert (
        hashlib.sha256(FILE.read_bytes()).hexdigest()
        == "3ccb5b9c4257a645b2c2b3833ec23237d3351f231508307c532ac9cdd2b389d6"
    )
