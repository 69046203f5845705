"""Whatever was recorded wrongly: corrected, it is as if it had been recorded rightly at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import assume, event, settings
from hypothesis import given as over
from hypothesis import strategies as st

from services.registry.domain.countability import gaps_of
from services.registry.domain.participant import Participant
from services.registry.domain.tasks import due_tasks
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    LabourStatus,
    Purpose,
    RecruitmentDecision,
    Situation,
    StepKind,
)
from shared.kernel.days import months_after
from shared.kernel.errors import Rejected
from shared.testing.scenario import SUBJECT
from tests.registry.domain.people import DECIDER, POINTS, RULES, SCORER, TODAY, ZOFIA, dated

FIRST: Final = date(2023, 8, 1)
DAY: Final = timedelta(1)
OF_AGE: Final = FIRST + 6 * DAY
"""The person is too young for support before."""
YOUNG: Final = ZOFIA.model_copy(
    update={
        "identity": ZOFIA.identity.model_copy(update={"pesel": None}),
        "monitoring": ZOFIA.monitoring.model_copy(
            update={"born_on": OF_AGE.replace(year=OF_AGE.year - 18)}
        ),
    }
)
SITUATIONS: Final = st.builds(Situation, labour_status=st.sampled_from(LabourStatus))
EXIT_FACTS: Final = st.fixed_dictionaries(
    {"exit_reason": st.sampled_from(ExitReason), "as_planned": st.booleans()}
)


@dataclass(frozen=True)
class Lived:
    """One step of a life, as a caller tells it."""

    step: StepKind
    on: date
    facts: dict[str, Any]


@st.composite
def lives(draw: st.DrawFn) -> list[Lived]:
    """Up to two stays, broken off anywhere; the days are mostly lawful."""
    life: list[Lived] = []

    def live(step: StepKind, after: date, least: int = 0, most: int = 5, **facts: Any) -> date:
        on = after + draw(st.integers(least, most)) * DAY
        life.append(Lived(step, on, facts))
        return on

    day = live(StepKind.APPLICATION, FIRST)
    consented_on = live(StepKind.CONSENT, day)
    day = live(StepKind.SCORING, day)
    day = live(StepKind.DECISION, day)
    day = live(StepKind.START, max(day, consented_on, OF_AGE))
    for stay in range(2):
        if draw(st.booleans()):
            day = live(StepKind.SUSPENSION, day)
            if draw(st.booleans()):
                day = live(StepKind.RESUMPTION, day)
        day = live(StepKind.EXIT, day, 0, 60, **draw(EXIT_FACTS))
        if draw(st.booleans()):
            live(StepKind.OUTCOME, day, 0, 28, situation=draw(SITUATIONS))
        if draw(st.booleans()):
            live(StepKind.FOLLOW_UP, months_after(day, 6), 0, 28, situation=draw(SITUATIONS))
        if stay == 0:
            day = live(StepKind.RE_ENTRY, day, 1, 60)
    live(StepKind.CONSENT_WITHDRAWAL, consented_on, 0, 90)
    return life[: draw(st.integers(1, len(life)))]


@st.composite
def changes(draw: st.DrawFn, life: list[Lived]) -> dict[int, Lived]:
    """How some of the steps should have been told, by index."""
    chosen = draw(st.lists(st.integers(0, len(life) - 1), min_size=1, max_size=4, unique=True))
    together = st.just(draw(st.integers(-40, 40)))
    return {
        index: replace(
            life[index],
            on=life[index].on + draw(st.one_of(together, st.integers(-8, 8))) * DAY,
            facts=draw(_facts(life[index])),
        )
        for index in chosen
    }


def _facts(lived: Lived) -> st.SearchStrategy[dict[str, Any]]:
    match lived.step:
        case StepKind.EXIT:
            return EXIT_FACTS
        case StepKind.OUTCOME | StepKind.FOLLOW_UP:
            return st.fixed_dictionaries({"situation": SITUATIONS})
        case _:
            return st.just({})


def lived(life: list[Lived]) -> Participant:
    """Raises `Rejected` when the life could not be recorded."""
    participant = Participant(SUBJECT)
    for step in life:
        tell(participant, step)
    return participant


def tell(participant: Participant, lived: Lived) -> None:  # noqa: C901 - one case per step
    on, facts = lived.on, lived.facts
    match lived.step:
        case StepKind.APPLICATION:
            participant.register(
                kind=Kind.DEPENDENT,
                partner="gdansk",
                applied_on=on,
                reference=None,
                personal=YOUNG,
                **dated,
            )
        case StepKind.CONSENT:
            participant.give_consent(
                purpose=Purpose.PARTICIPATION, text_version="1", given_on=on, **dated
            )
        case StepKind.SCORING:
            participant.score_application(scored_on=on, points=POINTS, by=SCORER, **dated)
        case StepKind.DECISION:
            participant.decide_recruitment(
                decided_on=on,
                decision=RecruitmentDecision.ADMIT,
                justification="Lista.",
                by=DECIDER,
                **dated,
            )
        case StepKind.START:
            participant.enrol(started_on=on, support="SZK/1", **dated)
        case StepKind.SUSPENSION:
            participant.suspend(suspended_on=on, reason="Szpital.", today=TODAY)
        case StepKind.RESUMPTION:
            participant.resume(resumed_on=on, today=TODAY)
        case StepKind.EXIT:
            participant.exit(
                exited_on=on,
                reason=facts["exit_reason"],
                as_planned=facts["as_planned"],
                note=None,
                today=TODAY,
            )
        case StepKind.OUTCOME:
            participant.record_outcome(observed_on=on, situation=facts["situation"], **dated)
        case StepKind.FOLLOW_UP:
            participant.record_follow_up(observed_on=on, situation=facts["situation"], **dated)
        case StepKind.RE_ENTRY:
            participant.re_enter(re_entered_on=on, support="SZK/2", today=TODAY)
        case StepKind.CONSENT_WITHDRAWAL:
            participant.withdraw_consent(
                purpose=Purpose.PARTICIPATION, withdrawn_on=on, today=TODAY
            )


def correct(participant: Participant, right: dict[int, Lived]) -> None:
    asked, correction_id = TODAY - DAY, UUID(int=1)
    participant.request_step_correction(
        correction_id=correction_id,
        requested_on=asked,
        steps=tuple(
            RightStep(version=index + 1, occurred_on=step.on, **step.facts)
            for index, step in right.items()
        ),
        reason="Pomyłka.",
        source_document="A/1",
        by=SCORER,
        **dated,
    )
    participant.decide_correction(
        correction_id=correction_id,
        decided_on=asked,
        approve=True,
        justification="Zgodne.",
        by=DECIDER,
        **dated,
    )


def state(participant: Participant) -> dict[str, Any]:
    """All that follows from the steps: not how many events told them, nor the corrections."""
    told = {"_pending", "version", "history", "corrections"}
    known = {name: value for name, value in vars(participant).items() if name not in told}
    gaps = gaps_of(participant, today=TODAY, suspected=False, rules=RULES)
    tasks = due_tasks(participant, gaps, RULES)
    return known | {"personal": vars(known["personal"]), "gaps": gaps, "tasks": tasks}


@settings(max_examples=200)
@over(st.data())
def test_a_corrected_life_is_the_life_told_rightly(data: st.DataObject) -> None:
    """And what could not have been told rightly is refused in the same words, changing nothing."""
    life = data.draw(lives())
    right = data.draw(changes(life))
    rightly = [right.get(index, step) for index, step in enumerate(life)]
    assume(rightly != life)
    participant = lived(life)
    refused = refusal(lambda: lived(rightly))
    assert refusal(lambda: correct(participant, right)) == refused
    event(f"refused: {refused}" if refused else "corrected")
    expected = lived(life if refused else rightly)
    assert state(participant) == state(expected)
    assert participant.history[: len(life)] == expected.history


def refusal(act: Callable[[], object]) -> str | None:
    """The code of the refusal; None when there was none."""
    try:
        act()
    except Rejected as refused:
        return refused.code
    return None
