"""The HTML of the survey pages. Everything that comes from elsewhere is escaped here."""

import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final
from uuid import uuid4

from starlette.responses import Response

from gateway.problems import Language
from gateway.requests import HTML
from shared.contracts.research.views.webforms import WebForm, WebItem
from shared.contracts.research.vocabulary.forms import ItemKind
from shared.contracts.research.vocabulary.responses import FormStage

_HERE: Final = Path(__file__).with_name("webforms")
_TEXTS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    _HERE.with_suffix(".toml").read_text("utf-8")
)
_STYLE: Final = _HERE.with_suffix(".css").read_text("utf-8")
_TEMPLATE: Final = Template(_HERE.with_suffix(".html").read_text("utf-8"))
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept-Language",
}
LANGUAGES: Final[tuple[Language, ...]] = ("pl", "en")
CODE: Final = 'type="text" autocomplete="off" spellcheck="false"'
LINES: Final[Mapping[ItemKind, str]] = {
    ItemKind.INTEGER: 'type="text" inputmode="numeric" class="number"',
    ItemKind.DECIMAL: 'type="text" inputmode="decimal" class="number"',
    ItemKind.DATE: 'type="date"',
}
"""Attributes of the fields of one line, by what is asked for."""
RADIOS: Final = 12
"""More choices than these are offered in a list that opens."""


def consent_page(form: WebForm, token: str, *, disagreed: bool = False) -> Response:
    """The information clause; agreeing to it and beginning are one step, and nothing is ticked yet."""
    texts = _TEXTS[form.language]
    paragraphs = "".join(f"<p>{escape(each)}</p>\n" for each in form.information)
    wrong, marked = "", ""
    if disagreed:
        wrong = f'<p class="wrong" id="consent-wrong">{escape(texts["agree_missing"])}</p>\n'
        marked = ' aria-invalid="true" aria-describedby="consent-wrong"'
    content = (
        (_summary(texts, {"consent": texts["agree_missing"]}) if disagreed else "")
        + f"<p>{escape(texts['closes'].format(day=_day(form.closes_on, form.language)))}</p>\n"
        f"<h2>{escape(texts['information'])}</h2>\n{paragraphs}"
        f"{_form_tag(f'/ask/{token}/{form.language}')}{_hidden('key', str(uuid4()))}"
        f'<div class="question{" bad" if disagreed else ""}">{wrong}'
        f'<label class="choice"><input type="checkbox" name="consent" id="consent"'
        f' value="{escape(form.consent or "")}"{marked}>'
        f"<span>{escape(texts['agree'])}</span></label></div>\n"
        '<div class="actions">'
        f"{_button('consent', texts['begin'])}{_button('decline', texts['decline'], quiet=True)}"
        "</div>\n</form>"
    )
    return _page(form.language, form.title, content, token=token, study=form.study, bad=disagreed)


def form_page(form: WebForm, token: str) -> Response:
    """A page of questions, the last look before they are sent, or the thanks for them."""
    texts = _TEXTS[form.language]
    if form.stage is not FormStage.QUESTIONS:
        said = texts["done" if form.stage is FormStage.DONE else "declined"]
        content = f"<p>{escape(said['text'])}</p>\n{_code(form, texts)}"
        return _page(form.language, said["title"], content, study=form.study)
    last = form.page >= form.pages
    problems = {each.name: each.problem for each in form.items if each.problem}
    page, pages = min(form.page + 1, form.pages), form.pages
    told = texts["check"]["text"] if last else texts["progress"].format(page=page, pages=pages)
    shown = " ".join(each.name for each in form.items if each.kind is not ItemKind.NOTE)
    back = _button("back", texts["back"], quiet=True) if form.page > 0 else ""
    content = (
        f'<p class="progress">{escape(told)}</p>\n'
        f"{_summary(texts, problems) if problems else ''}"
        f"{_told(texts['more']) if form.more else ''}"
        f"{_form_tag(f'/ask/{token}/{form.language}')}"
        f"{_hidden('key', str(uuid4()))}{_hidden('page', str(form.page))}{_hidden('shown', shown)}"
        f"{''.join(_items(form, texts))}"
        f'<div class="actions">{_button("next", texts["send" if last else "next"])}{back}</div>\n'
        "</form>"
    )
    heading = texts["check"]["title"] if last else form.title
    return _page(form.language, heading, content, token=token, study=form.study, bad=bool(problems))


