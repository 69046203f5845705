"""The description is valid, complete and true."""

import json
from typing import Any, cast

import httpx
import pytest
import schemathesis
from jsonschema import Draft202012Validator

from gateway.app import endpoints
from gateway.endpoints import Endpoint
from gateway.problems import TABLE
from shared.contracts.operations import Effect
from tests.gateway.responder import EXAMPLES

ENDPOINTS = list(endpoints())


@pytest.fixture(scope="module")
def document(running: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", httpx.get(f"{running.url}/openapi.json", timeout=60).json())


def described(document: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    return cast("dict[str, Any]", document["paths"][endpoint.path][endpoint.method.lower()])


def resolved(document: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The response itself, where a shared one is referred to."""
    *_, name = told.get("$ref", "").split("/")
    return cast("dict[str, Any]", document["components"]["responses"][name]) if name else told


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()


def test_every_endpoint_is_described_and_nothing_else(document: dict[str, Any]) -> None:
    found = {(path, method) for path, item in document["paths"].items() for method in item}
    assert found == {(endpoint.path, endpoint.method.lower()) for endpoint in ENDPOINTS}
    assert document["security"] == [{"bearer": []}]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_endpoint_has_summary_examples_and_every_error(
    document: dict[str, Any], endpoint: Endpoint
) -> None:
    operation = described(document, endpoint)
    assert operation["summary"]
    responses = operation["responses"]
    assert str(endpoint.status) in responses
    assert {"400", "406", "422", "429", "500", "503"} <= set(responses)
    assert ({"401", "403"} <= set(responses)) is not endpoint.operation.open
    assert operation.get("security") == ([] if endpoint.operation.open else None)
    if endpoint.method != "GET":
        assert {"408", "413", "415"} <= set(responses)
    assert ({"412", "428"} <= set(responses)) is endpoint.versioned
    for status, told in responses.items():
        response = resolved(document, told)
        if int(status) >= 400 and "text/html" not in response["content"]:
            (content,) = response["content"].items()
            assert content[0] == "application/problem+json"
            assert {TABLE[code].status for code in content[1]["examples"]} == {int(status)}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_examples_obey_models_and_schemas(document: dict[str, Any], endpoint: Endpoint) -> None:
    written = EXAMPLES[endpoint.operation.name]
    endpoint.operation.request.model_validate(written["request"])
    is_command = endpoint.operation.effect is Effect.COMMAND
    reply = EXAMPLES["receipt"] if is_command else written["reply"]
    endpoint.operation.reply.model_validate(reply)
    operation = described(document, endpoint)
    contents = [*operation["responses"].values(), operation.get("requestBody", {})]
    for content in (media for one in contents for media in one.get("content", {}).values()):
        schema = json.loads(json.dumps(content["schema"]).replace("#/", "#/"))
        validator = Draft202012Validator(schema | {"components": document["components"]})
        for example in [
            *([content["example"]] if "example" in content else []),
            *(example["value"] for example in content.get("examples", {}).values()),
        ]:
            validator.validate(example)


def test_no_example_is_left_over() -> None:
    assert set(EXAMPLES) == {endpoint.operation.name for endpoint in ENDPOINTS} | {"receipt"}


def test_nothing_is_loaded_from_elsewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document).replace("https://example.org/", "")  # RFC 2606, in examples only
    assert "http://" not in text
    assert "https://" not in text
