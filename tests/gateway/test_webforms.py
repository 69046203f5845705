"""The survey pages: what is sent becomes one call, nothing said becomes markup, no token leaves a trace."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from shared.kernel.errors import Rejected
from shared.runtime.development.processes import wait_until
from tests.gateway.conftest import Gateway
from tests.gateway.responder import EXAMPLES, SILENCE
from tests.gateway.test_verification import CANARY, Outline

TOKEN = EXAMPLES["get_web_form"]["request"]["token"]
FORM = EXAMPLES["get_web_form"]["reply"]
KEY = EXAMPLES["answer_web_form"]["request"]["key"]
KINDS = ("select_one", "select_multiple", "integer", "decimal", "text", "date", "note")


def item(kind: str, text: str = "Pytanie", **facts: Any) -> dict[str, Any]:
    choices = [{"name": name, "label": text} for name in ("a", "b")] if "select" in kind else []
    return {
        "kind": kind,
        "name": f"q_{kind}",
        "label": text,
        "hint": text,
        "group": text,
        "required": False,
        "choices": choices,
        "answer": "",
        "problem": None,
    } | facts


def showing(gateway: Gateway, **facts: Any) -> None:
    for operation in ("get_web_form", "answer_web_form"):
        gateway.service.answers[operation] = lambda _: FORM | facts


def show(gateway: Gateway, path: str = f"/ask/{TOKEN}") -> httpx.Response:
    return httpx.get(f"{gateway.url}{path}", headers={"Accept": "text/html"}, timeout=20)


def send(gateway: Gateway, path: str = f"/ask/{TOKEN}/pl", **fields: Any) -> httpx.Response:
    return httpx.post(f"{gateway.url}{path}", data=fields, timeout=20)


def labelled(outline: Outline) -> Iterable[str | None]:
    return [facts.get("for") for tag, facts in outline.elements if tag == "label"]


def test_every_kind_of_question_has_its_field_with_label_hint_and_problem(gateway: Gateway) -> None:
    items = [item(kind, problem=None if kind == "note" else "Popraw to") for kind in KINDS]
    showing(gateway, items=items)
    outline = Outline(show(gateway).text)
    ids = {facts.get("id") for _, facts in outline.elements}
    fields = [f for tag, f in outline.elements if tag in ("input", "textarea", "select")]
    entries = [each for each in fields if each.get("type") not in ("hidden", "radio", "checkbox")]
    assert {each["name"] for each in entries} == {
        f"answer.q_{kind}" for kind in ("integer", "decimal", "text", "date")
    }
    assert {each["id"] for each in entries} <= set(labelled(outline))
    assert all(each["aria-invalid"] == "true" for each in entries)
    described = [
        f["aria-describedby"] or "" for _, f in outline.elements if "aria-describedby" in f
    ]
    assert len(described) == 6
    assert set(" ".join(described).split()) <= ids
    assert sum(tag == "fieldset" for tag, _ in outline.elements) == 2
    assert sum(tag == "legend" for tag, _ in outline.elements) == 2
    links = [f["href"] or "" for tag, f in outline.elements if tag == "a"]
    to_fields = [each for each in links if each.startswith("#")]
    assert len(to_fields) == 6
    assert {each[1:] for each in to_fields} <= ids
    assert "Błąd: " in show(gateway).text.partition("</title>")[0]


def test_what_is_entered_is_sent_as_one_step(gateway: Gateway) -> None:
    fields = {
        "key": KEY,
        "page": "3",
        "action": "next",
        "shown": "wanted remarks",
        "answer.wanted": ["a", "b"],
        "answer.remarks": "Brak autobusu",
    }
    response = send(gateway, **fields)
    assert response.status_code == 200
    payload = gateway.service.last("answer_web_form")["payload"]
    assert (payload["token"], payload["language"], payload["page"]) == (TOKEN, "pl", 3)
    assert payload["answers"] == {"wanted": "a b", "remarks": "Brak autobusu"}
    assert payload["shown"] == ["wanted", "remarks"]
    assert EXAMPLES["answer_web_form"]["reply"]["withdrawal_code"] in response.text


def test_nobody_begins_without_agreeing(gateway: Gateway) -> None:
    showing(gateway, stage="consent", consent="L/1", information=["Udział jest dobrowolny."])
    shown = Outline(show(gateway, f"/ask/{TOKEN}/en").text)
    box = next(facts for _, facts in shown.elements if facts.get("id") == "consent")
    assert "checked" not in box
    response = send(gateway, key=KEY, action="consent")
    assert "Zaznacz zgodę" in response.text
    send(gateway, key=KEY, action="consent", consent="L/1")
    assert gateway.service.last("answer_web_form")["payload"]["consent"] == "L/1"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("token_unknown", 404, "Nie ma takiego zaproszenia"),
        ("token_used", 409, "zostało już wykorzystane"),
        ("wave_not_open", 409, "nie można teraz odpowiadać"),
        ("invitation_expired", 409, "Termin odpowiedzi minął"),
    ],
)
def test_a_refusal_is_a_page_that_says_why(
    gateway: Gateway, code: str, status: int, said: str
) -> None:
    def refuse(_: Any) -> None:
        raise Rejected(f"research.{code}", pointer="/token")

    gateway.service.answers["get_web_form"] = refuse
    response = show(gateway)
    assert (response.status_code, said in response.text) == (status, True)
    gateway.service.answers["get_web_form"] = lambda _: SILENCE
    assert (show(gateway).status_code, "Spróbuj ponownie" in show(gateway).text) == (503, True)
    assert show(gateway, "/ask/short").status_code == 404


def test_nothing_that_is_shown_becomes_markup_and_nothing_is_loaded_or_kept(
    gateway: Gateway,
) -> None:
    harmless = [item(kind, "Tekst", problem="Popraw") for kind in KINDS]
    showing(gateway, items=harmless, title="Tekst", study="Tekst")
    before = [tag for tag, _ in Outline(show(gateway).text).elements]
    hostile = [item(kind, CANARY, problem=CANARY) for kind in KINDS]
    hostile[4]["answer"] = f"</textarea>{CANARY}"
    showing(gateway, items=hostile, title=CANARY, study=CANARY)
    response = show(gateway)
    assert [tag for tag, _ in Outline(response.text).elements] == before
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "form-action 'self'" in policy
    assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == (
        "no-store",
        "no-referrer",
    )
    assert "Set-Cookie" not in response.headers


def test_no_token_code_or_answer_stands_in_a_log(gateway: Gateway) -> None:
    with capture_logs() as logs:
        show(gateway)
        send(gateway, key=KEY, action="next", page="0", **{"answer.remarks": "Kanarek-Kowalska"})
        send(gateway, "/withdrawals/pl", code="H7K2-9QXM-3RTB-W8ZC")
        # A request is told of after its answer has gone out.
        expected = {"/ask/{token}", "/ask/{token}/{language}", "/withdrawals/pl"}
        assert wait_until(lambda: expected <= {each.get("route") for each in logs}, limit=10)
    text = str(logs)
    assert not [each for each in (TOKEN, "H7K2", "Kanarek") if each in text]


def test_answers_are_withdrawn_with_the_code_alone(gateway: Gateway) -> None:
    assert "trwale zniszczone" in show(gateway, "/withdrawals/pl").text
    done = send(gateway, "/withdrawals/en", code=" H7K2-9QXM-3RTB-W8ZC ")
    assert "The answers are withdrawn" in done.text
    assert gateway.service.last("withdraw_response")["payload"] == {"code": "H7K2-9QXM-3RTB-W8ZC"}
    wrong = send(gateway, "/withdrawals/pl", code="x")
    assert (wrong.status_code, "Nie ma takiego kodu" in wrong.text) == (404, True)