def withdrawal_page(language: Language, wrong: str | None = None) -> Response:
    texts = _TEXTS[language]
    problem = texts[wrong]["title"] if wrong else None
    item = WebItem(
        kind=ItemKind.INTEGER,
        name="code",
        label=texts["code"],
        hint=texts["withdraw_hint"],
        required=True,
        problem=problem,
    )
    content = (
        (_summary(texts, {"code": problem}) if problem else "")
        + f"<p>{escape(texts['withdraw_text'])}</p>\n{_form_tag(f'/withdrawals/{language}')}"
        f"{_line(item, 'code', texts, CODE)}"
        f'<div class="actions">{_button("withdraw", texts["withdraw"])}</div>\n</form>'
    )
    status = 404 if wrong else 200
    return _page(
        language, texts["withdraw_link"], content, status, path="/withdrawals", bad=bool(wrong)
    )


def telling_page(language: Language, name: str, status: int, token: str | None = None) -> Response:
    """One message, and nothing to do."""
    said = _TEXTS[language][name]
    return _page(language, said["title"], f"<p>{escape(said['text'])}</p>", status, token=token)


def _page(
    language: Language,
    heading: str,
    content: str,
    status: int = 200,
    *,
    token: str | None = None,
    path: str | None = None,
    study: str = "",
    bad: bool = False,
) -> Response:
    error = f"{_TEXTS[language]['error']}: " if bad else ""
    address = path or (token and f"/ask/{token}")
    page = _TEMPLATE.substitute(
        language=language,
        style=_STYLE,
        title=escape(error + heading),
        heading=escape(heading),
        languages=_languages(language, address) if address else "",
        study=f'<p class="study">{escape(study)}</p>' if study else "",
        content=content,
    )
    headers = HEADERS | {"Content-Language": language}
    if status == 503:
        headers["Retry-After"] = "5"
    return Response(page, status, headers, HTML)


def _languages(language: Language, address: str) -> str:
    links = "".join(
        f'<span aria-current="true">{_TEXTS[each]["own_name"]}</span>'
        if each == language
        else f'<a href="{escape(f"{address}/{each}")}" lang="{each}" hreflang="{each}">'
        f"{_TEXTS[each]['own_name']}</a>"
        for each in LANGUAGES
    )
    return f'<nav aria-label="{escape(_TEXTS[language]["languages"])}">{links}</nav>'


def _code(form: WebForm, texts: Mapping[str, Any]) -> str:
    if form.withdrawal_code is None:
        return ""
    return (
        f"<h2>{escape(texts['code'])}</h2>\n"
        f'<p class="code">{escape(form.withdrawal_code)}</p>\n<p>{escape(texts["code_note"])} '
        f'<a href="/withdrawals/{form.language}">{escape(texts["withdraw_link"])}</a></p>'
    )


def _items(form: WebForm, texts: Mapping[str, Any]) -> Iterator[str]:
    group = None
    for item in form.items:
        if item.group and item.group != group:
            yield f"<h2>{escape(item.group)}</h2>\n"
        group = item.group
        yield _item(item, texts)


def _item(item: WebItem, texts: Mapping[str, Any]) -> str:
    name = f"answer.{item.name}"
    if item.kind is ItemKind.NOTE:
        hint = f'<p class="hint">{escape(item.hint)}</p>' if item.hint else ""
        return f'<div class="note"><p>{escape(item.label)}</p>{hint}</div>\n'
    if item.kind is ItemKind.SELECT_ONE and len(item.choices) > RADIOS:
        return _list(item, name, texts)
    if item.kind in (ItemKind.SELECT_ONE, ItemKind.SELECT_MULTIPLE):
        return _choices(item, name, texts)
    if item.kind in LINES:
        return _line(item, name, texts, LINES[item.kind])
    identity = _id(item)
    return _question(
        item,
        texts,
        f'<textarea id="{identity}" name="{name}" rows="3" maxlength="4000"{_marks(item)}>'
        f"\n{escape(item.answer)}</textarea>",
    )


def _line(item: WebItem, name: str, texts: Mapping[str, Any], kind: str) -> str:
    value = f' value="{escape(item.answer)}"'
    return _question(
        item, texts, f'<input {kind} id="{_id(item)}" name="{name}"{value}{_marks(item)}>'
    )


