"""The pages on which people answer a survey, with the token on their invitation and nothing else.

They work without script and without cookies: each step is a form that is sent, judged by the service,
and answered with the next page or with the same one and what is wrong on it. Nothing is loaded from
elsewhere, kept in a cache or found by search engines. The invitation's address leaves no trace here:
only the template of a path is logged.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import ValidationError
from starlette.responses import Response

from gateway.endpoints import Context, Endpoint
from gateway.problems import Language, Problem, preferred_language
from gateway.requests import HTML
from gateway.webpages import consent_page, form_page, telling_page, withdrawal_page
from shared.contracts.operations import Operation
from shared.contracts.research.operations import webforms as research
from shared.contracts.research.views import webforms as views
from shared.contracts.research.vocabulary.responses import FormStage

FORM_ENCODED: Final = "application/x-www-form-urlencoded"
FIELDS: Final = 2_000
"""Of one page at most; the service says what belongs to it."""
ANSWER: Final = "answer."
"""Prefix of the fields with answers."""
TOLD: Final[Mapping[str, int]] = {
    "token_unknown": 404,
    "withdrawal_code_unknown": 404,
    "token_used": 409,
    "wave_not_open": 409,
    "invitation_expired": 409,
    "invitation_void": 409,
    "response_anonymised": 409,
}
"""Refusals with a page of their own."""


async def _show(request: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """Where whoever holds the token stands: the information clause, or the page to go on with."""
    language = values.get("language") or _preferred(request)
    return await _answered(context, language, values["token"], {"token": values["token"]})


async def _take(request: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """What was entered on a page is saved; the answer is the page that comes next."""
    language, token = values["language"], values["token"]
    fields = await _fields(request)
    if fields.get("action") == "consent" and "consent" not in fields:
        return await _answered(context, language, token, {"token": token}, disagreed=True)
    step = {
        "token": token,
        "language": language,
        "key": fields.get("key", ""),
        "action": fields.get("action", "next"),
        "page": fields.get("page", "0"),
        "consent": fields.get("consent"),
        "shown": tuple(fields.get("shown", "").split()),
        "answers": {
            name.removeprefix(ANSWER): said
            for name, said in fields.items()
            if name.startswith(ANSWER)
        },
    }
    return await _answered(context, language, token, step)


async def _answered(
    context: Context,
    language: Language,
    token: str,
    step: Mapping[str, Any],
    *,
    disagreed: bool = False,
) -> Response:
    operation: Operation[Any, Any] = (
        research.ANSWER_WEB_FORM if "action" in step else research.GET_WEB_FORM
    )
    try:
        asked = operation.request.model_validate({**step, "language": language})
        form: views.WebForm = await context.call(operation, asked.model_dump(mode="json"))
    except ValidationError:
        return telling_page(language, "token_unknown", 404, token)
    except Problem as problem:
        return _refused(language, problem, token)
    if form.stage is FormStage.CONSENT:
        return consent_page(form, token, disagreed=disagreed)
    return form_page(form, token)


async def _show_withdrawal(request: Request, context: Context, _: Mapping[str, Any]) -> Response:
    """Where answers can be withdrawn."""
    return withdrawal_page(_language_of(context.endpoint) or _preferred(request))


async def _withdraw(request: Request, context: Context, _: Mapping[str, Any]) -> Response:
    """The answers that a code leads to are destroyed."""
    language = _language_of(context.endpoint) or _preferred(request)
    fields = await _fields(request)
    try:
        asked = views.WithdrawResponse.model_validate({"code": fields.get("code", "").strip()})
        await context.call(research.WITHDRAW_RESPONSE, asked.model_dump())
    except ValidationError:
        return withdrawal_page(language, wrong="withdrawal_code_unknown")
    except Problem as problem:
        if problem.code == "research.withdrawal_code_unknown":
            return withdrawal_page(language, wrong="withdrawal_code_unknown")
        return _refused(language, problem)
    return telling_page(language, "withdrawn", 200)


def _refused(language: Language, problem: Problem, token: str | None = None) -> Response:
    name = problem.code.rpartition(".")[2]
    if name not in TOLD:
        return telling_page(language, "unavailable", 503, token)
    return telling_page(language, name, TOLD[name], token)


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form; one that was sent several times as one text with spaces between.

    Raises `Problem`: `body_unreadable`, `body_too_large`.
    """
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS,
        )
    except ValueError:
        raise Problem("body_unreadable") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]} {value}".strip() if name in found else value
    return found


def _preferred(request: Request) -> Language:
    return preferred_language(",".join(request.headers.getlist("accept-language")))


def _language_of(endpoint: Endpoint) -> Language | None:
    last = endpoint.path.rpartition("/")[2]
    return "pl" if last == "pl" else "en" if last == "en" else None


PAGES: Final = (
    Endpoint(
        operation=research.GET_WEB_FORM,
        method="GET",
        path="/ask/{token}",
        summary="Show people the survey that an invitation leads to",
        offers=HTML,
        handler=_show,
    ),
    Endpoint(
        operation=research.GET_WEB_FORM,
        alias="get_web_form_in_language",
        method="GET",
        path="/ask/{token}/{language}",
        summary="Show the survey in a language",
        offers=HTML,
        handler=_show,
    ),
    Endpoint(
        operation=research.ANSWER_WEB_FORM,
        method="POST",
        path="/ask/{token}/{language}",
        summary="Take what was entered on a page of the survey",
        offers=HTML,
        accepts=FORM_ENCODED,
        handler=_take,
    ),
    Endpoint(
        operation=research.WITHDRAW_RESPONSE,
        alias="withdrawal_page",
        method="GET",
        path="/withdrawals",
        summary="Show people where answers can be withdrawn",
        offers=HTML,
        handler=_show_withdrawal,
    ),
    *(
        Endpoint(
            operation=research.WITHDRAW_RESPONSE,
            alias=f"withdrawal_page_{language}",
            method="GET",
            path=f"/withdrawals/{language}",
            summary="Show where answers can be withdrawn, in a language",
            offers=HTML,
            handler=_show_withdrawal,
        )
        for language in ("pl", "en")
    ),
    *(
        Endpoint(
            operation=research.WITHDRAW_RESPONSE,
            alias=f"withdraw_response_{language}",
            method="POST",
            path=f"/withdrawals/{language}",
            summary="Withdraw the answers that a code leads to",
            offers=HTML,
            accepts=FORM_ENCODED,
            handler=_withdraw,
        )
        for language in ("pl", "en")
    ),
)
