"""The time of sessions: net minutes, and which of them lie over one another.

Times are Poland's local time; a session ends on the day it starts. Intervals are half-open: one that
ends at 10:00 and one that begins at 10:00 do not overlap.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.training.vocabulary import Mode, ProgrammeContent, Session
from shared.kernel.days import POLAND
from shared.kernel.errors import Rejected


class Slot(BaseModel):
    """When a session takes its people and its room."""

    model_config = ConfigDict(frozen=True)

    session_id: UUID
    day: date
    starts: time
    ends: time

    @classmethod
    def of(cls, session: Session) -> Self:
        return cls(session_id=session.id, day=session.day, starts=session.starts, ends=session.ends)

    def overlaps(self, other: "Slot") -> bool:
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


def net_minutes(session: Session) -> int:
    """Of training: the session without its breaks."""
    breaks = sum(_minutes(each.starts, each.ends) for each in session.breaks)
    return _minutes(session.starts, session.ends) - breaks


def planned_minutes(sessions: Iterable[Session]) -> int:
    return sum(map(net_minutes, sessions))


def minutes_by_topic(sessions: Iterable[Session]) -> Mapping[str, int]:
    """Net minutes of each topic that has a session."""
    found: Counter[str] = Counter()
    for session in sessions:
        found[session.topic] += net_minutes(session)
    return found


def ends_at(session: Session) -> datetime:
    """The instant in Poland at which the session is over."""
    return datetime.combine(session.day, session.ends, POLAND)


def overlapping(one: Iterable[Slot], other: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Pairs that overlap, the first of each from `one`."""
    for mine in one:
        for theirs in other:
            if mine.overlaps(theirs):
                yield mine, theirs


def require_sound(sessions: Sequence[Session], content: ProgrammeContent) -> None:
    """Whether a timetable can be held at all; the pointer names the session that cannot."""
    topics = {topic.code for topic in content.topics}
    for index, session in enumerate(sessions):
        pointer = f"/sessions/{index}"
        if session.topic not in topics:
            raise Rejected("training.topic_unknown", {"topics": sorted(topics)}, f"{pointer}/topic")
        if session.mode is Mode.ON_SITE and session.room is None:
            raise Rejected("training.room_missing", pointer=f"{pointer}/room")
        _require_sound_times(session, pointer)


def require_apart(sessions: Sequence[Session], edition_id: UUID) -> None:
    """A group is in one place at a time, and a session stands in its timetable once."""
    for index, session in enumerate(sessions):
        for earlier in sessions[:index]:
            if earlier.id == session.id:
                raise Rejected("training.session_repeated", pointer=f"/sessions/{index}/id")
            if Slot.of(session).overlaps(Slot.of(earlier)):
                raise overlap("edition", edition_id, Slot.of(earlier), f"/sessions/{index}")


def overlap(what: str, edition_id: UUID, other: Slot, pointer: str) -> Rejected:
    """The refusal that names the session which has the time already."""
    return Rejected(
        "training.overlap",
        {"what": what, "edition_id": str(edition_id), **other.model_dump(mode="json")},
        pointer,
    )


def _require_sound_times(session: Session, pointer: str) -> None:
    for place, each in _times(session, pointer):
        if each.second or each.microsecond or each.tzinfo is not None:
            raise Rejected("training.time_not_in_minutes", pointer=place)
    if session.ends <= session.starts:
        raise Rejected("training.ends_before_it_starts", pointer=f"{pointer}/ends")
    edges = [session.starts]
    for index, pause in enumerate(session.breaks):
        edges += [pause.starts, pause.ends]
        if any(a > b for a, b in pairwise(edges)) or pause.ends > session.ends:
            raise Rejected(
                "training.break_misplaced",
                {"starts": session.starts.isoformat(), "ends": session.ends.isoformat()},
                f"{pointer}/breaks/{index}",
            )
    if net_minutes(session) < 1:
        raise Rejected("training.no_training_time", pointer=f"{pointer}/breaks")


def _times(session: Session, pointer: str) -> Iterator[tuple[str, time]]:
    yield f"{pointer}/starts", session.starts
    yield f"{pointer}/ends", session.ends
    for index, pause in enumerate(session.breaks):
        yield f"{pointer}/breaks/{index}/starts", pause.starts
        yield f"{pointer}/breaks/{index}/ends", pause.ends


def _minutes(starts: time, ends: time) -> int:
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
