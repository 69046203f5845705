"""Many at once: one last place has one winner, and nobody's time is ever given twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from services.training.application import Training
from services.training.domain.calendar import Calendar
from services.training.domain.ids import id_of
from services.training.domain.learner import Learner
from shared.contracts.training import views
from shared.contracts.training.vocabulary import GroupLimits
from shared.kernel.errors import Rejected
from tests.training.conftest import Driven
from tests.training.domain.courses import person, sessions
from tests.training.editions import (
    contract_trainer,
    enrolment,
    open_edition,
    scheduled,
    timetable,
)
from tests.training.registry import Registry

WON = "won"


def race(attempts: Sequence[Callable[[], object]]) -> Counter[str]:
    """All at once, each in a thread; how they ended."""
    barrier = Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> str:
        barrier.wait(timeout=30)
        try:
            attempt()
        except Rejected as refusal:
            return refusal.code
        return WON

    with ThreadPoolExecutor(len(attempts)) as pool:
        return Counter(pool.map(run, attempts))


def giving(training: Driven, command: Any) -> Callable[[], object]:
    return lambda: training.command(command)


def test_of_fifty_enrolments_for_one_last_place_one_wins(training: Driven) -> None:
    edition = scheduled(training)
    people = [person(number) for number in range(51)]
    Registry(training).admit(*people)
    training.do(enrolment(edition, people[50]))
    ended = race([giving(training, enrolment(edition, each)) for each in people[:50]])
    assert ended == {WON: 1, "training.edition_full": 49}
    training.project()
    shown = training.ask("get_edition", views.ById(id=edition))
    (winner,) = {each.participant_id for each in shown.enrolments} - {people[50]}
    booked = {
        each for each in people if training.composition.application.load(Learner, each).bookings
    }
    assert booked == {winner, people[50]}


def test_those_who_come_at_once_have_different_ranks_on_the_reserve_list(
    training: Driven,
) -> None:
    edition = scheduled(training, limits=GroupLimits(minimum=1, maximum=1))
    people = [person(number) for number in range(6)]
    Registry(training).admit(*people)
    commands = [enrolment(edition, each, reserve_if_full=True) for each in people]
    ended = race([giving(training, command) for command in commands])
    assert ended == {WON: 6}
    training.project()
    shown = training.ask("get_edition", views.ById(id=edition)).enrolments
    assert [each.rank for each in shown] == [None, 1, 2, 3, 4, 5]


def test_of_forty_enrolments_for_ten_places_exactly_ten_win(training: Driven) -> None:
    """Nobody is sent away while there are places, however many come at once."""
    edition = scheduled(training, limits=GroupLimits(minimum=1, maximum=10))
    people = [person(number) for number in range(40)]
    Registry(training).admit(*people)
    ended = race([giving(training, enrolment(edition, each)) for each in people])
    assert ended == {WON: 10, "training.edition_full": 30}


@pytest.mark.parametrize("shared", ["trainer", "room", "participant"])
def test_of_timetables_that_overlap_at_one_moment_one_is_accepted(
    training: Driven, shared: str
) -> None:
    editions = [open_edition(training, group) for group in range(5)]
    same = {"trainer": {"trainer": "one"}, "room": {"room": "One"}, "participant": {}}[shared]
    for group, edition in enumerate(editions):
        contract_trainer(training, edition, same.get("trainer", f"trainer-{group}"))
    if shared == "participant":
        Registry(training).admit(person(0))
        for edition in editions:
            training.do(enrolment(edition, person(0)))
    ended = race(
        [
            giving(training, timetable(edition, sessions(group, **same)))
            for group, edition in enumerate(editions)
        ]
    )
    assert ended == {WON: 1, "training.overlap": 4}
    application = training.composition.application
    assert no_overlap(application, person(0), id_of("trainer", "one"))


def test_an_enrolment_and_a_timetable_at_one_moment_do_not_overlap(training: Driven) -> None:
    """Whoever comes second meets the course that the participant is on already."""
    anna = person(0)
    Registry(training).admit(anna)
    training.do(enrolment(scheduled(training), anna))
    for group in range(1, 6):
        edition = open_edition(training, group)
        contract_trainer(training, edition, f"trainer-{group}")
        ended = race(
            [
                giving(training, timetable(edition, sessions(group))),
                giving(training, enrolment(edition, anna)),
            ]
        )
        assert ended == {WON: 1, "training.overlap": 1}
        assert no_overlap(training.composition.application, anna)


def no_overlap(application: Training, participant: UUID, *calendars: UUID) -> bool:
    held = [application.find(Calendar, each) for each in calendars]
    held_by = [application.find(Learner, participant), *held]
    return not any(
        one.overlaps(two)
        for each in held_by
        if each is not None
        for one, two in combinations(
            [slot for slots in each.bookings.values() for slot in slots], 2
        )
    )
