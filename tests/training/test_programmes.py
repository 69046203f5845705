"""Programmes on a real database."""

from datetime import timedelta

import pytest

from shared.contracts.training import commands, views
from shared.kernel.errors import Rejected
from shared.runtime.rebuild import verify
from tests.training.conftest import Driven
from tests.training.domain.courses import APPROVED, content, qualification


def test_a_revised_programme_is_shown_in_its_latest_version(training: Driven) -> None:
    opened = training.do(commands.OpenProgramme(content=content(), approved_on=APPROVED))
    training.do(
        commands.ReviseProgramme(
            programme_id=opened.id,
            content=content(minimum_attendance=90),
            approved_on=APPROVED + timedelta(1),
        ),
        seen=1,
    )
    shown = training.ask("get_programme", views.ById(id=opened.id))
    assert (shown.number, shown.version, shown.planned_minutes) == (2, 2, 270)
    assert shown.content.minimum_attendance == 90
    with pytest.raises(Rejected) as taken:
        training.do(commands.OpenProgramme(content=content(), approved_on=APPROVED))
    assert taken.value.code == "training.code_taken"


def test_the_list_of_programmes_goes_on_where_it_stopped(training: Driven) -> None:
    codes = [f"KURS/{number}" for number in range(3)]
    for code in codes:
        training.do(commands.OpenProgramme(content=qualification(code=code), approved_on=APPROVED))
    first = training.ask("list_programmes", views.ListProgrammes(limit=2))
    rest = training.ask("list_programmes", views.ListProgrammes(cursor=first.next_cursor))
    assert [each.content.code for each in (*first.items, *rest.items)] == codes
    assert rest.next_cursor is None
    assert training.ask("list_programmes", views.ListProgrammes(changed_since=2)).position == 3


def test_read_models_made_anew_are_the_same_byte_for_byte(training: Driven) -> None:
    training.do(commands.OpenProgramme(content=content(), approved_on=APPROVED))
    comparison = verify(
        training.projector.projection, training.followed.views, training.followed.history
    )
    assert comparison.drifted == []
    assert comparison.position == training.followed.history.head() == 1
