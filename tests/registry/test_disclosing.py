"""One recorded field is shown to an auditor, who verifies it and learns nothing else."""

import json
from typing import Any
from uuid import UUID

import pytest

from services.audit.formats.verifier.disclosures import Disclosure
from services.audit.formats.verifier.texts import Refused
from shared.contracts.registry import keeping
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from tests.driving import COORDINATOR, act_by
from tests.registry.conftest import Driven
from tests.registry.domain.people import ZOFIA
from tests.registry.test_registry import application


def disclosed(registry: Driven, person: UUID, position: int, field: str) -> keeping.Disclosure:
    request = keeping.DiscloseField(id=person, position=position, field=field)
    operation = registry.composition.queries.disclosing.disclose_field
    return operation(request, act_by(COORDINATOR, "registry.disclose_field"))


def payload_at(registry: Driven, position: int) -> bytes:
    (commit,) = registry.composition.application.recorder.ledger.commits(position, 1)
    return next(event.state for event in commit.events if event.id == position)


def verified(registry: Driven, shown: dict[str, Any], position: int) -> dict[str, Any]:
    disclosure = Disclosure(json.dumps(shown).encode())
    disclosure.observe("registry", position, payload_at(registry, position))
    return disclosure.verified()


def test_a_field_is_proven_without_the_others_and_is_gone_with_its_key(registry: Driven) -> None:
    receipt = registry.do(application())
    person, position = receipt.id, receipt.position
    told = disclosed(registry, person, position, "/identity/pesel").model_dump(mode="json")
    assert told["value"] == ZOFIA.identity.pesel
    text = json.dumps(told, ensure_ascii=False)
    assert str(ZOFIA.identity.family_name) not in text
    assert verified(registry, told, position)["value"] == ZOFIA.identity.pesel
    for change in (
        {"value": "44051401359"},
        {"field": "/identity/other_id"},
        {"data_class": "monitoring"},
        {"subject": str(UUID(int=1))},
        {"index": told["index"] ^ 1},
        {"salt": "AAAA"},
        {"salt": told["path"][0]},
        {"path": told["path"][:-1]},
        {"size": told["size"] * 2},
        {"position": position + 1},
        {"ledger": "training"},
    ):
        with pytest.raises(Refused):
            verified(registry, told | change, position)
    (access,) = registry_reads(registry, person)
    assert (access.operation, access.data_classes) == (
        "registry.disclose_field",
        (DataClass.IDENTITY,),
    )
    vault = registry.composition.application.vault
    vault.erase(person, [DataClass.IDENTITY], basis="x", approved_by="y")
    with pytest.raises(Rejected, match=r"registry.field_erased"):
        disclosed(registry, person, position, "/identity/pesel")
    assert disclosed(registry, person, position, "/monitoring/sex").value
    assert verified(registry, told, position)  # what was shown stays shown


def registry_reads(registry: Driven, person: UUID) -> tuple[keeping.Access, ...]:
    registry.project()
    found: keeping.AccessReport = registry.ask("list_accesses", keeping.ListAccesses(id=person))
    return found.items


def test_what_was_not_recorded_there_or_of_another_person_is_refused(registry: Driven) -> None:
    receipt, other = registry.do(application()), registry.do(application(reference="2"))
    for person, position, field in (
        (receipt.id, other.position, "/identity/pesel"),
        (receipt.id, receipt.position, "/identity"),
        (receipt.id, 10**6, "/identity/pesel"),
    ):
        with pytest.raises(Rejected, match=r"registry.field_not_recorded"):
            disclosed(registry, person, position, field)
    with pytest.raises(Rejected, match="not_found"):
        disclosed(registry, UUID(int=1), receipt.position, "/identity/pesel")
