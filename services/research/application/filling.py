"""One step through a form: what was entered on a page, judged; and the page that comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.research.domain.form.checking import ANSWERED
from services.research.domain.form.form import Form
from services.research.domain.form.judging import Judged, Objection, judge
from services.research.domain.form.pages import Page, Placed, pages_of
from services.research.formats.wording import sentence
from shared.contracts.research.views.webforms import AnswerWebForm, WebItem
from shared.contracts.research.vocabulary.forms import ItemKind, Labels
from shared.contracts.research.vocabulary.responses import FormAction, FormLanguage
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Filled:
    """A form at a page; one page more than there are is the last look before it is sent.

    `answers` are those that are well; `entered` is what was entered on the page, well or not.
    """

    form: Form
    answers: Mapping[str, str]
    relevant: frozenset[str]
    page: int
    problems: Mapping[str, Objection] = field(default_factory=dict)
    entered: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    is_sent: bool = False

    @property
    def pages(self) -> int:
        return len(pages_of(self.form))

    def items(self, language: FormLanguage) -> tuple[WebItem, ...]:
        if self.page >= self.pages:
            return ()
        placed = pages_of(self.form)[self.page].placed
        return tuple(
            self._item(each, language) for each in placed if each.item.name in self.relevant
        )

    def _item(self, placed: Placed, language: FormLanguage) -> WebItem:
        item, problem = placed.item, self.problems.get(placed.item.name)
        choices = self.form.definition.choice_lists.get(item.choices or "", ())
        return WebItem.model_validate(
            {
                "kind": item.kind,
                "name": item.name,
                "label": _in(item.label, language),
                "hint": item.hint and _in(item.hint, language),
                "group": placed.group and _in(placed.group, language),
                "required": item.required is True,
                "choices": [
                    {"name": each.name, "label": _in(each.label, language)} for each in choices
                ],
                "answer": self.entered.get(item.name, self.answers.get(item.name, "")),
                "problem": problem and getattr(sentence(problem.code, problem.facts), language),
            }
        )


@dataclass(frozen=True)
class Filling:
    """A form with the answers so far."""

    form: Form
    answers: Mapping[str, str]
    today: date

    def at(self, page: int) -> Filled:
        """As it was left; where that page is no more, at the next that there is."""
        judged = self._judged(self._own(self.answers))
        pages = pages_of(self.form)
        while page < len(pages) and not pages[page].is_shown(judged.relevant):
            page += 1
        return Filled(self.form, self._own(judged.answers), judged.relevant, min(page, len(pages)))

    def turned(self, step: AnswerWebForm) -> Filled:
        """Judge what was entered and turn the page, unless something there has to be put right.

        Raises `research.answer_question_unknown` for what the page does not ask.
        """
        pages = pages_of(self.form)
        page = min(step.page, len(pages))
        asked = pages[page].questions if page < len(pages) else ()
        for name in step.answers:
            if name not in asked:
                raise Rejected("research.answer_question_unknown", pointer=f"/answers/{name}")
        entered = {name: self._with_point(name, said) for name, said in step.answers.items()}
        given = {name: said for name, said in self.answers.items() if name not in asked}
        judged = self._judged(self._own(given | entered))
        problems = {each.pointer[1:]: each for each in judged.problems}
        well = {
            name: said for name, said in self._own(judged.answers).items() if name not in problems
        }
        at = Filled(self.form, well, judged.relevant, page)
        if step.action is FormAction.BACK:
            return _with(at, page=_before(pages, page, judged))
        here = {name: problems[name] for name in asked if name in problems}
        fresh = {n for n in asked if n in judged.relevant and n not in step.shown}
        here = {name: problem for name, problem in here.items() if name not in fresh}
        if here or fresh:
            return _with(at, problems=here, entered=step.answers, more=bool(fresh))
        if page < len(pages):
            return _with(at, page=_behind(pages, page, judged))
        for number, each in enumerate(pages):
            if found := {name: problems[name] for name in each.questions if name in problems}:
                return _with(at, page=number, problems=found)
        return _with(at, answers=judged.answers, is_sent=True)

    def _judged(self, given: Mapping[str, str]) -> Judged:
        """What skip logic hides is no answer any more: nobody sees it on the page to take it back."""
        judged = judge(self.form, given, on=self.today)
        hidden = {
            each.pointer[1:] for each in judged.problems if each.code == "research.answer_hidden"
        }
        if not hidden:
            return judged
        left = {name: said for name, said in given.items() if name not in hidden}
        return judge(self.form, left, on=self.today)

    def _with_point(self, name: str, said: str) -> str:
        """A decimal number as people in Poland write it."""
        decimal = self.form.items[name].kind is ItemKind.DECIMAL
        return said.replace(",", ".", 1) if decimal else said

    def _own(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Those that people gave; values that are calculated are calculated anew."""
        kinds = {name: item.kind for name, item in self.form.items.items()}
        return {name: said for name, said in answers.items() if kinds.get(name) in ANSWERED}


def _with(filled: Filled, **facts: Any) -> Filled:
    return Filled(**{**vars(filled), **facts})


def _behind(pages: Sequence[Page], page: int, judged: Judged) -> int:
    shown = (n for n in range(page + 1, len(pages)) if pages[n].is_shown(judged.relevant))
    return next(shown, len(pages))


def _before(pages: Sequence[Page], page: int, judged: Judged) -> int:
    shown = (n for n in range(page - 1, -1, -1) if pages[n].is_shown(judged.relevant))
    return next(shown, page)


def _in(labels: Labels | None, language: FormLanguage) -> str:
    if labels is None:
        return ""
    return (labels.en if language == "en" else None) or labels.pl
