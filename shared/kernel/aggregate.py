"""Event-sourced aggregates on `eventsourcing`, with pydantic models as events.

The library's own events are dataclasses named by import path; ours are validated, frozen, and named
by a `TOPIC` that survives every move of the code. Read an aggregate in this order: events, state,
one-line applies, decisions.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from eventsourcing.utils import register_topic
from pydantic import BaseModel, ConfigDict, PrivateAttr

from shared.kernel.personal import DataClass, SealedBox


class Event(BaseModel):
    """A fact about one aggregate.

    `occurred_on` is the day on which it was true; when it was recorded stands in the commit. The
    aggregate itself is the subject whose keys seal the personal fields, unless `subject` is
    overridden.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    TOPIC: ClassVar[str]
    """Permanent name in the ledger: `service.Aggregate.Event`."""
    class_version: ClassVar[int] = 1
    """Raised with every change of shape, together with a static `upcast_vN_vM(state)`."""
    aggregate_class: ClassVar[type["Aggregate"]]

    originator_id: UUID
    originator_version: int
    occurred_on: date

    _boxes: tuple[SealedBox, ...] = PrivateAttr(default=())

    @property
    def subject(self) -> UUID:
        return self.originator_id

    @property
    def boxes(self) -> tuple[SealedBox, ...]:
        """The sealed boxes this event was recorded with; empty before it was recorded."""
        return self._boxes

    def box(self, data_class: DataClass) -> SealedBox | None:
        """The recorded box of one data class, to travel on sealed."""
        return next((box for box in self._boxes if box.data_class is data_class), None)

    def mutate(self, aggregate: "Aggregate | None") -> "Aggregate":
        """Evolve the aggregate by this event, creating it from the first one.

        Raises `ValueError` when the event is not the next one of this aggregate: the history was
        read wrongly, and going on would hide it.
        """
        evolved = self.aggregate_class(self.originator_id) if aggregate is None else aggregate
        if (self.originator_id, self.originator_version) != (evolved.id, evolved.version + 1):
            raise ValueError(
                f"{self.TOPIC} {self.originator_version} of {self.originator_id} does not follow "
                f"version {evolved.version} of {evolved.id}"
            )
        evolved.apply(self)
        evolved.version = self.originator_version
        return evolved


class AggregateSnapshot(BaseModel, ABC):
    """The state of an aggregate at a version, so that a long history is not read from its beginning.

    It saves time and is never the truth: one that cannot be read is passed over, and the events are
    read instead. It is not sealed, so nothing personal may stand in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    TOPIC: ClassVar[str]
    """`service.Aggregate.Snapshot.vN`: N is raised whenever the fields, or what events mean to the
    state, change; snapshots under another topic are passed over.
    """
    aggregate_class: ClassVar[type["Aggregate"]]

    originator_id: UUID
    originator_version: int

    @classmethod
    def take(cls, aggregate: "Aggregate") -> Self:
        return cls(
            originator_id=aggregate.id,
            originator_version=aggregate.version,
            **cls.state_of(aggregate),
        )

    @classmethod
    @abstractmethod
    def state_of(cls, aggregate: Any) -> Mapping[str, Any]:
        """The values of the snapshot's own fields."""

    @abstractmethod
    def restore(self, aggregate: Any) -> None:
        """Give a new aggregate the state."""

    def mutate(self, _nothing: "Aggregate | None") -> "Aggregate":
        """The aggregate as it was when the snapshot was taken."""
        restored = self.aggregate_class(self.originator_id)
        self.restore(restored)
        restored.version = restored.restored_at = self.originator_version
        return restored


class Aggregate:
    """State rebuilt from events; decisions that record further ones.

    A subclass nests its events, sets its initial state in `__init__`, and declares `apply` as a
    `functools.singledispatchmethod` with one registration per event. Where that fills a file, a
    further subclass makes the decisions; events evolve the most derived class. One whose history
    grows long names its `AggregateSnapshot` as `Snapshot`.
    """

    Snapshot: ClassVar[type[AggregateSnapshot]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for member in [member for owner in cls.__mro__ for member in vars(owner).values()]:
            if isinstance(member, type) and issubclass(member, Event | AggregateSnapshot):
                member.aggregate_class = cls
                register_topic(member.TOPIC, member)

    def __init__(self, aggregate_id: UUID) -> None:
        self._id = aggregate_id
        self.version = 0
        self.restored_at = 0
        """Version of the snapshot after which its events were read; 0: all of them were."""
        self._pending: list[Event] = []

    @property
    def id(self) -> UUID:
        return self._id

    def apply(self, event: Event) -> None:
        """Evolve the state by one event."""
        raise TypeError(f"{type(self).__name__} does not know how to apply {type(event).__name__}")

    def record(self, event_class: type[Event], *, occurred_on: date, **facts: Any) -> None:
        """Record a new fact and evolve by it at once."""
        event = event_class(
            originator_id=self.id,
            originator_version=self.version + 1,
            occurred_on=occurred_on,
            **facts,
        )
        event.mutate(self)
        self._pending.append(event)

    def collect_events(self) -> Sequence[Event]:
        """Hand over the facts recorded since the last call (`CollectEventsProtocol`)."""
        collected, self._pending = self._pending, []
        return collected
