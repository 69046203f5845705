"""What was promised, in versions, and how far the numbers are."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.access import Role
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.commands import plans as commands
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import plans as views
from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.errors import Rejected
from tests.driving import caller
from tests.reporting.conftest import Reporting
from tests.reporting.telling import enrolled, person, registered, told_by
from tests.reporting.working import asked

AGREED = date(2026, 1, 5)
FIRST = Target(code="CO01", first_on=date(2026, 1, 1), last_on=date(2026, 1, 31), value=4)
THEN = FIRST.model_copy(update={"first_on": date(2026, 2, 1), "last_on": date(2026, 3, 31)})
LATER = FIRST.model_copy(update={"first_on": date(2026, 5, 1), "last_on": date(2026, 5, 31)})
RESEARCHER = caller(Role.RESEARCHER, "uniwersytet")


def plan_of(*targets: Target, **facts: Any) -> commands.AgreePlan:
    return commands.AgreePlan.model_validate(
        {
            "set_code": "esf2014",
            "targets": targets,
            "agreed_on": AGREED,
            "document": "UDA/456/2026",
        }
        | facts
    )


def agreed(reporting: Reporting, *targets: Target) -> UUID:
    return reporting.do(plan_of(*targets)).id


def people(reporting: Reporting) -> None:
    """Three in January, two of them women; one more in March."""
    told = told_by(reporting, "registry")
    for number, (day, sex) in enumerate(
        [(date(2026, 1, 12), "female")] * 2
        + [(date(2026, 1, 31), "male")]
        + [(date(2026, 3, 2), "female")]
    ):
        told.tell(registered(reporting, person(number), sex=sex), enrolled(person(number), day))


def test_versions_of_a_plan_stay(reporting: Reporting) -> None:
    plan = agreed(reporting, FIRST)
    revised = commands.RevisePlan(
        plan_id=plan, targets=(FIRST, THEN), agreed_on=date(2026, 3, 2), document="ANEKS/1"
    )
    reporting.do(revised, seen=1)
    told = reporting.ask("get_plan", ById(id=plan))
    assert [(each.number, len(each.targets)) for each in told.versions] == [(1, 1), (2, 2)]
    (listed,) = reporting.ask("list_plans", NoRequest()).items
    assert (listed.targets, listed.version) == (2, 2)
    with pytest.raises(Rejected) as refusal:
        reporting.do(revised, seen=1)
    assert refusal.value.code == "stale_version"


@pytest.mark.parametrize(
    ("targets", "code", "pointer"),
    [
        ([FIRST.model_copy(update={"code": "CO99"})], "indicator_unknown", "/targets/0/code"),
        ([FIRST.model_copy(update={"cell": "partner:x"})], "cell_unknown", "/targets/0/cell"),
        ([FIRST, FIRST], "target_repeated", "/targets/1"),
        (
            [FIRST.model_copy(update={"last_on": date(2025, 12, 31)})],
            "period_reversed",
            "/targets/0/last_on",
        ),
    ],
)
def test_targets_are_of_what_is_counted(
    reporting: Reporting, targets: list[Target], code: str, pointer: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        reporting.do(plan_of(*targets))
    assert (refusal.value.code, refusal.value.pointer) == (f"reporting.{code}", pointer)


def test_a_set_has_one_plan(reporting: Reporting) -> None:
    agreed(reporting, FIRST)
    with pytest.raises(Rejected) as refusal:
        reporting.do(plan_of(THEN))
    assert refusal.value.code == "reporting.plan_exists"


def test_actual_numbers_are_those_of_the_period(reporting: Reporting) -> None:
    people(reporting)
    women = THEN.model_copy(update={"cell": "sex:female", "value": 2})
    plan = agreed(reporting, FIRST, THEN, women, LATER)
    told = asked(reporting, "get_plan_progress", views.GetPlanProgress(plan_id=plan))
    assert [(each.actual, each.percent) for each in told.items] == [
        (3, 75),
        (1, 25),
        (1, 50),
        (0, 0),
    ]
    early = views.GetPlanProgress(plan_id=plan, as_of=date(2026, 1, 30))
    assert [each.actual for each in asked(reporting, "get_plan_progress", early).items] == [
        2,
        0,
        0,
        0,
    ]


def test_a_researcher_is_told_nothing_of_a_few(reporting: Reporting) -> None:
    people(reporting)
    plan = agreed(reporting, FIRST)
    request = views.GetPlanProgress(plan_id=plan)
    (told,) = asked(reporting, "get_plan_progress", request, RESEARCHER).items
    assert (told.actual, told.withheld, told.percent) == (None, True, None)


def test_a_number_over_time_and_its_forecast(reporting: Reporting) -> None:
    people(reporting)
    request = views.GetTrend(
        set_code="esf2014",
        code="CO01",
        first_on=date(2026, 1, 1),
        last_on=date(2026, 3, 31),
        ahead=2,
    )
    told = asked(reporting, "get_trend", request)
    assert [(each.on.month, each.value) for each in told.points] == [(1, 3), (2, 3), (3, 4)]
    assert [(each.on, each.value) for each in told.forecast] == [
        (date(2026, 4, 30), 4),
        (date(2026, 5, 31), 5),
    ]
    for wrong, code in (
        ({"last_on": date(2026, 4, 30)}, "date_in_future"),
        ({"first_on": date(2026, 4, 1)}, "reporting.period_reversed"),
        ({"first_on": date(2019, 1, 1)}, "reporting.too_many_days"),
    ):
        with pytest.raises(Rejected) as refusal:
            asked(reporting, "get_trend", request.model_copy(update=wrong))
        assert refusal.value.code == code