def _list(item: WebItem, name: str, texts: Mapping[str, Any]) -> str:
    options = "".join(
        f'<option value="{escape(each.name)}"{" selected" if each.name == item.answer else ""}>'
        f"{escape(each.label)}</option>"
        for each in item.choices
    )
    first = f'<option value="">{escape(texts["choose"])}</option>'
    return _question(
        item,
        texts,
        f'<select id="{_id(item)}" name="{name}"{_marks(item)}>{first}{options}</select>',
    )


def _question(item: WebItem, texts: Mapping[str, Any], entry: str) -> str:
    label = f'<label for="{_id(item)}">{_label(item, texts)}</label>'
    return f'<div class="{_bad(item, "question")}">{label}{_about(item)}{entry}</div>\n'


def _choices(item: WebItem, name: str, texts: Mapping[str, Any]) -> str:
    """A group of boxes. Of radio buttons one cannot be taken back, so there is one for no answer."""
    several = item.kind is ItemKind.SELECT_MULTIPLE
    taken = set(item.answer.split())
    offered = [(each.name, each.label) for each in item.choices]
    if not several and not item.required:
        offered.append(("", texts["none"]))
    first = f' id="{_id(item)}"'
    kind = "checkbox" if several else "radio"
    boxes = "".join(
        f'<label class="choice"><input type="{kind}" name="{name}" value="{escape(value)}"'
        f"{first if place == 0 else ''}"
        f"{' checked' if value in taken or (not value and not taken) else ''}>"
        f"<span>{escape(label)}</span></label>"
        for place, (value, label) in enumerate(offered)
    )
    some = f'<p class="hint">{escape(texts["some"])}</p>' if several else ""
    return (
        f'<fieldset class="{_bad(item, "")}"{_marks(item)}><legend>{_label(item, texts)}</legend>'
        f"{some}{_about(item)}{boxes}</fieldset>\n"
    )


def _label(item: WebItem, texts: Mapping[str, Any]) -> str:
    needed = f' <span class="needed">{escape(texts["needed"])}</span>' if item.required else ""
    return escape(item.label) + needed


def _about(item: WebItem) -> str:
    hint = f'<p class="hint" id="{_id(item)}-hint">{escape(item.hint)}</p>' if item.hint else ""
    if item.problem is None:
        return hint
    return f'{hint}<p class="wrong" id="{_id(item)}-wrong">{escape(item.problem)}</p>'


def _marks(item: WebItem) -> str:
    """What a screen reader is told beside the label."""
    about = [
        f"{_id(item)}-{kind}"
        for kind, said in (("hint", item.hint), ("wrong", item.problem))
        if said
    ]
    described = f' aria-describedby="{" ".join(about)}"' if about else ""
    if item.kind in (ItemKind.SELECT_ONE, ItemKind.SELECT_MULTIPLE):
        return described
    invalid = ' aria-invalid="true"' if item.problem else ""
    return described + invalid + (' aria-required="true"' if item.required else "")


def _summary(texts: Mapping[str, Any], problems: Mapping[str, str | None]) -> str:
    """All that is wrong, each with a link to its field."""
    links = "".join(
        f'<li><a href="#{_place(name)}">{escape(said or "")}</a></li>'
        for name, said in problems.items()
    )
    return (
        f'<div class="summary" role="alert"><h2>{escape(texts["summary"])}</h2>'
        f"<ul>{links}</ul></div>\n"
    )


def _told(text: str) -> str:
    return f'<p class="told" role="status">{escape(text)}</p>\n'


def _place(name: str) -> str:
    return name if name == "consent" else f"q-{name}"


def _id(item: WebItem) -> str:
    return f"q-{item.name}"


def _bad(item: WebItem, name: str) -> str:
    return f"{name} bad".strip() if item.problem else name


def _form_tag(address: str) -> str:
    return f'<form method="post" action="{escape(address)}" novalidate autocomplete="off">\n'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _button(action: str, text: str, *, quiet: bool = False) -> str:
    look = ' class="quiet"' if quiet else ""
    return f'<button type="submit" name="action" value="{action}"{look}>{escape(text)}</button>'


def _day(day: date, language: Language) -> str:
    return f"{day.day} {_TEXTS[language]['months'][day.month - 1]} {day.year}"
