"""Results after the final exit: the windows, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from services.registry.domain.participant import Participant
from services.registry.domain.windows import follow_up_window, outcome_window
from shared.kernel.days import months_after
from shared.testing.scenario import fact, given, rejected
from tests.registry.domain.people import (
    ENROLLED_HISTORY,
    EXITED,
    EXITED_HISTORY,
    RULES,
    TODAY,
    WORKING,
    dated,
    exited,
)

DAY = timedelta(1)
LAST_FOR_OUTCOME = EXITED + 28 * DAY
SIX_MONTHS = date(2026, 9, 30)


def observe(participant: Participant, on: date) -> None:
    participant.record_outcome(observed_on=on, situation=WORKING, **dated)


def follow_up(participant: Participant, on: date) -> None:
    participant.record_follow_up(
        observed_on=on, situation=WORKING, today=TODAY + 400 * DAY, rules=RULES
    )


class TestOutcome:
    @pytest.mark.parametrize("on", [EXITED, LAST_FOR_OUTCOME])
    def test_the_situation_is_observed_within_four_weeks_after_exit(self, on: date) -> None:
        given(Participant, *EXITED_HISTORY).when(lambda p: observe(p, on)).then(
            fact(Participant.OutcomeRecorded, on, situation=WORKING)
        )

    @pytest.mark.parametrize("on", [EXITED - DAY, LAST_FOR_OUTCOME + DAY])
    def test_an_observation_outside_the_four_weeks_is_refused(self, on: date) -> None:
        given(Participant, *EXITED_HISTORY).when(lambda p: observe(p, on)).then(
            rejected(
                "registry.outside_window",
                {"first": "2026-03-31", "last": "2026-04-28"},
                pointer="/observed_on",
            )
        )

    def test_nothing_results_while_support_goes_on(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(lambda p: observe(p, EXITED)).then(
            rejected("registry.wrong_status")
        )

    def test_a_later_observation_within_the_window_is_the_newer_one(self) -> None:
        earlier = fact(Participant.OutcomeRecorded, EXITED + DAY, situation=WORKING)
        scenario = given(Participant, *EXITED_HISTORY, earlier)
        scenario.when(lambda p: observe(p, LAST_FOR_OUTCOME)).then(
            fact(Participant.OutcomeRecorded, LAST_FOR_OUTCOME, situation=WORKING)
        )
        scenario.when(lambda p: observe(p, EXITED + DAY)).then(
            rejected("registry.outcome_already_recorded")
        )

    def test_after_a_re_entry_the_outcome_belongs_to_the_final_exit(self) -> None:
        final = date(2026, 6, 30)
        again = fact(Participant.ReEntered, date(2026, 5, 4), support="SZK/2")
        observed = fact(Participant.OutcomeRecorded, EXITED + DAY, situation=WORKING)
        history = (*EXITED_HISTORY, observed, again)
        given(Participant, *history).when(lambda p: observe(p, date(2026, 5, 4))).then(
            rejected("registry.wrong_status")
        )
        given(Participant, *history, exited(final)).when(lambda p: observe(p, final)).then(
            fact(Participant.OutcomeRecorded, final, situation=WORKING)
        )
        first, last = given(Participant, *history, exited(final)).aggregate().episodes
        assert first.outcome == WORKING
        assert last.outcome is None


class TestFollowUp:
    @pytest.mark.parametrize("on", [SIX_MONTHS, SIX_MONTHS + 28 * DAY])
    def test_the_situation_is_observed_six_months_after_exit(self, on: date) -> None:
        given(Participant, *EXITED_HISTORY).when(lambda p: follow_up(p, on)).then(
            fact(Participant.FollowUpRecorded, on, situation=WORKING)
        )

    @pytest.mark.parametrize("on", [SIX_MONTHS - DAY, SIX_MONTHS + 29 * DAY])
    def test_an_observation_outside_its_window_is_refused(self, on: date) -> None:
        given(Participant, *EXITED_HISTORY).when(lambda p: follow_up(p, on)).then(
            rejected("registry.outside_window", pointer="/observed_on")
        )

    def test_one_follow_up_per_final_exit(self) -> None:
        done = fact(Participant.FollowUpRecorded, SIX_MONTHS, situation=WORKING)
        given(Participant, *EXITED_HISTORY, done).when(
            lambda p: follow_up(p, SIX_MONTHS + DAY)
        ).then(rejected("registry.follow_up_already_recorded"))

    def test_what_has_not_come_is_not_observed(self) -> None:
        given(Participant, *EXITED_HISTORY).when(
            lambda p: p.record_follow_up(
                observed_on=SIX_MONTHS, situation=WORKING, today=SIX_MONTHS - DAY, rules=RULES
            )
        ).then(rejected("date_in_future", pointer="/observed_on"))


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2026, 3, 31), 6, date(2026, 9, 30)),
            (date(2025, 8, 31), 6, date(2026, 2, 28)),
            (date(2023, 8, 31), 6, date(2024, 2, 29)),
            (date(2024, 8, 29), 6, date(2025, 2, 28)),
            (date(2024, 2, 29), 6, date(2024, 8, 29)),
            (date(2026, 6, 30), 6, date(2026, 12, 30)),
            (date(2026, 7, 1), 6, date(2027, 1, 1)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
        ],
    )
    def test_a_month_that_is_too_short_ends_on_its_last_day(
        self, day: date, months: int, later: date
    ) -> None:
        assert months_after(day, months) == later

    @over(st.dates(date(2004, 5, 1), date(2090, 1, 1)))
    def test_the_windows_never_touch(self, exited_on: date) -> None:
        assert outcome_window(exited_on, RULES).first == exited_on
        assert outcome_window(exited_on, RULES).last < follow_up_window(exited_on, RULES).first
