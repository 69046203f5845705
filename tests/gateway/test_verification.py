"""The public page: what it shows, to whom, and that nothing in it can do anything."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway
from tests.gateway.responder import EXAMPLES, SILENCE, example_reply

CODE = EXAMPLES["verify_certificate"]["request"]["code"]
VALID = EXAMPLES["verify_certificate"]["reply"]
CANARY = """<script>alert('x')</script>"&<img src=x onerror=1>"""


class Outline(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def show(gateway: Gateway, code: str = CODE, language: str = "pl") -> httpx.Response:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    return httpx.get(f"{gateway.url}/verify/{code}", headers=headers, timeout=20)


def answering(gateway: Gateway, **changed: Any) -> None:
    gateway.service.answers["verify_certificate"] = lambda _: VALID | changed


def test_a_valid_certificate_is_shown_to_anybody(gateway: Gateway) -> None:
    response = show(gateway)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Language"] == "pl"
    text = Outline(response.text).text
    for said in (
        "Zaświadczenie jest ważne",
        "TJP/2006/0001",
        "Anna Przykładowa",
        "Opiekun osób starszych",
        "6 marca 2006 \N{EN DASH} 20 marca 2006",
        "20 (dydaktycznych, po 45 minut)",
        "31 marca 2006",
        "Udziela pierwszej pomocy i wzywa służby ratunkowe",
    ):
        assert said in text
    assert gateway.service.last("verify_certificate")["payload"] == {"code": CODE}


def test_it_is_told_in_english_to_who_likes_that_better(gateway: Gateway) -> None:
    response = show(gateway, language="en-GB,en;q=0.9,pl;q=0.2")
    assert response.headers["Content-Language"] == "en"
    outline = Outline(response.text)
    assert ("html", {"lang": "en"}) in outline.elements
    assert "The certificate is valid" in outline.text
    assert "Carer for older people" in outline.text
    assert "6 March 2006" in outline.text
    assert [attributes for tag, attributes in outline.elements if tag == "li"] == [
        {"lang": "pl"}
    ] * 2


def test_a_revoked_one_is_not_valid(gateway: Gateway) -> None:
    answering(gateway, valid=False, revoked_on="2006-04-20")
    response = show(gateway)
    assert response.status_code == 200
    text = Outline(response.text).text
    assert "Zaświadczenie jest nieważne" in text
    assert "jest ważne" not in text
    assert "20 kwietnia 2006" in text


def test_who_was_erased_is_not_named(gateway: Gateway) -> None:
    answering(gateway, holder=None)
    text = Outline(show(gateway).text).text
    assert "Dane tej osoby zostały usunięte" in text
    assert "Anna" not in text


@pytest.mark.parametrize(
    "code", ["x" * 22, "short", "x" * 5_000, "%3Cscript%3E", "a%20b", "%C5%BC"]
)
def test_an_unknown_code_is_a_page_too(gateway: Gateway, code: str) -> None:
    def unknown(_: Any) -> None:
        raise Rejected("not_found")

    gateway.service.answers["verify_certificate"] = unknown
    response = show(gateway, code)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    outline = Outline(response.text)
    assert "Nie ma takiego zaświadczenia" in outline.text
    assert {"dl", "ul"}.isdisjoint(tag for tag, _ in outline.elements)
    assert code not in response.text


def test_a_service_that_is_silent_says_nothing_about_the_certificate(gateway: Gateway) -> None:
    gateway.service.answers["verify_certificate"] = lambda _: SILENCE
    response = show(gateway)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "W tej chwili nie możemy tego sprawdzić" in Outline(response.text).text


def test_nothing_a_certificate_says_becomes_markup(gateway: Gateway) -> None:
    before = Outline(show(gateway).text).elements
    answering(
        gateway,
        number=CANARY,
        holder={"given_name": CANARY, "family_name": CANARY},
        title_pl=CANARY,
        outcomes=[{"code": "E1", "text": CANARY}, {"code": "E2", "text": "$style $facts"}],
    )
    outline = Outline(show(gateway).text)
    assert outline.elements == before
    assert outline.text.count(CANARY) == 5
    assert "$style $facts" in outline.text


@pytest.mark.parametrize("code", [CODE, "short"])
def test_the_page_loads_and_runs_nothing(gateway: Gateway, code: str) -> None:
    response = show(gateway, code)
    policy = response.headers["Content-Security-Policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    elements = Outline(response.text).elements
    tags = {tag for tag, _ in elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "form", "object", "a"})
    attributes = {name for _, found in elements for name in found}
    assert attributes <= {"lang", "charset", "name", "content", "class", "aria-hidden"}
    assert "http" not in response.text
    assert "url(" not in style
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert ("meta", {"name": "robots", "content": "noindex, nofollow"}) in elements
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_code_is_not_logged(gateway: Gateway, logged: list[str]) -> None:
    show(gateway)
    assert any("/verify/{code}" in line for line in logged)
    assert not any(CODE in line for line in logged)


def test_programs_get_the_same_facts_as_json(gateway: Gateway) -> None:
    response = httpx.get(f"{gateway.url}/certificates/verification/{CODE}")
    assert (response.status_code, response.json()) == (200, example_reply("verify_certificate"))
    refused = httpx.get(f"{gateway.url}/certificates/verification/short")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
