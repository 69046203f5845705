"""The RPC entrypoint against a raw AMQP client: whatever comes, the service answers the next call."""

import json
import signal
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.access import Role
from shared.contracts.operations import Effect, Operation
from tests.messaging.caller import Caller, request
from tests.messaging.conftest import Start
from tests.messaging.process import Process
from tests.messaging.trial.contracts import Number

CANARY = "Zażółcisława Kanarek"


@pytest.fixture(scope="module")
def service(start: Start, amqp_uri: str) -> Process:
    process = start("answering", amqp_uri)
    process.wait_for("SERVING")
    return process


@pytest.fixture
def caller(service: Process, amqp_uri: str) -> Iterator[Caller]:
    with Caller(amqp_uri) as caller:
        yield caller


def whole_call(**changed: Any) -> dict[str, Any]:
    return {
        "token": "coordinator:anna",
        "correlation_id": str(uuid4()),
        "payload": {"number": 1},
        **changed,
    }


def refusal(reply: dict[str, Any]) -> tuple[str, dict[str, Any], str | None]:
    assert reply["result"] is None
    error = reply["error"]
    assert (error["exc_type"], error["value"]) == ("Rejected", error["exc_args"][0])
    code, details, pointer = error["exc_args"]
    return code, details, pointer


def test_answers(caller: Caller) -> None:
    reply = caller.call("double", {"number": 21})
    assert reply == {"result": {"number": 42, "note": "anna"}, "error": None}


def test_a_refusal_crosses_with_code_details_and_pointer(caller: Caller) -> None:
    reply = caller.call("refuse", {"number": 4})
    assert refusal(reply) == ("counting.refused", {"limit": 3}, "/number")


@pytest.mark.parametrize("token", ["coordinator:", "king:anna", "", "ey.ey.ey", None])
def test_an_unproved_caller_is_refused(caller: Caller, token: str | None) -> None:
    assert refusal(caller.call("double", {"number": 1}, token=token))[0] == "unauthenticated"


def test_a_role_that_is_not_listed_is_refused(caller: Caller) -> None:
    reply = caller.call("double", {"number": 1}, token="trainer:adam")
    assert refusal(reply) == ("forbidden", {"operation": "counting.double"}, None)


@pytest.mark.parametrize("token", [None, "king:anna", "trainer:adam"])
def test_an_open_operation_asks_nobody_who_they_are(caller: Caller, token: str | None) -> None:
    reply = caller.call("greet", {"number": 1}, token=token)
    assert reply == {"result": {"number": 1, "note": "anybody"}, "error": None}


def test_an_open_operation_is_a_query_without_roles() -> None:
    for effect, roles in ((Effect.COMMAND, frozenset()), (Effect.QUERY, {Role.TRAINER})):
        with pytest.raises(ValueError, match="only a query without roles"):
            Operation("counting", "open", effect, Number, Number, frozenset(roles), open=True)


def test_an_unlisted_caller_does_not_learn_what_a_request_looks_like(caller: Caller) -> None:
    assert refusal(caller.call("double", {"x": 1}, token="trainer:adam"))[0] == "forbidden"


def test_an_invalid_request_names_the_fields_and_never_the_values(caller: Caller) -> None:
    reply = caller.call("double", {"number": CANARY, "note": [CANARY], "extra": CANARY})
    code, details, _ = refusal(reply)
    assert code == "invalid"
    assert {error["pointer"] for error in details["errors"]} == {"/number", "/note", "/extra"}
    assert all(set(error) == {"pointer", "code", "expected"} for error in details["errors"])
    assert CANARY not in json.dumps(reply, ensure_ascii=False)


def test_a_command_needs_its_id(caller: Caller) -> None:
    assert refusal(caller.call("record", {"number": 1}))[::2] == ("malformed_call", "/command_id")
    assert caller.call("record", {"number": 1}, command_id=str(uuid4()))["error"] is None


def test_a_defect_of_ours_tells_a_trace_id_and_nothing_else(
    caller: Caller, service: Process
) -> None:
    reply = caller.call("break_down", {"number": 1, "note": CANARY})
    code, details, _ = refusal(reply)
    assert (code, set(details)) == ("internal", {"trace_id"})
    assert CANARY not in json.dumps(reply, ensure_ascii=False)
    service.wait_for(details["trace_id"])
    assert "KeyError" in service.text()
    assert CANARY not in service.text()


