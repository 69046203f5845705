"""The courses obey training's rules, and show all that can happen on a course."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest

from demo.courses import MINIMUM_PERCENT, Course, courses, running, starts
from demo.mistakes import rows_of
from demo.people import Person, people
from demo.programmes import PROGRAMMES, Programme
from demo.story import story
from services.training.domain.programme_content import require_complete
from shared.contracts.training.vocabulary import ProgrammeContent

TODAY = date(2026, 11, 23)
ROWS, MISTAKES = rows_of(people())
PEOPLE = list({row.person.reference: row.person for row in ROWS}.values())
COURSES = courses(PEOPLE, MISTAKES)


def attended(course: Course, person: Person) -> Fraction:
    """Of the planned minutes, as the lists have it."""
    marks = [mark for number in range(len(course.days)) for mark in course.list_of(number)]
    minutes = sum(mark.minutes for mark in marks if mark.person == person)
    return Fraction(minutes, len(course.days) * course.day.minutes)


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.code)
def test_programmes_are_complete_and_their_courses_cover_them(programme: Programme) -> None:
    content = ProgrammeContent.model_validate(programme.content)
    require_complete(content, date(2025, 9, 1))
    assert content.planned_minutes == len(programme.days) * programme.day.minutes


def test_nobody_is_on_two_courses_and_each_has_a_group() -> None:
    on_courses = Counter(p.reference for c in COURSES for p in {*c.members, *c.reserve})
    assert max(on_courses.values()) == 1
    for course in COURSES:
        assert 8 <= len(course.members) <= (course.plan.own_limit or 15)
        assert {person.kind for person in course.members} == {course.plan.kind}
    assert {course.plan.kind for course in COURSES} == {"dependent", "staff"}


def test_all_are_enrolled_after_their_admission_and_before_the_course() -> None:
    for course in COURSES:
        for person in (*course.members, *course.reserve):
            admitted_on = max(s.on for s in story(person, date.max) if s.path == "/decision")
            assert max(admitted_on, course.opened_on) <= course.enrolled_on(person)
            assert course.enrolled_on(person) <= course.days[0] - timedelta(2)


def test_whoever_takes_part_starts_on_the_first_day() -> None:
    for course in COURSES:
        assert {mark.person for mark in course.list_of(0) if mark.minutes} == {*course.members}
        assert {s.on for s in course.starts.values()} == {course.days[0]}


def test_attendance_decides_who_completes_and_all_that_can_happen_happens() -> None:
    threshold = Fraction(MINIMUM_PERCENT, 100)
    for course in COURSES:
        for person in course.members:
            below = attended(course, person) < threshold
            assert course.completes(person) != (below and person != course.corrected)
    failed = [p for c in COURSES for p in c.members if not c.completes(p) and p != c.abandons]
    assert len(failed) >= 3
    assert sum(course.corrected is not None for course in COURSES) == 1
    assert sum(course.abandons is not None for course in COURSES) == 1
    assert sum(course.gives_up is not None for course in COURSES) == 1
    reasons = {m.absence for c in COURSES for n in range(len(c.days)) for m in c.list_of(n)}
    assert len(reasons) >= 5


@pytest.mark.parametrize("today", [TODAY, TODAY - timedelta(180)])
def test_a_course_is_going_on_with_a_session_today(today: date) -> None:
    course = running(PEOPLE, starts(COURSES), today)
    assert course is not None
    assert today in course.days
    assert starts(COURSES).keys().isdisjoint(person.reference for person in course.members)
