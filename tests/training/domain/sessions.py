"""Sessions, people and facts that the attendance tests share."""

from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from services.training.domain.attendance import AttendanceList
from shared.contracts.training.vocabulary import AbsenceReason, Break, Mark, Session
from shared.kernel.days import POLAND
from shared.testing.scenario import SUBJECT, Fact, fact

EDITION: Final = UUID("00000000-0000-4000-8000-0000000000e1")
ANNA: Final = UUID("00000000-0000-4000-8000-0000000000a1")
JAN: Final = UUID("00000000-0000-4000-8000-0000000000a2")
OLGA: Final = UUID("00000000-0000-4000-8000-0000000000a3")
ROSTER: Final = {ANNA: frozenset({ANNA}), JAN: frozenset({JAN})}
TRAINER: Final = "oidc|trainer-1"
COORDINATOR: Final = "oidc|coordinator-1"

DAY: Final = date(2026, 3, 2)
AFTERWARDS: Final = datetime(2026, 3, 2, 13, 30, tzinfo=POLAND)
SETTLED_ON: Final = date(2026, 3, 3)
REQUESTED_ON: Final = date(2026, 3, 10)
LATER: Final = date(2026, 3, 20)
CORRECTION: Final = UUID("00000000-0000-4000-8000-0000000000c1")

SESSION: Final = Session(
    id=SUBJECT,
    topic="BHP",
    day=DAY,
    starts=time(9),
    ends=time(13, 30),
    breaks=(Break(starts=time(11), ends=time(11, 30)),),
    room="12",
    trainer=TRAINER,
)
"""Four hours net of a break of half an hour."""
FULL: Final = 240

PLANNED: Final = fact(AttendanceList.Planned, date(2026, 1, 5), edition_id=EDITION, session=SESSION)


def present(participant: UUID, minutes: int = FULL) -> Mark:
    return Mark(participant_id=participant, minutes=minutes)


def absent(participant: UUID, reason: AbsenceReason = AbsenceReason.ILLNESS) -> Mark:
    return Mark(participant_id=participant, minutes=0, absence=reason)


def marked(mark: Mark, by: str = TRAINER) -> Fact:
    return fact(AttendanceList.Marked, DAY, marked_by=by, **dict(mark))


HELD: Final = (
    fact(
        AttendanceList.SessionHeld,
        DAY,
        edition_id=EDITION,
        topic="BHP",
        mode=SESSION.mode,
        minutes=FULL,
    ),
    fact(
        AttendanceList.TrainerHoursDelivered,
        DAY,
        edition_id=EDITION,
        trainer=TRAINER,
        contract="U/1/2026",
        starts="09:00",
        ends="13:30",
        minutes=FULL,
    ),
)


def settled(**minutes: int) -> Fact:
    """The list as it was settled, with Anna's and Jan's minutes."""
    people = {"anna": ANNA, "jan": JAN}
    return fact(
        AttendanceList.Settled,
        SETTLED_ON,
        edition_id=EDITION,
        held_on=DAY,
        minutes=FULL,
        marks=tuple((people[name], each) for name, each in minutes.items()),
        settled_by=TRAINER,
    )


SETTLED: Final = (
    PLANNED,
    marked(present(ANNA)),
    marked(absent(JAN)),
    *HELD,
    settled(anna=FULL, jan=0),
)


def requested(minutes: int = 120, before: int = FULL, participant: UUID = ANNA) -> Fact:
    return fact(
        AttendanceList.CorrectionRequested,
        REQUESTED_ON,
        participant_id=participant,
        correction_id=CORRECTION,
        minutes_before=before,
        minutes=minutes,
        requested_by=TRAINER,
        reason="She left at eleven",
        source_document="LISTA/7",
    )


def decision(**changes: Any) -> dict[str, Any]:
    return {
        "correction_id": CORRECTION,
        "decided_on": LATER,
        "approve": True,
        "justification": "The paper list says so",
        "roster": ROSTER,
        "by": COORDINATOR,
        "today": LATER,
    } | changes
