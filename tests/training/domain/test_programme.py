"""Programmes: versions that stay as they were approved, and what each result asks of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.training.domain.programme import Programme
from shared.contracts.training.vocabulary import ProgrammeContent
from shared.testing.scenario import fact, given, rejected
from tests.training.domain.courses import APPROVED, TODAY, content, qualification

OPENED = fact(Programme.Opened, APPROVED, content=content())
LATER = APPROVED + timedelta(10)


def open_programme(what: ProgrammeContent, day: date = APPROVED) -> Any:
    return lambda programme: programme.open(content=what, approved_on=day, today=TODAY)


@pytest.mark.parametrize("what", [content(), qualification()])
def test_a_programme_is_opened_in_its_first_version(what: ProgrammeContent) -> None:
    given(Programme).when(open_programme(what)).then(fact(Programme.Opened, APPROVED, content=what))


def test_a_code_is_used_once() -> None:
    given(Programme, OPENED).when(open_programme(content())).then(
        rejected("training.code_taken", pointer="/content/code")
    )


def test_a_revision_is_a_further_version_and_leaves_the_earlier_one() -> None:
    longer = content(minimum_attendance=90)
    outcome = given(Programme, OPENED).when(
        lambda programme: programme.revise(content=longer, approved_on=LATER, today=TODAY)
    )
    revised = fact(Programme.Revised, LATER, number=2, content=longer)
    outcome.then(revised)
    assert given(Programme, OPENED, revised).aggregate().versions == (content(), longer)


@pytest.mark.parametrize(
    ("what", "code", "pointer"),
    [
        (qualification(certifying_body=None), "certifying_body_missing", "certifying_body"),
        (qualification(scope_on=APPROVED), "only_of_competence", "scope_on"),
        (
            content(certifying_body=qualification().certifying_body),
            "only_of_qualification",
            "certifying_body",
        ),
        (content(scope_on=None), "stage_missing", "scope_on"),
        (content(standard_on=None), "stage_missing", "standard_on"),
        (content(standard_on=date(2025, 11, 2)), "stages_out_of_order", "standard_on"),
    ],
)
def test_what_a_result_asks_of_its_programme(
    what: ProgrammeContent, code: str, pointer: str
) -> None:
    given(Programme).when(open_programme(what)).then(
        rejected(f"training.{code}", pointer=f"/content/{pointer}")
    )


def test_the_stages_of_a_programme_lie_before_its_approval() -> None:
    late = content(standard_on=APPROVED + timedelta(1))
    given(Programme).when(open_programme(late)).then(
        rejected("date_in_future", {"not_after": APPROVED.isoformat()})
    )


def test_nothing_is_approved_on_a_day_that_has_not_come() -> None:
    given(Programme).when(open_programme(content(), TODAY + timedelta(1))).then(
        rejected("date_in_future", pointer="/approved_on")
    )


def test_another_code_is_another_programme() -> None:
    given(Programme, OPENED).when(
        lambda programme: programme.revise(
            content=content(code="KUCH/2"), approved_on=LATER, today=TODAY
        )
    ).then(rejected("training.code_fixed", {"expected": "KUCH/1"}))


def test_a_withdrawn_programme_is_neither_revised_nor_opened_again() -> None:
    withdrawn = given(Programme, OPENED, fact(Programme.Withdrawn, LATER))
    withdrawn.when(
        lambda programme: programme.revise(
            content=content(minimum_attendance=70), approved_on=LATER, today=TODAY
        )
    ).then(rejected("training.programme_withdrawn", {"withdrawn_on": LATER.isoformat()}))
    programme = withdrawn.aggregate()
    programme.require_open(LATER - timedelta(1), "/opened_on")
    withdrawn.when(lambda each: each.require_open(LATER, "/opened_on")).then(
        rejected("training.programme_withdrawn", pointer="/opened_on")
    )
