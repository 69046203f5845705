"""What is no form is refused, with the place of everything that is wrong with it."""

from typing import Any

import pytest

from services.research.domain.form.canonical import canonical, digest
from services.research.domain.form.faults import FormRefused
from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.forms import FormDefinition
from tests.research.form.making import definition, item, label


def faults(*items: dict[str, Any], **facts: Any) -> dict[str, str]:
    with pytest.raises(FormRefused) as refusal:
        Form(definition(*items, **facts))
    return {fault.pointer: fault.code.removeprefix("research.") for fault in refusal.value.faults}


ASKED = (
    item("integer", "n"),
    item("text", "t"),
    item("date", "d"),
    item("select_one", "s", choices="letters"),
    item("note", "info"),
)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("${n} >", "expression_syntax"),
        ("${n} ? 1", "expression_syntax"),
        ("(${n} > 1", "expression_syntax"),
        ("${n} > 1 2", "expression_syntax"),
        ("${n > 1", "expression_syntax"),
        ("true", "expression_syntax"),
        ("/data/n > 1", "expression_path"),
        ("../n > 1", "expression_path"),
        (". > 1", "expression_own_answer"),
        ("${m} > 1", "expression_question"),
        ("${info} != ''", "expression_question"),
        ("pulldata('a', 'b')", "expression_function"),
        ("jr:choice-name(${s}, 'x')", "expression_function"),
        ("__import__('os')", "expression_function"),
        ("not()", "expression_arguments"),
        ("if(true(), 1)", "expression_arguments"),
        ("today(1)", "expression_arguments"),
        ("${n}", "expression_condition"),
        ("${t} and true()", "expression_condition"),
        ("${t} = true()", "expression_types"),
        ("${d} > 5", "expression_types"),
        ("${d} > '2026-01-01'", "expression_types"),
        ("${d} * 2 > 1", "expression_types"),
        ("1 < 2 < 3", "expression_types"),
        ("${d} > date('2026-02-30')", "expression_day"),
        ("regex(${t}, '(')", "expression_pattern"),
        ("regex(${t}, '(?=a)a')", "expression_pattern"),
        ("regex(${t}, ${s})", "expression_pattern_computed"),
        ("(" * 31 + "true()" + ")" * 31, "expression_deep"),
        ("1+" * 200 + "1 = 1", "expression_deep"),
    ],
)
def test_an_expression_that_means_nothing_certain_is_refused(expression: str, code: str) -> None:
    found = faults(*ASKED, item("text", "x", relevant=expression))
    assert found == {"/items/5/relevant": code}


def test_all_faults_are_told_at_once() -> None:
    found = faults(
        item("text", "Meta"),
        item("select_one", "s"),
        item("select_one", "u", choices="nowhere"),
        item("group", "g", items=[item("text", "S"), item("integer", "i", calculation="1")]),
        item("note", "hello", required=True),
        item("calculate", "c", label=label()),
        {"kind": "text", "name": "bare"},
        item("group", "empty"),
        item("text", "greets", hint={"pl": "Cześć ${s}"}),
        choice_lists={
            "none": [],
            "twice": [{"name": "a", "label": label()}, {"name": "a", "label": label()}],
        },
    )
    assert found == {
        "/items/0/name": "form_name_reserved",
        "/items/1/choices": "form_field_missing",
        "/items/2/choices": "form_list_unknown",
        "/items/3/items/0/name": "form_name_taken",
        "/items/3/items/1/calculation": "form_field_misplaced",
        "/items/4/required": "form_field_misplaced",
        "/items/5/calculation": "form_field_missing",
        "/items/6/label": "form_field_missing",
        "/items/7/items": "form_field_missing",
        "/items/8/hint": "form_label_computed",
        "/choice_lists/none": "form_list_empty",
        "/choice_lists/twice/1/name": "form_choice_taken",
    }


@pytest.mark.parametrize(
    "items",
    [
        (item("text", "a", relevant="${b} = ''"), item("text", "b", relevant="${a} = ''")),
        (item("text", "a", relevant="${a} = ''"),),
        (
            item("calculate", "a", calculation="${b} + 1"),
            item("calculate", "b", calculation="${a}"),
        ),
        (item("group", "g", relevant="${a} = ''", items=[item("text", "a")]),),
    ],
)
def test_questions_do_not_wait_for_one_another(items: tuple[dict[str, Any], ...]) -> None:
    assert list(faults(*items).values()) == ["form_cycle"]


def test_an_answer_may_depend_on_a_later_question() -> None:
    Form(definition(item("text", "a", relevant="${z} = '1'"), item("text", "z")))


def test_the_digest_is_that_of_what_is_said() -> None:
    """The text is fixed here, because digests of published versions must never change."""
    one = definition(item("text", "a"), choice_lists={})
    assert canonical(one).decode() == (
        '{"items":[{"kind":"text","label":{"en":"Pytanie a (en)","pl":"Pytanie a"},"name":"a"}],'
        '"title":{"pl":"Ankieta"}}'
    )
    assert digest(one) == "10a1add8366c1a810c576af470f8807bb39a7db0c3490df6e36816b0f45c7151"
    said_again = definition(item("text", "a", required=False, hint=None), choice_lists={})
    assert digest(said_again) == digest(one)
    assert digest(definition(item("text", "a", required=True), choice_lists={})) != digest(one)
    assert FormDefinition.model_validate_json(canonical(one)) == one
