"""Whether answers are a response to a form: one judgement for the web form, imports and edits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.research.domain.form.answers import AnswerRefused, Given
from services.research.domain.form.compiled import Scope
from services.research.domain.form.form import Form, Question
from services.research.domain.form.values import EPOCH
from shared.contracts.research.vocabulary.forms import ItemKind


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an answer, or its absence, is refused. `pointer` leads to it within the answers; facts say
    what was expected and never repeat what was answered.
    """

    pointer: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers judged: the canonical texts of all that count, calculated values among them, in the
    order of the form; what is wrong; and the items that are shown to who answers so.
    """

    answers: Mapping[str, str]
    problems: tuple[Objection, ...]
    relevant: frozenset[str]


def judge(form: Form, given: Mapping[str, Given], *, on: date, complete: bool = True) -> Judged:
    """`on` is the day on which the form is, or was, filled in. Of an incomplete response answers may
    be missing. Pure: what is given alone decides.
    """
    problems: dict[str, Objection] = {}
    read: dict[str, str] = {}
    for name, raw in given.items():
        question = form.questions.get(name)
        try:
            read[name] = _unasked(form, name, raw) if question is None else question.read(raw)
        except AnswerRefused as refused:
            problems[name] = Objection(f"/{name}", refused.code, refused.facts)
    scope = Scope(dict.fromkeys(form.items, ""), float(on.toordinal() - EPOCH))
    relevant = _evaluated(form, read, scope)
    for name, question in form.questions.items():
        if name not in problems:
            found = _problem(question, read.get(name, ""), name in relevant, scope, complete)
            if found is not None:
                problems[name] = found
    return Judged(
        {name: value for name in form.valued if (value := scope.answers[name])},
        tuple(problems.values()) if len(problems) < 2 else _ordered(form, problems),
        relevant,
    )


def _unasked(form: Form, name: str, raw: Given) -> str:
    """What nobody is asked may be left empty, as in tables with a column for every item."""
    item = form.items.get(name)
    if item is None:
        raise AnswerRefused("answer_question_unknown")
    if raw in (None, "", ()):
        return ""
    calculated = item.kind is ItemKind.CALCULATE
    raise AnswerRefused("answer_calculated" if calculated else "answer_question_unknown")


def _evaluated(form: Form, read: Mapping[str, str], scope: Scope) -> frozenset[str]:
    """Fill the scope with what counts and return what is shown. An answer to what is hidden counts
    as missing for everything that depends on it.
    """
    shown: set[str] = set()
    answers = scope.answers
    for step in form.plan:
        if step.parent is not None and step.parent not in shown:
            continue
        if step.relevant is not None and not step.relevant(scope):
            continue
        shown.add(step.name)
        if step.calculate is not None:
            answers[step.name] = step.calculate(scope)
        elif step.name in read:
            answers[step.name] = read[step.name]
    return frozenset(shown)


def _problem(
    question: Question, answer: str, shown: bool, scope: Scope, complete: bool
) -> Objection | None:
    if not shown:
        return Objection(f"/{question.name}", "research.answer_hidden") if answer else None
    if not answer:
        missing = complete and question.required is not None and question.required(scope)
        return _told(question, "research.answer_missing") if missing else None
    if question.constraint is not None and not question.constraint(scope):
        return _told(question, "research.answer_constraint")
    return None


def _told(question: Question, code: str) -> Objection:
    """With the author's own message, where there is one."""
    constraint = code == "research.answer_constraint"
    item = question.item
    message = item.constraint_message if constraint else item.required_message
    facts = {"message": message.model_dump(exclude_none=True)} if message else {}
    return Objection(f"/{question.name}", code, facts)


def _ordered(form: Form, problems: Mapping[str, Objection]) -> tuple[Objection, ...]:
    """What the form does not ask first, then in the order of the form."""
    unasked = [problem for name, problem in problems.items() if name not in form.questions]
    asked = [problems[name] for name in form.questions if name in problems]
    return (*unasked, *asked)
