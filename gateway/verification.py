"""The page behind the code on a certificate: whether it is valid, and what it says. Nothing else.

Whoever holds the document may look, so the page needs no token and no script, loads nothing, and is
kept out of search engines. It is in Polish or, by `Accept-Language`, in English.
"""

import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final, Literal

from fastapi import Request
from pydantic import ValidationError
from starlette.responses import Response

from gateway.endpoints import Context, Endpoint
from gateway.problems import Language, Problem, preferred_language
from gateway.requests import HTML
from shared.contracts.training import operations as training
from shared.contracts.training.views import Verification, VerifyCertificate

State = Literal["valid", "revoked", "unknown", "unavailable"]
SIGNS: Final[Mapping[State, str]] = {
    "valid": "✓",
    "revoked": "✕",
    "unknown": "?",
    "unavailable": "…",
}
STATUS: Final[Mapping[State, int]] = {"unknown": 404, "unavailable": 503}

_HERE: Final = Path(__file__)
_TEXTS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    _HERE.with_suffix(".toml").read_text("utf-8")
)
_STYLE: Final = _HERE.with_suffix(".css").read_text("utf-8")
_TEMPLATE: Final = Template(_HERE.with_suffix(".html").read_text("utf-8"))
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept-Language",
}


async def _page(request: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """Whether the certificate is valid, and what it says, as a page for people."""
    language = preferred_language(",".join(request.headers.getlist("accept-language")))
    try:
        wanted = VerifyCertificate(code=values["code"])
        found: Verification = await context.call(
            training.VERIFY_CERTIFICATE, wanted.model_dump(), values.get("at_least")
        )
    except ValidationError:
        return _response(language, "unknown")
    except Problem as problem:
        return _response(language, "unknown" if problem.status_code == 404 else "unavailable")
    return _response(language, "valid" if found.valid else "revoked", found)


def _response(language: Language, state: State, found: Verification | None = None) -> Response:
    texts = _TEXTS[language]
    content = _TEMPLATE.substitute(
        language=language,
        style=_STYLE,
        state=state,
        sign=SIGNS[state],
        heading=escape(texts["heading"]),
        title=escape(texts[state]["title"]),
        text=escape(texts[state]["text"]),
        facts="" if found is None else _said(found, language),
    )
    headers = HEADERS | {"Content-Language": language}
    if state == "unavailable":
        headers["Retry-After"] = "5"
    return Response(content, STATUS.get(state, 200), headers, HTML)


def _said(found: Verification, language: Language) -> str:
    """What the certificate says, as HTML."""
    texts = _TEXTS[language]
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>\n"
        for name, value in _facts(found, language)
    )
    # Outcomes are worded in Polish only; a screen reader is told so.
    outcomes = "".join(f'<li lang="pl">{escape(each.text)}</li>\n' for each in found.outcomes)
    return (
        f"<dl>\n{facts}</dl>\n<h2>{escape(texts['outcomes'])}</h2>\n<ul>\n{outcomes}</ul>\n"
        f'<p class="note">{escape(texts["note"])}</p>'
    )


def _facts(found: Verification, language: Language) -> Iterator[tuple[str, str]]:
    texts = _TEXTS[language]
    holder = found.holder
    yield texts["number"], found.number
    yield (
        texts["holder"],
        texts["erased"] if holder is None else f"{holder.given_name} {holder.family_name}",
    )
    yield texts["course"], found.title_pl if language == "pl" else found.title_en
    yield texts["result"], texts[found.result]
    yield (
        texts["period"],
        f"{_day(found.first_day, language)} \N{EN DASH} {_day(found.last_day, language)}",
    )
    yield texts["hours"], f"{found.hours} ({texts[found.hour]})"
    yield texts["issued"], _day(found.issued_on, language)
    if found.revoked_on is not None:
        yield texts["revoked_on"], _day(found.revoked_on, language)


def _day(day: date, language: Language) -> str:
    return f"{day.day} {_TEXTS[language]['months'][day.month - 1]} {day.year}"


PAGE: Final = Endpoint(
    operation=training.VERIFY_CERTIFICATE,
    alias="verification_page",
    method="GET",
    path="/verify/{code}",
    summary="Show people whether a certificate is valid",
    offers=HTML,
    handler=_page,
)
