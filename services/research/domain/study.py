"""A study: planned, reviewed for its ethics by another person, opened, asked in waves, concluded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import PositiveInt

from shared.contracts.research.vocabulary.studies import (
    PinnedInstrument,
    StudyCode,
    StudyPlan,
    StudyState,
    Verdict,
    WaveMode,
    WavePlan,
    WavePurpose,
    WaveState,
)
from shared.contracts.vocabulary import FreeText, PartnerId, Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected

BEFORE_OPENING: Final = (StudyState.PLANNED, StudyState.REVIEWED)
BEFORE_CONCLUSION: Final = (*BEFORE_OPENING, StudyState.OPEN)


@dataclass(frozen=True)
class Wave:
    id: UUID
    number: int
    plan: WavePlan
    opened_on: date | None = None
    closed_on: date | None = None
    anonymisation: "Study.AnonymisationProposed | None" = None
    anonymised_on: date | None = None

    @property
    def state(self) -> WaveState:
        if self.closed_on is not None:
            return WaveState.CLOSED
        return WaveState.PLANNED if self.opened_on is None else WaveState.OPEN


class Study(Aggregate):
    """Its id derives from its code (`id_of("study", code)`)."""

    class Planned(Event):
        TOPIC: ClassVar[str] = "research.Study.Planned"
        code: StudyCode
        partner: PartnerId
        plan: StudyPlan
        planned_by: str

    class Revised(Event):
        """A review of the former plan says nothing about this one."""

        TOPIC: ClassVar[str] = "research.Study.Revised"
        plan: StudyPlan
        revised_by: str

    class EthicsReviewed(Event):
        TOPIC: ClassVar[str] = "research.Study.EthicsReviewed"
        verdict: Verdict
        reference: Reference
        conditions: FreeText | None
        reviewed_by: str

    class Opened(Event):
        TOPIC: ClassVar[str] = "research.Study.Opened"
        code: StudyCode
        partner: PartnerId
        plan: StudyPlan

    class WavePlanned(Event):
        TOPIC: ClassVar[str] = "research.Study.WavePlanned"
        wave_id: UUID
        number: PositiveInt
        plan: WavePlan

    class WaveOpened(Event):
        TOPIC: ClassVar[str] = "research.Study.WaveOpened"
        wave_id: UUID
        instrument: PinnedInstrument

    class WaveClosed(Event):
        TOPIC: ClassVar[str] = "research.Study.WaveClosed"
        wave_id: UUID
        number: PositiveInt
        purpose: WavePurpose

    class AnonymisationProposed(Event):
        """To make all responses of a wave nobody's; another person carries it out."""

        TOPIC: ClassVar[str] = "research.Study.AnonymisationProposed"
        wave_id: UUID
        proposed_by: str

    class WaveAnonymised(Event):
        """The keys are destroyed: nobody can tell whose a response was, or withdraw it."""

        TOPIC: ClassVar[str] = "research.Study.WaveAnonymised"
        wave_id: UUID
        approved_by: str

    class Concluded(Event):
        TOPIC: ClassVar[str] = "research.Study.Concluded"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.planned: Study.Planned | None = None
        self.plan: StudyPlan
        self.state = StudyState.PLANNED
        self.authors: frozenset[str] = frozenset()
        self.reviews: tuple[Study.EthicsReviewed, ...] = ()
        self.plan_version = 0
        """The version of the stream that set the plan in force; reviews before it are void."""
        self.opened_on: date | None = None
        self.waves: dict[UUID, Wave] = {}
        self.concluded_on: date | None = None
        self.latest_on = date.min

    @property
    def terms(self) -> Planned:
        if self.planned is None:
            raise LookupError(f"study {self.id} was never planned")
        return self.planned

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Planned) -> None:
        self.planned = event
        self._set_plan(event.plan, event.planned_by, event)

    @apply.register
    def _(self, event: Revised) -> None:
        self.state = StudyState.PLANNED
        self._set_plan(event.plan, event.revised_by, event)

    @apply.register
    def _(self, event: EthicsReviewed) -> None:
        self.reviews = (*self.reviews, event)
        approved = event.verdict is Verdict.APPROVED
        self.state = StudyState.REVIEWED if approved else StudyState.PLANNED
        self.latest_on = event.occurred_on

    @apply.register
    def _(self, event: Opened) -> None:
        self.state, self.opened_on = StudyState.OPEN, event.occurred_on

    @apply.register
    def _(self, event: WavePlanned) -> None:
        self.waves[event.wave_id] = Wave(event.wave_id, event.number, event.plan)

    @apply.register
    def _(self, event: WaveOpened) -> None:
        self._amend(event.wave_id, opened_on=event.occurred_on)

    @apply.register
    def _(self, event: WaveClosed) -> None:
        self._amend(event.wave_id, closed_on=event.occurred_on)

    @apply.register
    def _(self, event: AnonymisationProposed) -> None:
        self._amend(event.wave_id, anonymisation=event)

    @apply.register
    def _(self, event: WaveAnonymised) -> None:
        self._amend(event.wave_id, anonymised_on=event.occurred_on)

    @apply.register
    def _(self, event: Concluded) -> None:
        self.state, self.concluded_on = StudyState.CONCLUDED, event.occurred_on

    def begin(
        self,
        *,
        code: StudyCode,
        partner: PartnerId,
        plan: StudyPlan,
        on: date,
        today: date,
        by: str,
    ) -> None:
        if self.planned is not None:
            raise Rejected("research.study_code_taken", {"code": code}, "/code")
        require_come(on, today, "/planned_on")
        self.record(
            self.Planned, occurred_on=on, code=code, partner=partner, plan=plan, planned_by=by
        )

    def revise(self, plan: StudyPlan, *, on: date, today: date, by: str) -> None:
        self._require(*BEFORE_OPENING)
        self._require_day(on, today, "/revised_on", self.latest_on)
        if plan == self.plan:
            raise Rejected("nothing_changed")
        self.record(self.Revised, occurred_on=on, plan=plan, revised_by=by)

    def review(
        self,
        verdict: Verdict,
        *,
        reference: Reference,
        conditions: FreeText | None,
        on: date,
        today: date,
        by: str,
    ) -> None:
        """Raises `four_eyes` for everybody who wrote the plan."""
        self._require(StudyState.PLANNED)
        self._require_day(on, today, "/reviewed_on", self.latest_on)
        if by in self.authors:
            raise Rejected("four_eyes")
        self.record(
            self.EthicsReviewed,
            occurred_on=on,
            verdict=verdict,
            reference=reference,
            conditions=conditions,
            reviewed_by=by,
        )

    def open(self, *, on: date, today: date) -> None:
        self._require(StudyState.REVIEWED)
        self._require_day(on, today, "/opened_on", self.latest_on)
        terms = self.terms
        self.record(
            self.Opened, occurred_on=on, code=terms.code, partner=terms.partner, plan=self.plan
        )

    def plan_wave(self, wave_id: UUID, plan: WavePlan, *, on: date, today: date) -> None:
        self._require(*BEFORE_CONCLUSION)
        self._require_day(on, today, "/planned_on", self.terms.occurred_on)
        number = len(self.waves) + 1
        self.record(self.WavePlanned, occurred_on=on, wave_id=wave_id, number=number, plan=plan)

    def open_wave(self, wave_id: UUID, *, on: date, today: date) -> None:
        """Raises `research.wave_not_due` outside of the days it is planned for."""
        self._require(StudyState.OPEN)
        wave = self.wave(wave_id, WaveState.PLANNED)
        self._require_day(on, today, "/opened_on", self.opened_on or self.terms.occurred_on)
        first, last = wave.plan.opens_on, wave.plan.closes_on
        if not first <= on <= last:
            raise Rejected(
                "research.wave_not_due",
                {"opens_on": first.isoformat(), "closes_on": last.isoformat()},
                "/opened_on",
            )
        self.record(
            self.WaveOpened, occurred_on=on, wave_id=wave_id, instrument=wave.plan.instrument
        )

    def close_wave(self, wave_id: UUID, *, on: date, today: date) -> None:
        wave = self.wave(wave_id, WaveState.OPEN)
        self._require_day(on, today, "/closed_on", wave.opened_on or self.terms.occurred_on)
        self.record(
            self.WaveClosed,
            occurred_on=on,
            wave_id=wave_id,
            number=wave.number,
            purpose=wave.plan.purpose,
        )

    def propose_anonymisation(self, wave_id: UUID, *, on: date, today: date, by: str) -> None:
        """Raises `research.wave_anonymous`, `nothing_changed`."""
        wave = self.wave(wave_id, WaveState.CLOSED)
        if wave.plan.mode is WaveMode.ANONYMOUS or wave.anonymised_on:
            raise Rejected("research.wave_anonymous", pointer="/wave_id")
        if wave.anonymisation is not None:
            raise Rejected("nothing_changed")
        self._require_day(on, today, "/proposed_on", wave.closed_on or self.terms.occurred_on)
        self.record(self.AnonymisationProposed, occurred_on=on, wave_id=wave_id, proposed_by=by)

    def require_anonymisable(self, wave_id: UUID, by: str) -> None:
        """Raises `research.wave_anonymous`, `research.anonymisation_not_proposed` and `four_eyes`."""
        wave = self.wave(wave_id)
        if wave.anonymised_on:
            raise Rejected("research.wave_anonymous", pointer="/wave_id")
        if wave.anonymisation is None:
            raise Rejected("research.anonymisation_not_proposed", pointer="/wave_id")
        if wave.anonymisation.proposed_by == by:
            raise Rejected("four_eyes")

    def anonymise_wave(self, wave_id: UUID, *, on: date, by: str) -> None:
        """To be called when the keys are destroyed."""
        self.require_anonymisable(wave_id, by)
        self.record(self.WaveAnonymised, occurred_on=on, wave_id=wave_id, approved_by=by)

    def conclude(self, *, on: date, today: date) -> None:
        self._require(StudyState.OPEN)
        self._require_day(on, today, "/concluded_on", self._last_day())
        held = [each.number for each in self.waves.values() if each.state is WaveState.OPEN]
        if held:
            raise Rejected("research.waves_open", {"waves": held})
        self.record(self.Concluded, occurred_on=on)

    def wave(self, wave_id: UUID, *states: WaveState) -> Wave:
        """Raises `research.wave_unknown`, and `research.wave_state` unless in one of the states."""
        wave = self.waves.get(wave_id)
        if wave is None:
            raise Rejected("research.wave_unknown", {"id": str(wave_id)}, "/wave_id")
        if states and wave.state not in states:
            raise Rejected("research.wave_state", _expected(wave.state, states))
        return wave

    def _set_plan(self, plan: StudyPlan, by: str, event: Event) -> None:
        self.plan, self.plan_version = plan, event.originator_version
        self.authors |= {by}
        self.latest_on = event.occurred_on

    def _amend(self, wave_id: UUID, **facts: Any) -> None:
        self.waves[wave_id] = replace(self.waves[wave_id], **facts)

    def _last_day(self) -> date:
        ended = [each.closed_on for each in self.waves.values() if each.closed_on]
        return max(ended, default=self.opened_on or self.terms.occurred_on)

    def _require(self, *states: StudyState) -> None:
        """Raises `research.study_state`."""
        if self.state not in states:
            raise Rejected("research.study_state", _expected(self.state, states))

    def _require_day(self, day: date, today: date, pointer: str, earliest: date) -> None:
        require_come(day, today, pointer)
        require_not_before(earliest, day, pointer)


def _expected(
    state: StudyState | WaveState, states: Iterable[StudyState | WaveState]
) -> dict[str, Any]:
    return {"state": state.value, "expected": [each.value for each in states]}
