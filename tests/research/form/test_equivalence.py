"""Our reading of a form is the field's: pyxform's XForm, evaluated by another XPath engine, hides the
same questions, misses the same answers, refuses the same values and calculates the same ones.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.domain.form.values import days_of
from shared.contracts.research.vocabulary.forms import ItemKind
from tests.research.form.making import definition, item
from tests.research.form.xforms import XForm

TODAY = date(2026, 3, 2)
DAYS = st.sampled_from([-30, -8, -7, -6, -1, 0, 1, 5]).map(
    lambda shift: (TODAY + timedelta(shift)).isoformat()
)
LETTERS = ("a", "b", "c")
KINDS = ("select_one", "select_multiple", "integer", "decimal", "text", "date")
COMPARED = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
NUMBERS = st.sampled_from(["0", "1", "2", "3.5", "10", "-2"])


@st.composite
def numbers(draw: st.DrawFn, known: Sequence[dict[str, Any]], depth: int = 0) -> str:
    """An expression that is a number."""
    own = [f"${{{each['name']}}}" for each in known if each["kind"] in {"integer", "decimal"}]
    texts = [f"${{{each['name']}}}" for each in known if each["kind"] == "text"]
    many = [f"${{{each['name']}}}" for each in known if each["kind"] == "select_multiple"]
    days = [f"${{{each['name']}}}" for each in known if each["kind"] == "date"]
    options = [NUMBERS]
    if own:
        options.append(st.sampled_from(own))
        options.append(st.sampled_from(own).map(lambda name: f"int({name})"))
        options.append(st.sampled_from(own).map(lambda name: f"coalesce({name}, 7)"))
    if texts:
        options.append(st.sampled_from(texts).map(lambda name: f"string-length({name})"))
        options.append(st.sampled_from(texts).map(lambda name: f"number({name})"))
    if many:
        options.append(st.sampled_from(many).map(lambda name: f"count-selected({name})"))
    if days:
        options.append(st.sampled_from(days).map(lambda name: f"(today() - {name})"))
    if depth < 2 and draw(st.booleans()):
        left = draw(numbers(known, depth + 1))
        right = draw(numbers(known, depth + 1))
        sign = draw(st.sampled_from(["+", "-", "*", "div", "mod"]))
        written: str = draw(
            st.sampled_from([f"({left} {sign} {right})", f"-({left}) {sign} {right}"])
        )
        return written
    chosen: str = draw(st.one_of(options))
    return chosen


@st.composite
def conditions(draw: st.DrawFn, known: Sequence[dict[str, Any]], depth: int = 0) -> str:
    """An expression that is a condition on the questions known."""
    if depth < 2 and draw(st.integers(0, 2)) == 0:
        left, right = (draw(conditions(known, depth + 1)) for _ in range(2))
        joined = ["{0} and {1}", "{0} or {1}", "not({0})", "if({0}, {1}, false())", "({0}) or {1}"]
        template: str = draw(st.sampled_from(joined))
        return template.format(left, right)
    chosen = draw(st.sampled_from(known)) if known else None
    if chosen is None or draw(st.integers(0, 3)) == 0:
        compared = f"{draw(numbers(known))} {draw(COMPARED)} {draw(numbers(known))}"
        return draw(st.sampled_from([compared, f"({compared})", "true()"]))
    about: str = draw(_about(chosen, f"${{{chosen['name']}}}", known))
    return about


def _about(chosen: dict[str, Any], name: str, known: Sequence[dict[str, Any]]) -> Any:
    """Conditions on one question, written as `name`."""
    letters = st.sampled_from(LETTERS)
    same = [f"${{{each['name']}}}" for each in known if each["kind"] == chosen["kind"]] or ["''"]
    equal = st.builds(
        lambda sign, other: f"{name} {sign} {other}",
        st.sampled_from(["=", "!="]),
        st.sampled_from([*same, "''"]),
    )
    selected = letters.map(lambda letter: f"selected({name}, '{letter}')")
    match chosen["kind"]:
        case "select_one":
            return equal | letters.map(lambda letter: f"{name} = '{letter}'") | selected
        case "select_multiple":
            return equal | selected
        case "date":
            day = st.just("today()") | DAYS.map("date('{}')".format)
            moved = st.just("today() - 7")
            compared = st.builds(lambda sign, at: f"{name} {sign} {at}", COMPARED, day | moved)
            return equal | compared
        case "text":
            patterns = st.sampled_from(["[a-c]+", "x?[0-9]{2}", ".*z"])
            calls = st.sampled_from(["contains({0}, 'a')", "starts-with({0}, 'a')"])
            return (
                equal
                | patterns.map(lambda pattern: f"regex({name}, '{pattern}')")
                | calls.map(lambda call: call.format(name))
            )
    return equal | st.builds(lambda sign, at: f"{name} {sign} {at}", COMPARED, NUMBERS)


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Items that refer to what was drawn before them, in any order, some of them in groups."""
    known: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 7))):
        made = draw(_question(f"q{number}", known))
        if draw(st.integers(0, 3)) == 0:
            relevant = {"relevant": draw(conditions(known))} if draw(st.booleans()) else {}
            items.append(item("group", f"g{number}", items=[made], **relevant))
        else:
            items.append(made)
        known.append(made)
    return draw(st.permutations(items))


