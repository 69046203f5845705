"""Whatever obeys the description is accepted, whatever does not is refused, nothing breaks it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from prometheus_client import CollectorRegistry
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from gateway.app import create_app
from shared.contracts.access import Role
from shared.runtime.health import Health
from tests.gateway.conftest import Gateway

EXAMPLES_PER_OPERATION = 5
_APP = create_app(None, Health(), CollectorRegistry())  # type: ignore[arg-type]
_SCHEMA = schemathesis.openapi.from_dict(_APP.openapi())
OPERATIONS: list[Any] = [found.ok() for found in _SCHEMA.get_all_operations()]  # type: ignore[union-attr]


def judges_fields_together(response: Any) -> bool:
    """Refused by a rule over several fields (the minimum is not over the maximum): no JSON schema
    can tell such a rule.
    """
    if response.status_code != 422 or response.json()["code"] != "invalid":
        return False
    return {error["code"] for error in response.json()["errors"]} == {"invalid"}


def lost_on_the_way(case: Any) -> bool:
    """Its fault may be a parameter with an empty list, which a query has no way to send, or white
    space around a text, which is taken off: what arrives has no fault.
    """
    empty = any(value == [] for value in (case.query or {}).values())
    return empty or any(text != text.strip() for text in _texts(case.body))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


@pytest.mark.slow
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_the_description_is_true(gateway: Gateway, operation: Any, mode: Any) -> None:
    headers = {"Authorization": f"Bearer {gateway.issuer.token(*Role)}"}

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES_PER_OPERATION,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any) -> None:
        response = case.call(base_url=gateway.url, headers=headers, timeout=20)
        excluded = [positive_data_acceptance] if judges_fields_together(response) else []
        too_large = response.status_code == 413  # a refusal, which the check does not take for one
        excluded += [negative_data_rejection] if too_large or lost_on_the_way(case) else []
        case.validate_response(response, excluded_checks=excluded)

    holds()
