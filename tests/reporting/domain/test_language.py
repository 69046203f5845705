"""The rule language: what a file may say, and how exactly it is told what it may not."""

import tomllib
from datetime import date

import pytest

from services.reporting.domain.indicators.definition import IndicatorSet
from tests.reporting.domain.telling import RULES, SETS, Telling, numbers

HEAD = """
code = "trial"
name = { pl = "Próba", en = "Trial" }
windows = { outcome_days = 28, follow_up_days = 28 }
"""


def text(where: str = "", *more: str, conditions: str = "", **fields: str) -> str:
    facts = {"code": '"A"', "moment": '"entry"', "verified": "false", **fields}
    lines = [f"{name} = {value}" for name, value in facts.items() if value]
    condition = f"where = {where}" if where else ""
    return "\n".join(
        (
            HEAD,
            f"[conditions]\n{conditions}",
            "[[indicators]]",
            'name = { pl = "x", en = "x" }',
            "valid_from = 2020-01-01",
            'source = "x"',
            condition,
            *lines,
            *more,
        )
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (text('{ sexx = "male" }'), "indicators.A.where.sexx: unknown; a column is one of"),
        (text('{ sex = "m" }'), "indicators.A.where.sex: 'm' is none of female, male, non_binary"),
        (text("{ sex = 1 }"), "indicators.A.where.sex: 1 is none of"),
        (text('{ ground = ["homless"] }'), "where.ground: 'homless' is none of"),
        (text("{ age_at_start = 25 }"), "age_at_start: bounds: a table with some of below"),
        (text("{ age_at_start = { under = 25 } }"), "age_at_start.under: unknown; a bound is"),
        (text('{ age_at_start = { below = "25" } }'), "age_at_start.below: a whole number"),
        (text('{ left = "yes" }'), "where.left: true or false"),
        (text("{ all = [] }"), "where.all: a list of conditions, one or more"),
        (text('{ all = [{ sex = "male" }, { no = 1 }] }'), "where.all[1].no: unknown"),
        (text('{ sex = "male", left = true }'), "a condition is a table with exactly one key"),
        (text('{ is = "young" }'), "where.is: unknown condition; there are"),
        (
            text('{ is = "a" }', conditions='a = { not = { is = "a" } }'),
            "condition a is defined by itself",
        ),
        (text(universe='"persns"'), "indicators.A.universe: unknown; a universe is one of"),
        (text(moment=""), "indicators.A.moment: persons are measured at a moment"),
        (text(moment='"start"'), "indicators[0].moment: Input should be 'entry'"),
        (text(colour='"red"'), "indicators[0].colour: Extra inputs are not permitted"),
        (text(breakdowns='[["sexes"]]'), "indicators.A.breakdowns: 'sexes' is no column with"),
        (text(breakdowns='[["left"]]'), "indicators.A.breakdowns: 'left' is no column with"),
        (text(subset_of='"B"'), "indicators.A.subset_of: there is no indicator B"),
        (text(subset_of='"A"'), "indicators.A.subset_of: A would be a part of itself"),
        (text(retroactive="true"), "indicators.A.retroactive: only an end can act backwards"),
        (text(valid_to="2019-01-01"), "indicators.A.valid_to: lies before valid_from"),
        (text('{ sex = "male" }', grand_total="true"), "indicators.A.where: a grand total"),
        (text(verified='"perhaps"'), "indicators[0].verified: Input should be a valid boolean"),
        ("code = [", "trial.toml: "),
        (HEAD, "indicators: Field required"),
    ],
)
def test_a_file_that_says_what_it_may_not_is_refused_with_file_and_key(
    content: str, told: str
) -> None:
    with pytest.raises(ValueError, match=r"^trial\.toml: ") as refusal:
        IndicatorSet.parse("trial.toml", content)
    assert told in str(refusal.value)


def test_a_code_given_twice_is_refused() -> None:
    twice = text() + text().partition("[conditions]")[2]
    with pytest.raises(ValueError, match=r"trial\.toml: indicators\.A: the code is given twice"):
        IndicatorSet.parse("trial.toml", twice)


def test_the_version_is_of_what_is_said_and_not_of_how_it_is_written() -> None:
    one = IndicatorSet.parse("a", text('{ sex = "male" }'))
    same = IndicatorSet.parse("b", "# a remark\n" + text('{sex="male"}'))
    other = IndicatorSet.parse("a", text('{ sex = "female" }'))
    assert one.version == same.version != other.version


def test_every_rule_of_every_set_has_a_source() -> None:
    for rules in SETS.values():
        assert all(len(each.source) > 20 for each in rules.indicators)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("esf2014", [f"CO{n:02}" for n in range(1, 24)] + [f"CR{n:02}" for n in range(1, 10)]),
        ("esfplus", [f"EECO{n:02}" for n in range(1, 20)] + [f"EECR{n:02}" for n in range(1, 7)]),
    ],
)
def test_the_sets_hold_every_common_indicator(code: str, wanted: list[str]) -> None:
    codes = [
        each["code"] for each in tomllib.loads((RULES / f"{code}.toml").read_text())["indicators"]
    ]
    assert [
        each for each in codes if each.startswith(("CO", "CR", "EEC")) and each != "CO02PL"
    ] == wanted


def test_conditions_say_what_they_seem_to_say() -> None:
    telling = Telling()
    for number, sex in enumerate(("female", "male", "non_binary"), 1):
        telling.registered(
            number,
            date(2021, 1, 1),
            monitoring={
                "sex": sex,
                "born_on": f"{1980 + number}-01-01",
                "education": "isced3",
                "labour_status": "employed",
            },
        )
        telling.enrolled(number, date(2021, 2, 1))

    def found(where: str) -> int | None:
        return numbers(telling.facts, IndicatorSet.parse("t", text(where)))["A"]

    assert found('{ sex = ["female", "male"] }') == 2
    assert found('{ not = { sex = "female" } }') == 2
    assert found('{ any = [{ sex = "male" }, { age_at_start = { at_least = 40 } }] }') == 2
    assert found('{ all = [{ sex = "male" }, { age_at_start = { at_least = 40 } }] }') == 0
    assert found("{ age_at_start = { above = 38, below = 40 } }") == 1
    assert found("{ age_at_start = { at_most = 38 } }") == 1
    assert found("{ months_unemployed = { at_least = 0 } }") == 0
    assert found("{ not = { left = true } }") == 3
    assert found("{ citizenship = { known = true } }") == 0