MALFORMED_BODIES = {
    "empty": b"",
    "not JSON": b"\x00\xff{",
    "not UTF-8": '{"args": [], "kwargs": {"call": "ż"}}'.encode("cp1250"),
    "not an object": b"[]",
    "null": b"null",
    "NaN": b'{"args": [], "kwargs": {"call": NaN}}',
    "deeply nested": b"[" * 60_000,
    "no kwargs": b'{"args": []}',
    "kwargs is a list": b'{"args": [], "kwargs": []}',
    "positional arguments": b'{"args": [1], "kwargs": {"call": {}}}',
    "no call": request(),
    "another argument": request(call=whole_call(), more=1),
    "call is a list": request(call=[]),
    "call without payload": request(call={"correlation_id": str(uuid4()), "token": "x"}),
    "unknown field in call": request(call=whole_call(admin=True)),
    "lone surrogate": request(call=whole_call(token="\ud800")),
    "payload is text": request(call=whole_call(payload="x")),
}


@pytest.mark.parametrize("body", MALFORMED_BODIES.values(), ids=MALFORMED_BODIES.keys())
def test_a_malformed_body_is_answered(caller: Caller, body: bytes) -> None:
    assert refusal(caller.reply(caller.send("double", body)))[0] == "malformed_call"
    assert caller.call("double", {"number": 1})["error"] is None


MALFORMED_PROPERTIES: dict[str, dict[str, Any]] = {
    "no content type": {"content_type": None},
    "pickle": {"content_type": "application/x-python-serialize"},
    "unknown content type": {"content_type": "text/nonsense"},
    "unknown encoding": {"content_encoding": "nonsense"},
    "binary encoding": {"content_encoding": "binary"},
}


@pytest.mark.parametrize(
    "properties", MALFORMED_PROPERTIES.values(), ids=MALFORMED_PROPERTIES.keys()
)
def test_malformed_properties_are_answered(caller: Caller, properties: dict[str, Any]) -> None:
    sent = caller.send("double", request(call=whole_call()), **properties)
    assert refusal(caller.reply(sent))[0] == "malformed_call"
    assert caller.call("double", {"number": 1})["error"] is None


def test_a_call_without_correlation_id_is_answered(caller: Caller) -> None:
    caller.send("double", request(call=whole_call()), correlation_id=None)
    assert caller.reply(None)["result"]["number"] == 2


def test_strange_headers_are_ignored(caller: Caller) -> None:
    headers = {"traceparent": 7, "nameko.call_id_stack": "x", "x-death": [{"count": 1}], "a": {}}
    sent = caller.send("double", request(call=whole_call()), application_headers=headers)
    assert caller.reply(sent)["result"]["number"] == 2


def test_an_unknown_operation_is_answered(caller: Caller) -> None:
    sent = caller.send("nonsense", request(call=whole_call()))
    assert refusal(caller.reply(sent))[0] == "unknown_operation"


def test_a_body_over_the_limit_is_refused(caller: Caller) -> None:
    reply = caller.call("double", {"number": 1, "note": "x" * 65_536})
    assert refusal(reply) == ("message_too_large", {"limit_bytes": 65_536}, None)


@pytest.mark.parametrize("reply_to", [None, ""])
def test_a_call_that_wants_no_reply_is_refused_in_sight(
    caller: Caller, service: Process, reply_to: str | None
) -> None:
    seen = service.text().count("call_without_reply_to")
    caller.send("double", request(call=whole_call()), reply_to=reply_to)
    assert caller.call("double", {"number": 1})["error"] is None
    assert service.text().count("call_without_reply_to") == seen + 1


def test_a_caller_that_has_gone_disturbs_nobody(caller: Caller) -> None:
    caller.send("double", request(call=whole_call()), reply_to="nobody-listens-here")
    assert caller.call("double", {"number": 1})["error"] is None


def test_it_is_still_the_same_process(caller: Caller, service: Process) -> None:
    assert caller.call("identify", {})["result"]["pid"] == service.popen.pid


def test_stopping_finishes_the_running_calls(start: Start, amqp_uri: str, service: Process) -> None:
    """Last of the file: it stops the service."""
    with Caller(amqp_uri) as caller:
        slow = [
            caller.send("sleep", request(call=whole_call(payload={"number": 1500}))) for _ in "123"
        ]
        caller.call("double", {"number": 1})
        service.popen.send_signal(signal.SIGTERM)
        for sent in slow:
            assert caller.reply(sent)["error"] is None
        assert service.popen.wait(10) == 0
        declared = caller.channel.queue_declare("rpc-counting", passive=True)
        assert declared.message_count == 0


def test_stopping_has_a_deadline_and_the_call_is_not_lost(start: Start, amqp_uri: str) -> None:
    process = start("answering", amqp_uri)
    process.wait_for("SERVING")
    with Caller(amqp_uri) as caller:
        endless = caller.send("sleep", request(call=whole_call(payload={"number": 600_000})))
        caller.call("double", {"number": 1})
        process.popen.send_signal(signal.SIGTERM)
        assert process.popen.wait(20) == 0
        declared = caller.channel.queue_declare("rpc-counting", passive=True)
        assert declared.message_count == 1
        caller.channel.queue_purge("rpc-counting")
        assert endless not in caller.replies
