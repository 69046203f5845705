"""The service answers exactly what its contract names."""

from services.kasa.service import Service
from shared.contracts.kasa.operations import OPERATIONS


def test_every_operation_has_its_method() -> None:
    answered = {
        name for name in dir(Service) if getattr(getattr(Service, name), "nameko_entrypoints", None)
    }
    hearing = {"feed", "from_registry", "from_training"}
    assert answered - hearing == {each.name for each in OPERATIONS}
    assert hearing <= answered