@st.composite
def _question(draw: st.DrawFn, name: str, known: Sequence[dict[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if draw(st.booleans()):
        facts["relevant"] = draw(conditions(known))
    if draw(st.integers(0, 6)) == 0:
        words = st.builds("if({0}, 'tak', 'a')".format, conditions(known))
        return item("calculate", name, calculation=draw(numbers(known) | words), **facts)
    kind = draw(st.sampled_from(KINDS))
    if kind.startswith("select"):
        facts["choices"] = "letters"
    if draw(st.booleans()):
        facts["required"] = draw(st.just(True) | conditions(known))
    made = item(kind, name, **facts)
    if draw(st.booleans()):
        made["constraint"] = draw(_about(made, ".", known))
    return made


def answers(items: Sequence[dict[str, Any]]) -> st.SearchStrategy[dict[str, str]]:
    values = {
        "select_one": st.sampled_from(LETTERS),
        "select_multiple": st.lists(st.sampled_from(LETTERS), unique=True).map(
            lambda taken: " ".join(sorted(taken))
        ),
        "integer": st.sampled_from(["-2", "0", "1", "2", "3", "10"]),
        "decimal": st.sampled_from(["0", "0.5", "3.5", "-2", "10"]),
        "text": st.sampled_from(["a", "abc", "x12", "12", "3.5", "zażółć", "12z"]),
        "date": DAYS,
    }
    flat = [each for one in items for each in one.get("items", [one])]
    return st.fixed_dictionaries(
        {
            each["name"]: st.just("") | values[each["kind"]]
            for each in flat
            if each["kind"] in values
        }
    )


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_skip_logic_and_constraints_are_those_of_the_xform(data: st.DataObject) -> None:
    items = data.draw(forms())
    asked = definition(*items)
    ours, theirs = Form(asked), XForm(asked)
    dates = {name for name, each in ours.items.items() if each.kind is ItemKind.DATE}
    for _ in range(4):
        given_answers = data.draw(answers(items))
        counted = {
            name: str(int(days_of(value))) if name in dates and value else value
            for name, value in given_answers.items()
        }
        judged = judge(ours, given_answers, on=TODAY)
        outcome = theirs.evaluate(counted, TODAY)
        assert {each.pointer[1:]: each.code for each in judged.problems} == outcome.problems
        assert judged.relevant == outcome.shown - {"data", "ankieta"}
        told = {
            name: str(int(days_of(value))) if name in dates else value
            for name, value in judged.answers.items()
        }
        assert told == outcome.values
