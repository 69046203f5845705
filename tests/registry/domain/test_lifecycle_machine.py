"""Any order of any decisions on any days: what must hold of every history that was not refused."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.registry.domain.corrections import CorrectionState
from services.registry.domain.countability import countable, gaps_of
from services.registry.domain.participant import Participant
from services.registry.domain.tasks import due_tasks
from services.registry.domain.windows import follow_up_window, outcome_window
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Situation,
    Status,
)
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected
from shared.testing.scenario import SUBJECT
from tests.registry.domain.choices import (
    DAY,
    POINTS,
    START,
    actors,
    changes,
    fields,
    points,
    situations,
    steps,
)
from tests.registry.domain.people import ADAM, RULES, TODAY, ZOFIA

KEPT: Final = UUID("00000000-0000-4000-8000-0000000000b1")
CASE: Final = UUID("00000000-0000-4000-8000-0000000000b2")

BEFORE: Final[dict[Status | None, set[Status | None]]] = {
    Status.APPLIED: {None},
    Status.SCORED: {Status.APPLIED, Status.SCORED, Status.RESERVE, Status.REFUSED},
    Status.RESERVE: {Status.SCORED, Status.ADMITTED},
    Status.REFUSED: {Status.SCORED, Status.RESERVE, Status.ADMITTED},
    Status.ADMITTED: {Status.SCORED, Status.RESERVE},
    Status.ENROLLED: {Status.ADMITTED, Status.SUSPENDED, Status.EXITED},
    Status.SUSPENDED: {Status.ENROLLED},
    Status.EXITED: {Status.ENROLLED, Status.SUSPENDED},
}
"""Which standing may precede which."""

DECIDED: Final = (
    Participant.Corrected,
    Participant.StepsCorrected,
    Participant.CorrectionRejected,
)


class Lifecycle(RuleBasedStateMachine):
    """Dates mostly go on from the latest step, since other ones are refused at once."""

    def __init__(self) -> None:
        super().__init__()
        self.participant = Participant(SUBJECT)
        self.kept = Participant(KEPT)
        self.history: list[Event] = []
        self.first_start: date | None = None
        self.asked_by: dict[UUID, str] = {}

    def attempt(self, decision: Callable[..., object], /, **call: Any) -> None:
        """Decide; a refusal must leave no trace."""
        before = self.participant.version
        try:
            decision(**call)
        except Rejected:
            assert self.participant.version == before
            assert not self.participant.collect_events()
            return
        recorded = self.participant.collect_events()
        assert len(recorded) == 1
        self.history.extend(recorded)

    def day(self, step: timedelta) -> date:
        latest = self.participant.latest_on
        return (START if latest == date.min else latest) + step

    @initialize(
        applicant=st.sampled_from(
            [
                (Kind.DEPENDENT, ZOFIA),
                (Kind.STAFF, ADAM),
                (Kind.DEPENDENT, ZOFIA),
                (Kind.STAFF, PersonalData()),
            ]
        ),
        usual_steps=st.sampled_from([5, 5, 5, 4, 4, 3, 1, 0]),
    )
    def begin(self, applicant: tuple[Kind, PersonalData], usual_steps: int) -> None:
        """Begin some steps along the usual way, so that late stages are tried as often."""
        kind, personal = applicant
        for participant in (self.participant, self.kept):
            participant.register(
                kind=kind,
                partner="gdansk",
                applied_on=START,
                reference=None,
                personal=personal,
                today=TODAY,
                rules=RULES,
            )
        self.history.extend(self.participant.collect_events())
        usual: list[Callable[[], None]] = [
            lambda: self.consent(START, Purpose.PARTICIPATION),
            lambda: self.score(DAY, POINTS[kind], "oidc|ala"),
            lambda: self.decide(DAY, RecruitmentDecision.ADMIT, "oidc|ola"),
            lambda: self.enrol(DAY),
            lambda: self.leave(90 * DAY, ExitReason.COMPLETED),
        ]
        for step in usual[:usual_steps]:
            step()

    @rule(step=steps, points=points, by=actors)
    def score(self, step: timedelta, points: dict[str, int], by: str) -> None:
        self.attempt(
            self.participant.score_application,
            scored_on=self.day(step),
            points=points,
            by=by,
            today=TODAY,
            rules=RULES,
        )

    @rule(step=steps, decision=st.sampled_from(RecruitmentDecision), by=actors)
    def decide(self, step: timedelta, decision: RecruitmentDecision, by: str) -> None:
        self.attempt(
            self.participant.decide_recruitment,
            decided_on=self.day(step),
            decision=decision,
            justification="Według listy.",
            by=by,
            today=TODAY,
            rules=RULES,
        )

    @rule(step=steps)
    def enrol(self, step: timedelta) -> None:
        self.attempt(
            self.participant.enrol,
            started_on=self.day(step),
            support="SZK/1",
            today=TODAY,
            rules=RULES,
        )
        if self.first_start is None:
            self.first_start = self.participant.started_on

    @precondition(lambda self: self.participant.episodes)
    @rule(step=steps)
    def suspend(self, step: timedelta) -> None:
        self.attempt(
            self.participant.suspend, suspended_on=self.day(step), reason="Szpital.", today=TODAY
        )

    @rule(step=steps)
    def resume(self, step: timedelta) -> None:
        self.attempt(self.participant.resume, resumed_on=self.day(step), today=TODAY)

    @precondition(lambda self: self.participant.episodes)
    @rule(step=steps, reason=st.sampled_from(ExitReason))
    def leave(self, step: timedelta, reason: ExitReason) -> None:
        self.attempt(
            self.participant.exit,
            exited_on=self.day(step),
            reason=reason,
            as_planned=reason is ExitReason.COMPLETED,
            note=None,
            today=TODAY,
        )

    @precondition(lambda self: self.participant.episodes)
    @rule(step=steps, situation=situations)
    def observe(self, step: timedelta, situation: Situation) -> None:
        self.attempt(
            self.participant.record_outcome,
            observed_on=self.day(step),
            situation=situation,
            today=TODAY,
            rules=RULES,
        )

    @precondition(lambda self: self.participant.episodes)
    @rule(step=steps, situation=situations)
    def follow_up(self, step: timedelta, situation: Situation) -> None:
        self.attempt(
            self.participant.record_follow_up,
            observed_on=self.day(step),
            situation=situation,
            today=TODAY,
            rules=RULES,
        )

    @precondition(lambda self: self.participant.episodes)
    @rule(step=steps)
    def re_enter(self, step: timedelta) -> None:
        self.attempt(
            self.participant.re_enter, re_entered_on=self.day(step), support="SZK/2", today=TODAY
        )

    def consent(self, day: date, purpose: Purpose) -> None:
        self.attempt(
            self.participant.give_consent,
            purpose=purpose,
            text_version="2023-1",
            given_on=day,
            today=TODAY,
            rules=RULES,
        )

    @rule(step=steps, purpose=st.sampled_from(Purpose))
    def withdraw_consent(self, step: timedelta, purpose: Purpose) -> None:
        self.attempt(
            self.participant.withdraw_consent,
            purpose=purpose,
            withdrawn_on=self.day(step),
            today=TODAY,
        )

    @rule(step=steps, personal=changes)
    def update(self, step: timedelta, personal: PersonalData) -> None:
        self.attempt(
            self.participant.update,
            changed_on=self.day(step),
            personal=personal,
            today=TODAY,
            rules=RULES,
        )

    @rule(
        step=steps,
        back=steps,
        personal=changes,
        retracted=fields,
        by=actors,
        decided_by=st.one_of(st.none(), actors),
    )
    def correct(
        self,
        step: timedelta,
        back: timedelta,
        personal: PersonalData,
        retracted: tuple[str, ...],
        by: str,
        decided_by: str | None,
    ) -> None:
        correction_id = UUID(int=len(self.asked_by) + 1)
        self.attempt(
            self.participant.request_correction,
            correction_id=correction_id,
            requested_on=self.day(step),
            in_force_on=self.day(step) - back,
            personal=personal,
            retracted=retracted,
            reason="Pomyłka we wniosku.",
            source_document="A/1",
            by=by,
            today=TODAY,
            rules=RULES,
        )
        if correction_id in self.participant.corrections:
            self.asked_by[correction_id] = by
        if decided_by:
            self.decide_correction(len(self.asked_by), approve=True, by=decided_by)

    @rule(
        versions=st.sets(st.integers(1, 12), min_size=1, max_size=3),
        shift=st.one_of(st.integers(-3, 3), st.sampled_from([-28, 28])),
        by=actors,
        decided_by=st.one_of(st.none(), actors),
    )
    def correct_steps(
        self, versions: set[int], shift: int, by: str, decided_by: str | None
    ) -> None:
        steps = [self.participant.step(version) for version in sorted(versions)]
        correction_id = UUID(int=len(self.asked_by) + 1)
        self.attempt(
            self.participant.request_step_correction,
            correction_id=correction_id,
            requested_on=TODAY,
            steps=[
                RightStep(
                    version=step.originator_version, occurred_on=step.occurred_on + shift * DAY
                )
                for step in steps
                if step
            ],
            reason="Pomyłka we wpisie.",
            source_document="A/2",
            by=by,
            today=TODAY,
            rules=RULES,
        )
        if correction_id in self.participant.corrections:
            self.asked_by[correction_id] = by
        if decided_by:
            self.decide_correction(len(self.asked_by), approve=True, by=decided_by)

    @precondition(lambda self: self.asked_by)
    @rule(number=st.integers(1, 3), approve=st.booleans(), by=actors)
    def decide_correction(self, number: int, *, approve: bool, by: str) -> None:
        self.attempt(
            self.participant.decide_correction,
            correction_id=UUID(int=number),
            decided_on=TODAY,
            approve=approve,
            justification="Zgodne z dokumentem.",
            by=by,
            today=TODAY,
            rules=RULES,
        )
        if self.history and isinstance(self.history[-1], Participant.StepsCorrected):
            self.first_start = self.participant.started_on

    @precondition(lambda self: len(self.history) > 6)
    @rule(step=steps)
    def merge(self, step: timedelta) -> None:
        self.attempt(
            self.participant.merge_into, kept=self.kept, case_id=CASE, decided_on=self.day(step)
        )

    @precondition(lambda self: self.participant.merged_into)
    @rule(step=steps)
    def undo_merge(self, step: timedelta) -> None:
        self.attempt(self.participant.undo_merge, case_id=CASE, decided_on=self.day(step))

    def teardown(self) -> None:
        """What reads the whole history is looked at once, at the end of it."""
        self.every_standing_follows_a_legal_one()
        self.replaying_the_recorded_events_gives_the_same_state()
        self.nobody_decided_on_their_own_work()

    @invariant()
    def the_first_start_changes_by_a_correction_only(self) -> None:
        assert self.participant.started_on == self.first_start

    @invariant()
    def the_version_counts_the_events(self) -> None:
        assert self.participant.version == len(self.history)
        assert [e.originator_version for e in self.history] == [*range(1, len(self.history) + 1)]

    def every_standing_follows_a_legal_one(self) -> None:
        replayed = Participant(SUBJECT)
        for event in self.history:
            before = replayed.standing
            event.mutate(replayed)
            assert replayed.standing is before or before in BEFORE[replayed.standing]

    def replaying_the_recorded_events_gives_the_same_state(self) -> None:
        replayed = None
        for event in self.history:
            recorded = event.model_dump(mode="json")
            replayed = type(event).model_validate(recorded).mutate(replayed)
        if isinstance(replayed, Participant):
            assert state(replayed) == state(self.participant)

    @invariant()
    def episodes_follow_one_another_and_only_the_last_is_open(self) -> None:
        episodes = self.participant.episodes
        for earlier, later in pairwise(episodes):
            assert earlier.exited_on is not None
            assert earlier.started_on <= earlier.exited_on < later.started_on
        in_support = self.participant.standing in (Status.ENROLLED, Status.SUSPENDED)
        assert in_support == (bool(episodes) and episodes[-1].exited_on is None)

    @invariant()
    def no_result_lies_outside_its_window(self) -> None:
        for episode in self.participant.episodes:
            if episode.outcome_observed_on:
                assert episode.exited_on
                assert episode.outcome_observed_on in outcome_window(episode.exited_on, RULES)
            if episode.follow_up_observed_on:
                assert episode.exited_on
                assert episode.follow_up_observed_on in follow_up_window(episode.exited_on, RULES)

    def nobody_decided_on_their_own_work(self) -> None:
        for event in self.history:
            if isinstance(event, DECIDED):
                assert event.decided_by != self.asked_by[event.correction_id]
        scored_by = None
        for event in self.history:
            if isinstance(event, Participant.Scored):
                scored_by = event.scored_by
            if isinstance(event, Participant.RecruitmentDecided):
                assert event.decided_by != scored_by

    @invariant()
    def nothing_was_recorded_ahead_of_its_day(self) -> None:
        assert all(event.occurred_on <= TODAY for event in self.history)

    @invariant()
    def gaps_and_tasks_are_always_known(self) -> None:
        if self.history:
            gaps = gaps_of(self.participant, today=TODAY, suspected=False, rules=RULES)
            if countable(self.participant, gaps):
                assert self.first_start is not None
            open_corrections = [
                c
                for c in self.participant.corrections.values()
                if c.state is CorrectionState.REQUESTED
            ]
            tasks = due_tasks(self.participant, gaps, RULES)
            if self.participant.merged_into is None:
                assert len([t for t in tasks if t.correction_id]) == len(open_corrections)


def state(participant: Participant) -> dict[str, Any]:
    """Everything the events lead to, the personal facts of every day of change included."""
    known = {name: value for name, value in vars(participant).items() if name != "_pending"}
    return known | {"personal": vars(known["personal"])}


TestLifecycle = pytest.mark.timeout(400)(Lifecycle.TestCase)
"""Making a failure small takes up to five minutes."""
TestLifecycle.settings = settings(max_examples=100, stateful_step_count=30)
