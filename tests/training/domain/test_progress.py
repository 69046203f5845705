"""Percentages and warnings, against a count over all possible futures."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume
from hypothesis import given as over
from hypothesis import strategies as st

from services.training.domain.progress import Progress

Sessions = list[tuple[int, int | None]]
DAYS = st.integers(1, 480)


@st.composite
def courses(draw: st.DrawFn, lengths: st.SearchStrategy[int] = DAYS, most: int = 12) -> Sessions:
    planned = draw(st.lists(lengths, min_size=1, max_size=most))
    return [(each, draw(st.none() | st.integers(0, each))) for each in planned]


minimums = st.integers(1, 100)


def futures(sessions: Sessions) -> list[Progress]:
    """Every course that can still come of these sessions, minute by minute."""
    ways = [
        [(planned, minutes) for minutes in range(planned + 1)]
        if attended is None
        else [(planned, attended)]
        for planned, attended in sessions
    ]
    return [Progress.of(way) for way in product(*ways)]


@over(courses())
def test_the_percentage_is_never_over_one_hundred(sessions: Sessions) -> None:
    progress = Progress.of(sessions)
    assert 0 <= progress.percent <= 100
    assert progress.attended + progress.open_minutes <= progress.planned


@over(courses(), st.data())
def test_more_minutes_are_never_a_smaller_percentage(
    sessions: Sessions, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(range(len(sessions))))
    planned, attended = sessions[at]
    more = data.draw(st.integers(attended or 0, planned))
    after = Progress.of([*sessions[:at], (planned, more), *sessions[at + 1 :]])
    before = Progress.of(sessions)
    assert after.percent >= before.percent
    if attended is not None:
        for minimum in (50, 80, 100):
            assert after.can_reach(minimum) >= before.can_reach(minimum)


@over(courses(), minimums)
def test_the_minimum_is_compared_exactly(sessions: Sessions, minimum: int) -> None:
    progress = Progress.of(sessions)
    share = Fraction(progress.attended, progress.planned)
    assert progress.reaches(minimum) == (share >= Fraction(minimum, 100))
    assert progress.reaches(minimum) == (progress.percent >= minimum)


@over(courses(st.integers(1, 5), most=6), minimums)
def test_the_warning_says_what_all_futures_say(sessions: Sessions, minimum: int) -> None:
    assume(sum(1 for _, attended in sessions if attended is None) <= 4)
    progress = Progress.of(sessions)
    ends = [each.reaches(minimum) for each in futures(sessions)]
    assert progress.can_reach(minimum) == any(ends)
    assert (progress.warning(minimum) == "unreachable") == (not any(ends))
    if all(ends):
        assert progress.warning(minimum) is None


@over(courses(st.just(60)), minimums)
def test_at_risk_is_who_can_miss_no_further_session(sessions: Sessions, minimum: int) -> None:
    """With sessions of one length, an absence of average length is any open session missed."""
    progress = Progress.of(sessions)
    open_at = [at for at, (_, attended) in enumerate(sessions) if attended is None]
    assume(open_at and progress.can_reach(minimum) and not progress.reaches(minimum))
    assume(progress.attended + progress.open_minutes < progress.planned)
    at = open_at[0]
    missed = Progress.of([*sessions[:at], (60, 0), *sessions[at + 1 :]])
    assert (progress.warning(minimum) == "at_risk") == (not missed.can_reach(minimum))


@over(courses())
def test_the_order_of_sessions_does_not_matter(sessions: Sessions) -> None:
    assert Progress.of(sessions) == Progress.of(list(reversed(sessions)))


@pytest.mark.parametrize(
    ("attended", "percent", "reached"), [(800, 80, True), (799, 79, False), (1000, 100, True)]
)
def test_eighty_per_cent_is_eighty_and_not_a_minute_less(
    attended: int, percent: int, reached: bool
) -> None:
    progress = Progress.of([(1000, attended)])
    assert (progress.percent, progress.reaches(80)) == (percent, reached)


def test_in_ten_equal_sessions_the_second_absence_warns_and_the_third_ends_it() -> None:
    def after(absences: int) -> Progress:
        return Progress.of([(60, 0)] * absences + [(60, None)] * (10 - absences))

    assert [after(n).warning(80) for n in range(4)] == [None, None, "at_risk", "unreachable"]


def test_who_has_missed_nothing_is_not_warned_however_short_the_course() -> None:
    assert Progress.of([(60, None), (60, 60)]).warning(80) is None
    assert Progress.of([(60, None), (60, 59)]).warning(80) == "at_risk"


def test_without_a_timetable_nothing_is_attended_and_nobody_is_warned() -> None:
    progress = Progress.of([])
    assert (progress.percent, progress.warning(80), progress.reaches(80)) == (0, None, False)
