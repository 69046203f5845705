"""One judgement of answers, whoever asks: what is hidden, missing, of the wrong kind, out of bounds."""

import copy
import random
from datetime import date
from typing import Any

import pytest

from services.research.domain.form.form import Form
from services.research.domain.form.judging import Judged, judge
from tests.research.form.making import form, item

TODAY = date(2026, 3, 2)
WORK = (
    item("select_one", "works", choices="yesno", required=True),
    item(
        "group",
        "job",
        relevant="${works} = 'yes'",
        items=[
            item(
                "integer",
                "hours",
                required="${works} = 'yes'",
                constraint=". > 0 and . <= 168",
                constraint_message={"pl": "Od 1 do 168"},
            ),
            item("date", "since", constraint=". <= today()"),
        ],
    ),
    item("calculate", "doubled", calculation="${hours} * 2"),
    item("select_multiple", "letters", choices="letters"),
    item("text", "why", relevant="selected(${letters}, 'c')"),
    item("note", "thanks"),
)


@pytest.fixture(scope="module")
def work() -> Form:
    return form(*WORK)


def codes(judged: Judged) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in judged.problems}


def test_good_answers_are_kept_in_one_way_of_writing(work: Form) -> None:
    given = {
        "works": " yes",
        "hours": "0040",
        "since": "2026-03-02",
        "letters": "c a",
        "why": "  bo\r\ntak ",
    }
    judged = judge(work, given, on=TODAY)
    assert judged.problems == ()
    assert judged.answers == {
        "works": "yes",
        "hours": "40",
        "since": "2026-03-02",
        "doubled": "80",
        "letters": "a c",
        "why": "bo\ntak",
    }
    assert list(judged.answers) == ["works", "hours", "since", "doubled", "letters", "why"]
    assert judge(work, {**judged.answers, "doubled": ""}, on=TODAY) == judged


def test_json_may_hold_numbers_and_lists(work: Form) -> None:
    given: dict[str, Any] = {"works": "yes", "hours": 40, "letters": ["b", "a"], "since": None}
    assert judge(work, given, on=TODAY).answers["letters"] == "a b"


def test_an_answer_to_a_hidden_question_is_refused(work: Form) -> None:
    judged = judge(work, {"works": "no", "hours": "40", "why": "x"}, on=TODAY)
    assert codes(judged) == {"/hours": "research.answer_hidden", "/why": "research.answer_hidden"}
    assert "hours" not in judged.answers
    assert "doubled" not in judged.answers
    assert {"job", "hours", "since", "why"}.isdisjoint(judged.relevant)


def test_what_is_required_may_be_missing_while_the_response_is_incomplete(work: Form) -> None:
    assert codes(judge(work, {"works": "yes"}, on=TODAY)) == {"/hours": "research.answer_missing"}
    assert codes(judge(work, {}, on=TODAY)) == {"/works": "research.answer_missing"}
    assert judge(work, {"works": "yes"}, on=TODAY, complete=False).problems == ()


def test_a_broken_constraint_is_told_in_the_authors_words(work: Form) -> None:
    judged = judge(work, {"works": "yes", "hours": "169", "since": "2026-03-03"}, on=TODAY)
    assert codes(judged) == {
        "/hours": "research.answer_constraint",
        "/since": "research.answer_constraint",
    }
    assert judged.problems[0].facts == {"message": {"pl": "Od 1 do 168"}}
    earlier = judge(
        work, {"works": "yes", "hours": "1", "since": "2026-03-02"}, on=date(2026, 3, 1)
    )
    assert codes(earlier) == {"/since": "research.answer_constraint"}


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("works", "maybe", "answer_choice"),
        ("works", 1, "answer_type"),
        ("letters", "a d", "answer_choice"),
        ("letters", "a a", "answer_choice_repeated"),
        ("letters", ["a b"], "answer_choice"),
        ("hours", "4.5", "answer_type"),
        ("hours", "٤", "answer_type"),
        ("hours", True, "answer_type"),
        ("hours", "1e2", "answer_type"),
        ("hours", "1234567890123456", "answer_type"),
        ("since", "2026-02-30", "answer_type"),
        ("since", "02.03.2026", "answer_type"),
        ("since", "20260302", "answer_type"),
        ("since", "2026-W10-1", "answer_type"),
        ("why", "x" * 4_001, "answer_too_long"),
        ("why", "a\x00b", "answer_type"),
        ("doubled", "2", "answer_calculated"),
        ("thanks", "x", "answer_question_unknown"),
        ("job", "x", "answer_question_unknown"),
        ("other", "", "answer_question_unknown"),
    ],
)
def test_an_answer_that_is_none_is_named_and_not_repeated(
    work: Form, name: str, given: Any, code: str
) -> None:
    answers = {"works": "yes", "hours": "40", "letters": "c", "why": "x"} | {name: given}
    problem = judge(work, answers, on=TODAY, complete=False).problems[0]
    assert (problem.pointer, problem.code) == (f"/{name}", f"research.{code}")
    if isinstance(given, str) and len(given) > 3:
        assert given not in str(problem.facts)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("3.50", "3.5"), ("-0", "0"), (".5", "0.5"), ("100", "100"), (2.5e-3, "0.0025"), (7, "7")],
)
def test_decimals_that_are_equal_are_one_text(given: str | float, kept: str) -> None:
    price = form(item("decimal", "price"))
    assert judge(price, {"price": given}, on=TODAY).answers == {"price": kept}


@pytest.mark.parametrize("given", ["3,5", "1e3", "NaN", float("nan"), "0.1234567890123456"])
def test_decimals_that_are_none_or_not_exact_are_refused(given: str | float) -> None:
    price = form(item("decimal", "price"))
    assert codes(judge(price, {"price": given}, on=TODAY)) == {"/price": "research.answer_type"}


def test_judging_depends_on_nothing_but_what_it_is_given(work: Form) -> None:
    draw = random.Random(7)
    pool: dict[str, list[Any]] = {
        "works": ["yes", "no", "", "x"],
        "hours": ["1", "500", "a"],
        "since": ["2026-01-01", "2027-01-01"],
        "letters": ["a", "b c", "d"],
        "why": ["", "tekst"],
        "zzz": ["1"],
    }
    asked = [
        {name: draw.choice(values) for name, values in pool.items() if draw.random() < 0.6}
        for _ in range(300)
    ]
    kept = copy.deepcopy(asked)
    first = [judge(work, given, on=TODAY) for given in asked]
    assert asked == kept
    again = form(*WORK)
    backwards = [judge(again, given, on=TODAY) for given in reversed(asked)]
    assert backwards[::-1] == first
    shuffled = [dict(sorted(given.items(), reverse=True)) for given in asked]
    assert [judge(work, given, on=TODAY) for given in shuffled] == first
