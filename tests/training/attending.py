"""Courses under way as tests need them: people enrolled, sessions over, lists marked and settled."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from shared.contracts.access import Role
from shared.contracts.operations import Caller, FeedRequest, Receipt
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import AbsenceReason, GroupLimits, Mark
from shared.kernel.days import POLAND
from tests.driving import caller
from tests.training.conftest import Driven
from tests.training.domain.courses import session, sessions
from tests.training.editions import PARTNER, enrolment, scheduled
from tests.training.registry import Registry

LENGTH: Final = 90
"""Minutes of each of the three sessions of the tests' timetable."""
LAST_DAY: Final = sessions()[-1].day
OTHER_COORDINATOR: Final = caller(Role.COORDINATOR, name="coordinator-2")


def trainer(group: int = 0) -> Caller:
    """Who teaches the sessions of a group."""
    return caller(Role.TRAINER, partner=PARTNER).model_copy(update={"subject": f"trainer-{group}"})


def later(training: Driven, day: date, at: time = time(18)) -> None:
    training.clock[0] = datetime.combine(day, at, POLAND)


def course(
    training: Driven,
    people: Iterable[UUID],
    group: int = 0,
    registry: Registry | None = None,
    **changes: Any,
) -> UUID:
    """An edition that people were enrolled on in time, on the evening of its last session."""
    known = list(people)
    limits = GroupLimits(minimum=1, maximum=30)
    edition = scheduled(training, group, limits=limits, **changes)
    (registry or Registry(training)).admit(*known)
    for each in known:
        training.do(enrolment(edition, each))
    later(training, LAST_DAY)
    return edition


def mark_of(participant: UUID, minutes: int) -> Mark:
    absence = None if minutes else AbsenceReason.ILLNESS
    note = None if minutes else "A cold"
    return Mark(participant_id=participant, minutes=minutes, absence=absence, note=note)


def marking(number: int, minutes: Mapping[UUID, int], group: int = 0) -> commands.MarkAttendance:
    marks = tuple(mark_of(*each) for each in minutes.items())
    return commands.MarkAttendance(session_id=session(number, group=group).id, marks=marks)


def settling(number: int, group: int = 0, on: date = LAST_DAY) -> commands.SettleAttendance:
    return commands.SettleAttendance(session_id=session(number, group=group).id, confirmed_on=on)


def attended(training: Driven, *days: Mapping[UUID, int], group: int = 0) -> None:
    """The lists of the first sessions, marked and settled by their trainer."""
    for number, minutes in enumerate(days):
        training.do(marking(number, minutes, group), by=trainer(group))
        training.do(settling(number, group, training.clock[0].date()), by=trainer(group))


def correct(
    training: Driven, number: int, participant: UUID, minutes: int, approve: bool = True
) -> Receipt:
    """Asked for by the trainer, decided by the coordinator."""
    session_id = session(number).id
    training.do(
        commands.RequestAttendanceCorrection(
            session_id=session_id,
            participant_id=participant,
            minutes=minutes,
            requested_on=training.clock[0].date(),
            reason="The paper list says so",
            source_document="LISTA/7",
        ),
        by=trainer(),
    )
    sheet = training.ask("get_session", views.ById(id=session_id))
    (open_request,) = [each for each in sheet.corrections if each.state == "requested"]
    return training.do(
        commands.DecideAttendanceCorrection(
            session_id=session_id,
            correction_id=open_request.id,
            decided_on=training.clock[0].date(),
            approve=approve,
            justification="Compared with the paper list",
        )
    )


def closing(edition: UUID) -> commands.CloseEdition:
    return commands.CloseEdition(edition_id=edition, closed_on=LAST_DAY)


def published(training: Driven, kind: str) -> list[Any]:
    """The public events of one type, in order."""
    page = training.composition.publication.page(FeedRequest(after=0, limit=500))
    return [each.data for each in page.envelopes if each.type == kind]
